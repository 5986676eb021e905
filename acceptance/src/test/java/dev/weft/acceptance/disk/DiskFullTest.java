// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.disk.LoopFileSystem.Kind;
import dev.weft.acceptance.wire.AmqpConnections;
import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.DeliveryState;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.apache.qpid.protonj2.client.Rejected;
import org.apache.qpid.protonj2.client.Sender;
import org.apache.qpid.protonj2.client.SenderOptions;
import org.apache.qpid.protonj2.client.Tracker;
import org.apache.qpid.protonj2.client.exceptions.ClientException;
import org.apache.qpid.protonj2.client.exceptions.ClientSendTimedOutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * T-314, T-305 for real: publishers fill a small file system until they are refused, consumers
 * drain it, and the server takes messages again without a restart. {@code -Dweft.full.rounds=10}
 * does it that often, {@value #ROUNDS_PER_BUILD} time in every build.
 */
class DiskFullTest {
  private static final int ROUNDS_PER_BUILD = 1;
  private static final long DISK_BYTES = 128L << 20;
  private static final int BODY_BYTES = 50_000;
  private static final int WINDOW = 16;
  private static final int MESSAGES_MAX = (int) (2 * DISK_BYTES / BODY_BYTES);
  private static final long ANSWER_SECONDS = 30;
  private static final long ROOM_SECONDS = 60;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private record Sent(int number, Tracker tracker) {}

  /**
   * What publishers were told.
   *
   * @param accepted numbers in the order of sending
   * @param refusal condition and description of the first refusal
   */
  private record Filled(List<Integer> accepted, String refusal) {}

  //
  @Test
  void publishersAreRefusedConsumersDrainAndTheServerRecoversWithoutARestart() throws Exception {
    LoopFileSystem.require(Kind.EXT4);
    int rounds = Integer.getInteger("weft.full.rounds", ROUNDS_PER_BUILD);
    try (LoopFileSystem disk = LoopFileSystem.make(folder, Kind.EXT4, DISK_BYTES);
        Client client = Client.create()) {
      WeftServer.writeLandscape(disk.root(), SharedWeft.LANDSCAPE);
      String[] options = {"--port", "0", "--tls", "off", "--segment-mib", "4"};
      Path log = folder.resolve("server.log");
      try (WeftServer server = WeftServer.startLogging(disk.root(), log, options)) {
        Mesh mesh = server.mesh("shop", "default");
        String queue = mesh.declare(mesh.named("orders"), "{}", mesh.named("orders/created"));
        for (int round = 0; round < rounds; round++) {
          fillAndDrain(mesh, client, queue, round);
        }
        assertThat(server.stop()).isZero();
      }
      try (WeftServer again = WeftServer.startLogging(disk.root(), log, options)) {
        Mesh mesh = again.mesh("shop", "default");
        assertThat(mesh.messageCount(mesh.named("orders"))).isZero();
      }
    }
  }

  private static void fillAndDrain(Mesh mesh, Client client, String queue, int round)
      throws ClientException {
    String topic = mesh.named("orders/created");
    try (Connection connection = AmqpConnections.open(client, mesh)) {
      Filled filled = fill(connection, topic);
      assertThat(filled.refusal).startsWith("amqp:resource-limit-exceeded");
      assertThat(filled.refusal).as("says which limit").contains("Storage is full");
      assertRestIsRefused(mesh.publishToTopic(topic, "one more"));
      assertThat(mesh.messageCount(queue)).isEqualTo(filled.accepted.size());
      assertThat(mesh.putQueue(mesh.named("made-when-full-" + round), "{}").statusCode())
          .as("administration goes on")
          .isEqualTo(201);

      // The connection that was refused as a publisher goes on as a consumer.
      assertThat(drain(connection, queue, filled.accepted.size())).isEqualTo(filled.accepted);

      awaitRoom(mesh, topic);
      publishOnce(connection, topic);
    }
    assertThat(mesh.messageCount(queue)).isEqualTo(2);
    assertThat(mesh.consume(queue, 0).statusCode()).isEqualTo(200);
    assertThat(mesh.consume(queue, 0).statusCode()).isEqualTo(200);
  }

  /** Publishes until a refusal, then some more, which are refused or wait for credit. */
  private static Filled fill(Connection connection, String topic) throws ClientException {
    List<Integer> accepted = new ArrayList<>();
    List<String> refusals = new ArrayList<>();
    ArrayDeque<Sent> onTheWay = new ArrayDeque<>();
    try (Sender sender =
        connection.openSender("topic:" + topic, new SenderOptions().sendTimeout(10_000))) {
      int left = WINDOW;
      boolean credit = true;
      for (int number = 0; left > 0 && credit; number++) {
        assertThat(number).as("messages that fit a disk of that size").isLessThan(MESSAGES_MAX);
        credit = send(sender, topic, number, onTheWay);
        if (onTheWay.size() >= WINDOW) {
          conclude(onTheWay.remove(), accepted, refusals);
        }
        left -= refusals.isEmpty() ? 0 : 1;
      }
      while (!onTheWay.isEmpty()) {
        conclude(onTheWay.remove(), accepted, refusals);
      }
    }
    assertThat(refusals).as("credit ends after a refusal only").isNotEmpty();
    return new Filled(accepted, refusals.getFirst());
  }

  /** False when there is no credit. */
  private static boolean send(Sender sender, String topic, int number, ArrayDeque<Sent> onTheWay)
      throws ClientException {
    try {
      onTheWay.add(new Sent(number, sender.send(message(topic, number))));
      return true;
    } catch (ClientSendTimedOutException noCredit) {
      return false;
    }
  }

  private static void conclude(Sent sent, List<Integer> accepted, List<String> refusals)
      throws ClientException {
    sent.tracker.awaitSettlement(ANSWER_SECONDS, TimeUnit.SECONDS);
    DeliveryState state = sent.tracker.remoteState();
    if (state != null && state.isAccepted()) {
      accepted.add(sent.number);
    } else if (state instanceof Rejected rejected) {
      refusals.add(rejected.getCondition() + " " + rejected.getDescription());
    } else {
      refusals.add(String.valueOf(state));
    }
  }

  private static Message<byte[]> message(String topic, int number) throws ClientException {
    byte[] body = new byte[BODY_BYTES];
    byte[] name = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, body, 0, name.length);
    return Message.create(body).durable(true).to("topic:" + topic);
  }

  private static void assertRestIsRefused(HttpResponse<String> answer) {
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("Retry-After"))
        .hasValueSatisfying(seconds -> assertThat(Integer.parseInt(seconds)).isPositive());
    assertThat(answer.body()).as("says which limit").contains("Storage is full");
  }

  /** Takes that many; their numbers in the order of delivery. */
  private static List<Integer> drain(Connection connection, String queue, int count)
      throws ClientException {
    List<Integer> numbers = new ArrayList<>();
    ReceiverOptions options = new ReceiverOptions().autoAccept(false).creditWindow(50);
    try (Receiver receiver = connection.openReceiver("queue:" + queue, options)) {
      while (numbers.size() < count) {
        Delivery delivery = receiver.receive(ANSWER_SECONDS, TimeUnit.SECONDS);
        assertThat(delivery).as("delivery after " + numbers.size() + " of " + count).isNotNull();
        Message<byte[]> message = delivery.message();
        String text = new String(message.body(), StandardCharsets.US_ASCII);
        numbers.add(Integer.parseInt(text.substring(0, text.indexOf(0))));
        delivery.accept();
      }
    }
    return numbers;
  }

  private static void awaitRoom(Mesh mesh, String topic) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ROOM_SECONDS);
    HttpResponse<String> answer = mesh.publishToTopic(topic, "after");
    while (answer.statusCode() == 503 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      answer = mesh.publishToTopic(topic, "after");
    }
    assertThat(answer.statusCode()).as("accepted again after the drain").isEqualTo(204);
  }

  private static void publishOnce(Connection connection, String topic) throws ClientException {
    try (Sender sender = connection.openSender("topic:" + topic)) {
      Tracker tracker = sender.send(message(topic, 0));
      tracker.awaitSettlement(ANSWER_SECONDS, TimeUnit.SECONDS);
      assertThat(tracker.remoteState().isAccepted()).isTrue();
    }
  }
}
