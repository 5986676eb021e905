// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.FakeClock;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.RecordingAppend;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A store on a disk in memory with one engine at a time, and the ways to end it. Small segments, so
 * that the log goes over to new ones and gives up old ones within a test.
 */
public final class TestStore implements AutoCloseable {
  public static final QueueName ORDERS = new QueueName("acme/shop/one/orders");
  public static final QueueName BILLS = new QueueName("acme/shop/one/bills");
  public static final QueueName DEAD = new QueueName("acme/shop/one/dead");
  public static final int SEGMENT_BYTES = 64 * 1024;

  public static final JournalSettings SETTINGS =
      new JournalSettings(
          SEGMENT_BYTES,
          16 * 1024,
          Duration.ZERO,
          64,
          Duration.ofMillis(1),
          16 * 1024,
          1_000,
          4L * 1024 * 1024,
          1,
          Retention.NONE);

  public final FakeClock clock = new FakeClock();
  public JournalSettings settings = SETTINGS;
  public FakeDisk disk = new FakeDisk();
  private @Nullable JournalEngine engine;

  /** The engine, opened when there is none. */
  public JournalEngine engine() {
    JournalEngine running = engine;
    if (running == null) {
      running = JournalEngine.open(disk, settings, clock, RandomGenerator.getDefault());
      engine = running;
    }
    return running;
  }

  /** Stops in order; the next {@link #engine()} opens the store again. */
  public void stop() {
    JournalEngine running = engine;
    engine = null;
    if (running != null) {
      running.close();
    }
  }

  /** Kills the process at this moment. */
  public void kill() {
    disk = disk.afterKill();
    stop();
  }

  /** Cuts the power at this moment. */
  public void losePower(RandomGenerator random) {
    disk = disk.afterPowerLoss(random);
    stop();
  }

  @Override
  public void close() {
    stop();
  }

  public void declare(QueueName queue, UnaryOperator<QueueSettings.Builder> change) {
    engine().declare(queue, change.apply(QueueSettings.DEFAULT.toBuilder()).build());
  }

  public void declare(QueueName queue) {
    declare(queue, same -> same);
  }

  public RecordingAppend append(QueueName queue, byte[] body) {
    RecordingAppend listener = new RecordingAppend();
    engine().append(List.of(queue), Message.of(body), listener);
    return listener;
  }

  public RecordingAppend append(QueueName queue, String body) {
    return append(queue, bytes(body));
  }

  /** Appends and waits until all are stored. */
  public void store(QueueName queue, String... bodies) {
    List<RecordingAppend> appends = new ArrayList<>();
    for (String body : bodies) {
      appends.add(append(queue, body));
    }
    appends.forEach(RecordingAppend::awaitStored);
  }

  public List<BrowsedMessage> browse(QueueName queue) {
    return engine().browse(queue, 0, 10_000);
  }

  /** Bodies of what is in the queue, without what fills them up. */
  public List<String> texts(QueueName queue) {
    return browse(queue).stream().map(found -> text(found.message())).toList();
  }

  public static String text(Message message) {
    return new String(message.encoded(), StandardCharsets.UTF_8).stripTrailing();
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** That text, filled up to a length. */
  public static byte[] filled(String text, int length) {
    byte[] body = new byte[length];
    Arrays.fill(body, (byte) ' ');
    System.arraycopy(bytes(text), 0, body, 0, text.length());
    return body;
  }

  /** Segment files that hold a part of the log, oldest first. */
  public List<String> segments() {
    return segments(disk);
  }

  static List<String> segments(FakeDisk disk) {
    return disk.list().stream()
        .filter(name -> SegmentHeader.numberOf(name) != null)
        .filter(
            name ->
                SegmentHeader.decode(ByteBuffer.wrap(disk.content(name), 0, SegmentHeader.BYTES))
                    instanceof SegmentHeader.Block.InUse)
        .toList();
  }
}
