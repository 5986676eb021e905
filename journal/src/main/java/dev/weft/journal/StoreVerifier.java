// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads a store from end to end without changing anything or needing the lock. */
public final class StoreVerifier {
  /** A server that runs on the store moves its end; damage stays where it is. */
  private static final int READINGS_MAX = 6;

  private final ProgressDisk disk;
  private final Manifest manifest;

  private StoreVerifier(ProgressDisk disk, Manifest manifest) {
    this.disk = disk;
    this.manifest = manifest;
  }

  /**
   * Reads the store in a directory; damage is in the report.
   *
   * @throws StoreException.Corrupt if it can't even be told which store it is
   * @throws StoreException.Unreadable if the directory is no store, a newer release wrote it, it
   *     can't be read, or a server changes it faster than it is read
   */
  public static StoreReport verify(Path directory, StoreProgress progress) {
    try (Disk disk = FileDisk.forReading(directory)) {
      return verify(disk, progress);
    } catch (IOException e) {
      throw new StoreException.Unreadable("Cannot read the store: " + StoreException.why(e), e);
    }
  }

  static StoreReport verify(Disk disk, StoreProgress progress) throws IOException {
    ProgressDisk counted = new ProgressDisk(disk, progress);
    String before = "";
    for (int reading = 0; reading < READINGS_MAX; reading++) {
      try {
        Manifest manifest = Manifest.read(counted);
        if (manifest == null) {
          throw new StoreException.Unreadable("The directory holds no store", null);
        }
        return new StoreVerifier(counted, manifest).read();
      } catch (IOException | StoreException.Corrupt e) {
        String trouble = String.valueOf(e.getMessage());
        if (trouble.equals(before)) {
          if (e instanceof IOException unreadable) {
            throw unreadable;
          }
          counted.expect(segmentBytes(counted));
          return damaged(counted, trouble);
        }
        before = trouble; // May be a server at work: only what is found again is damage.
      }
    }
    throw new StoreException.Unreadable(
        "The store changes while it is read: a server runs on it; verify a backup", null);
  }

  private static long segmentBytes(Disk disk) throws IOException {
    long bytes = 0;
    for (String name : disk.list()) {
      if (SegmentHeader.numberOf(name) != null) {
        try (Disk.File file = disk.openForReading(name)) {
          bytes += file.size();
        }
      }
    }
    return bytes;
  }

  private StoreReport read() throws IOException {
    disk.expect(segmentBytes(disk));
    QueueCensus census = new QueueCensus();
    LogScanner.Result log = new LogScanner(disk, manifest, census, false).scan();
    for (ByteBuffer record : log.unproven()) {
      RecordType type = RecordType.of(RecordFormat.type(record, 0));
      if (type != null) {
        census.record(type, record, 0, Location.of(log.segments().getLast().number, 0));
      }
    }
    long bytes = 0;
    for (Segment segment : log.segments()) {
      bytes += segment.bytes;
      segment.file.close();
    }
    List<StoreReport.Damage> damages = new ArrayList<>();
    for (String contradiction : census.contradictions(firstSegment(log.segments()))) {
      damages.add(new StoreReport.Damage("", 0, 0, 0, 0, List.of(), false, contradiction));
    }
    return new StoreReport(
        manifest.storeId().toString(),
        manifest.epoch(),
        log.segments().size(),
        bytes,
        log.records(),
        census.recordsByType(),
        census.queues(),
        log.clean(),
        log.unproven().size(),
        log.tornBytes(),
        log.tornBytes() == 0 ? "" : log.tornAt(),
        remarks(log.segments()),
        damages);
  }

  private static long firstSegment(List<Segment> segments) {
    return segments.isEmpty() ? 0 : segments.getFirst().number;
  }

  /** Caches and marks: a start makes them again, or goes without. */
  private List<String> remarks(List<Segment> segments) throws IOException {
    List<String> remarks = new ArrayList<>();
    List<String> names = disk.list();
    for (int i = 0; i + 1 < segments.size(); i++) {
      String index = SegmentIndex.fileName(segments.get(i).number);
      if (!names.contains(index)) {
        remarks.add(index + " is missing: the next start reads the segment");
      } else if (!fits(segments.get(i), segments.get(i + 1))) {
        remarks.add(index + " is damaged or stale: the next start reads the segment");
      }
    }
    for (String name : names) {
      Long number = SegmentIndex.numberOf(name);
      if (number != null
          && (segments.isEmpty()
              || number < segments.getFirst().number
              || number > segments.getLast().number)) {
        remarks.add(name + " belongs to no segment: the next start deletes it");
      }
    }
    if (!segments.isEmpty() && !names.contains(HandOutMarks.FILE)) {
      remarks.add(
          HandOutMarks.FILE + " is missing: messages that were delivered come without the mark");
    }
    return remarks;
  }

  private boolean fits(Segment segment, Segment next) throws IOException {
    SegmentHeader header = header(segment);
    SegmentHeader following = header(next);
    return header != null
        && following != null
        && SegmentIndex.Saved.read(
                disk, header, following.firstSequence() - 1, following.previousCrc())
            != null;
  }

  private @Nullable SegmentHeader header(Segment segment) throws IOException {
    ByteBuffer block = ByteBuffer.allocate(SegmentHeader.BYTES);
    try (Disk.File file = disk.openForReading(SegmentHeader.fileName(segment.number))) {
      file.read(block, 0);
    }
    return SegmentHeader.decode(block.flip()) instanceof SegmentHeader.Block.InUse(var header)
        ? header
        : null;
  }

  private static StoreReport damaged(Disk disk, String trouble) throws IOException {
    Findings findings = new Findings();
    Manifest manifest = StoreSurvey.read(disk, findings);
    List<StoreReport.Damage> damages = findings.damages();
    if (damages.isEmpty()) {
      damages = List.of(new StoreReport.Damage("", 0, 0, 0, 0, List.of(), false, trouble));
    }
    return new StoreReport(
        manifest.storeId().toString(),
        manifest.epoch(),
        findings.segments.size(),
        segmentBytes(disk),
        findings.records,
        findings.census.recordsByType(),
        findings.census.queues(),
        false,
        0,
        0,
        "",
        List.of(),
        damages);
  }

  /** What a survey of a damaged store tells. */
  private static final class Findings implements StoreSurvey.Visitor {
    private static final int HOLES_MAX = 1_000;

    /** Bounds the memory; a store with more of them is beyond a list. */
    private record Found(StoreSurvey.Hole hole, boolean indexed, Set<Integer> queues) {}

    final QueueCensus census = new QueueCensus();
    final Set<Long> segments = new TreeSet<>();
    private final List<Found> holes = new ArrayList<>();
    long records;

    @Override
    public void record(@Nullable RecordType type, ByteBuffer buffer, int start, long location) {
      records++;
      segments.add(Location.segment(location));
      if (type == null) {
        return;
      }
      census.record(type, buffer, start, location);
      for (RecordLinks.Link link :
          RecordLinks.links(type, buffer, start + RecordFormat.HEADER_BYTES)) {
        for (Found found : holes) {
          if (!found.indexed() && found.hole().holds(link.sequence())) {
            found.queues().add(link.queue());
          }
        }
      }
    }

    @Override
    public void hole(StoreSurvey.Hole hole, SegmentIndex.@Nullable Saved index) {
      if (holes.size() == HOLES_MAX) {
        return;
      }
      Set<Integer> queues = new TreeSet<>();
      holes.add(new Found(hole, index != null, queues));
      if (index != null) {
        index.replay(
            (type, record, start, location) -> {
              if (hole.holds(RecordFormat.sequence(record, start))) {
                int at = start + RecordFormat.HEADER_BYTES;
                queues.addAll(RecordLinks.queues(type, record, at));
                if (type != RecordType.MESSAGE && type != RecordType.COPIED) {
                  census.record(type, record, start, location);
                }
              }
            });
      }
    }

    List<StoreReport.Damage> damages() {
      return holes.stream().map(this::damage).toList();
    }

    private StoreReport.Damage damage(Found found) {
      StoreSurvey.Hole hole = found.hole();
      return new StoreReport.Damage(
          hole.file(),
          hole.fromOffset(),
          hole.toOffset(),
          hole.firstSequence(),
          hole.lastSequence(),
          found.queues().stream().map(census::name).sorted().toList(),
          found.indexed(),
          hole.reason());
    }
  }
}
