// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static dev.weft.journal.TestStore.BILLS;
import static dev.weft.journal.TestStore.DEAD;
import static dev.weft.journal.TestStore.ORDERS;
import static dev.weft.journal.TestStore.bytes;
import static dev.weft.journal.TestStore.filled;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.queue.AccessType;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Delivery;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.QueueSettings.OnReject;
import dev.weft.queue.QueueStats;
import dev.weft.queue.RecordingAppend;
import dev.weft.queue.RecordingConsumer;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.CRC32C;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * Stores that a release wrote, with records of every kind, and what a later release has to find in
 * them (T-312). Each lies in the test resources as a zip file beside a text of its queues.
 *
 * @param release that wrote it
 * @param name {@code stopped} or {@code killed}
 */
record GoldenStore(String release, String name) {
  private static final QueueName PACED = new QueueName("acme/shop/one/paced");
  private static final QueueName SETTINGS = new QueueName("acme/shop/one/settings");
  private static final QueueName DELETED = new QueueName("acme/shop/one/deleted");
  private static final QueueName UNDEAD = new QueueName("acme/shop/one/undead");

  @Override
  public String toString() {
    return release + "/" + name;
  }

  /** The files as they were written. */
  FakeDisk disk() throws IOException {
    FakeDisk disk = new FakeDisk();
    try (ZipInputStream zip =
        new ZipInputStream(new ByteArrayInputStream(resource(name + ".zip")))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        disk.put(entry.getName(), zip.readAllBytes());
      }
    }
    return disk;
  }

  /** What {@link #describe} said when it was written. */
  String expected() throws IOException {
    return new String(resource(name + ".txt"), StandardCharsets.UTF_8);
  }

  private byte[] resource(String file) throws IOException {
    String path = "/golden/" + release + "/" + file;
    try (var in = Objects.requireNonNull(GoldenStore.class.getResourceAsStream(path), path)) {
      return in.readAllBytes();
    }
  }

  /** To open the disk a minute later, when short pauses are over and long ones are not. */
  static TestStore reopened(FakeDisk disk) {
    TestStore store = new TestStore();
    store.clock.advance(Duration.ofMinutes(1));
    store.disk = disk;
    return store;
  }

  /** Every queue with its settings and messages. */
  static String describe(TestStore store) {
    StringBuilder text = new StringBuilder();
    store.engine().queues().entrySet().stream()
        .sorted(Comparator.comparing(queue -> queue.getKey().value()))
        .forEach(queue -> describe(store, queue, text));
    return text.toString();
  }

  private static void describe(
      TestStore store, Map.Entry<QueueName, QueueSettings> queue, StringBuilder text) {
    QueueStats stats = store.engine().stats(queue.getKey());
    text.append("queue ").append(queue.getKey());
    text.append(" messages ").append(stats.messages()).append(" bytes ").append(stats.bytes());
    text.append(" delayed ").append(stats.delayedMessages());
    text.append(" dead ").append(stats.deadPendingMessages()).append('\n');
    SettingsCodec.encode(queue.getValue())
        .lines()
        .forEach(line -> text.append("  ").append(line).append('\n'));
    for (BrowsedMessage found : store.browse(queue.getKey())) {
      Message message = found.message();
      CRC32C crc = new CRC32C();
      crc.update(message.encoded());
      text.append(
          "  message %d %s appended %d failed %d acquired %d durable %s priority %d ttl %d size %d crc %08x %s%n"
              .formatted(
                  found.sequence(),
                  found.state(),
                  found.appendedAtMillis(),
                  found.failedCount(),
                  found.acquiredCount(),
                  message.durable(),
                  message.priority(),
                  message.ttlMillis(),
                  message.size(),
                  crc.getValue(),
                  TestStore.text(message)));
    }
  }

  /** Writes both stores of the release that is built here. */
  static void write(Path directory, String release) throws IOException {
    for (String name : List.of("stopped", "killed")) {
      try (TestStore store = new TestStore()) {
        fill(store);
        if (name.equals("killed")) {
          store.kill();
        } else {
          store.stop();
        }
        FakeDisk written = store.disk.copy();
        Path folder = Files.createDirectories(directory.resolve("golden").resolve(release));
        Files.write(folder.resolve(name + ".zip"), zip(written));
        try (TestStore again = reopened(written.copy())) {
          Files.writeString(folder.resolve(name + ".txt"), describe(again));
        }
      }
    }
  }

  private static byte[] zip(FakeDisk disk) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (String name : disk.list()) {
        ZipEntry entry = new ZipEntry(name);
        entry.setTime(0);
        zip.putNextEntry(entry);
        zip.write(disk.content(name));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static void fill(TestStore store) {
    store.declare(ORDERS);
    store.declare(BILLS);
    store.store(ORDERS, "copied forward");
    copyForward(store);
    declareAll(store);
    store.store(ORDERS, "settled", "kept");
    append(store, List.of(ORDERS, BILLS), Message.of(bytes("in two queues")));
    append(store, List.of(BILLS), new Message(false, 9, 3_600_000, bytes("mortal")));
    append(store, List.of(BILLS), Message.of(new byte[0]));
    append(store, List.of(BILLS), Message.of(filled("large", 20_000)));
    store.store(DELETED, "deleted with its queue");
    store.engine().delete(DELETED);
    store.clock.advance(Duration.ofSeconds(1));
    settle(store);
    returnAndHandOut(store);
  }

  private static void declareAll(TestStore store) {
    store.declare(DEAD);
    store.declare(DELETED);
    store.declare(UNDEAD, settings -> settings.onReject(OnReject.DEAD));
    store.declare(
        PACED,
        settings ->
            settings
                .onReject(OnReject.DEAD)
                .deadMessageQueue(DEAD)
                .redelivery(
                    new Redelivery.Paced(
                        Duration.ofMinutes(5), 2, Duration.ofHours(1), Redelivery.Order.PARALLEL)));
    store.declare(
        SETTINGS,
        settings ->
            settings
                .accessType(AccessType.EXCLUSIVE)
                .maxBytes(1_000_000)
                .maxMessages(1_000)
                .maxMessageBytes(10_000)
                .maxUnsettledPerConsumer(17)
                .maxRedeliveries(3)
                .maxTtl(Duration.ofDays(2))
                .respectTtl(true)
                .egressDisabled(true)
                .redelivery(Redelivery.IMMEDIATE));
    store.declare(SETTINGS, settings -> settings.maxRedeliveries(5).ingressDisabled(true));
  }

  private static void append(TestStore store, List<QueueName> queues, Message message) {
    RecordingAppend listener = new RecordingAppend();
    store.engine().append(queues, message, listener);
    listener.awaitStored();
  }

  /** Segments go by until the first one is gone, and its message copied. */
  private static void copyForward(TestStore store) {
    RecordingConsumer consumer = RecordingConsumer.attach(store.engine(), BILLS).grant(10_000);
    for (int i = 0; i < 200; i++) {
      store.append(BILLS, filled("passing", 6_000)).awaitStored();
      consumer.settle(consumer.next(), Settlement.ACCEPTED);
    }
    consumer.close();
    await().untilAsserted(() -> assertThat(store.segments()).hasSizeLessThan(6));
  }

  private static void settle(TestStore store) {
    RecordingConsumer orders = RecordingConsumer.attach(store.engine(), ORDERS).grant(2);
    List<Delivery> two = orders.next(2);
    orders.settle(two.get(1), Settlement.ACCEPTED);
    orders.settle(two.get(0), Settlement.RELEASED);
    orders.close();
    store.store(PACED, "rejected", "returned");
    RecordingConsumer paced = RecordingConsumer.attach(store.engine(), PACED).grant(2);
    paced.settle(paced.next(), new Settlement.Rejected(null));
    paced.settle(paced.next(), new Settlement.Modified(true, false));
    paced.close();
    store.store(UNDEAD, "dead without a place to go");
    RecordingConsumer undead = RecordingConsumer.attach(store.engine(), UNDEAD).grant(1);
    undead.settle(undead.next(), new Settlement.Rejected(null));
    undead.close();
    await()
        .untilAsserted(
            () -> {
              assertThat(store.engine().stats(DEAD).messages()).isEqualTo(1);
              assertThat(store.engine().stats(UNDEAD).deadPendingMessages()).isEqualTo(1);
            });
  }

  /** Some is out at the end: for the first time, and again. */
  private static void returnAndHandOut(TestStore store) {
    store.declare(ORDERS, settings -> settings.redelivery(Redelivery.IMMEDIATE));
    store.store(ORDERS, "again");
    RecordingConsumer orders = RecordingConsumer.attach(store.engine(), ORDERS).grant(3);
    List<Delivery> out = orders.next(3);
    orders.settle(out.getLast(), Settlement.RELEASED);
    orders.grant(1);
    orders.next(1);
    store.store(DEAD, "the end"); // Behind the word of the hand-out.
  }
}
