// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Reads a store from end to end without changing anything or needing the lock. */
public final class StoreVerifier {
  /**
   * @param recordsByType how many of each kind
   * @param segments in use
   * @param clean the engine had stopped in order
   * @param unproven records behind the last that is proven to be forced
   * @param tornBytes of an unfinished write at the end
   */
  public record Report(
      Map<String, Long> recordsByType,
      int segments,
      long records,
      boolean clean,
      int unproven,
      long tornBytes,
      String tornAt) {}

  private StoreVerifier() {}

  /**
   * @throws StoreException.Corrupt with the place of the damage
   * @throws StoreException.Unreadable if the directory is no store or can't be read
   */
  public static Report verify(Path directory) {
    try (Disk disk = FileDisk.forReading(directory)) {
      return verify(disk);
    } catch (IOException e) {
      throw new StoreException.Unreadable("Cannot read the store: " + StoreException.why(e), e);
    }
  }

  static Report verify(Disk disk) throws IOException {
    Manifest manifest = Manifest.read(disk);
    if (manifest == null) {
      throw new StoreException.Unreadable("The directory holds no store", null);
    }
    Counter counter = new Counter();
    LogScanner.Result log = new LogScanner(disk, manifest, counter, false).scan();
    for (ByteBuffer record : log.unproven()) {
      RecordType type = RecordType.of(RecordFormat.type(record, 0));
      if (type != null) {
        counter.count(type);
      }
    }
    for (Segment segment : log.segments()) {
      segment.file.close();
    }
    Map<String, Long> byType = new TreeMap<>();
    counter.counts.forEach((type, count) -> byType.put(type.name(), count));
    return new Report(
        Collections.unmodifiableMap(byType),
        log.segments().size(),
        log.records(),
        log.clean(),
        log.unproven().size(),
        log.tornBytes(),
        log.tornBytes() == 0 ? "" : log.tornAt());
  }

  private static final class Counter implements LogScanner.Visitor {
    final Map<RecordType, Long> counts = new EnumMap<>(RecordType.class);

    @Override
    public void record(RecordType type, ByteBuffer buffer, int start, long location) {
      count(type);
    }

    void count(RecordType type) {
      counts.merge(type, 1L, Long::sum);
    }
  }
}
