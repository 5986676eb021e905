// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.disk.LoopFileSystem.Kind;
import dev.weft.acceptance.wire.AmqpConnections;
import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T-310 for what is no message: the power goes right after an answer. */
class LostPowerTest {
  private static final long DISK_BYTES = 1L << 30;
  private static final long TIMEOUT_SECONDS = 30;

  /** How far deliveries went is forced once a second. */
  private static final long FORCED_MILLIS = 2_500;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  @SuppressWarnings("NullAway.Init") // Each test begins with startFirst().
  private LoopFileSystem disk;

  @SuppressWarnings("NullAway.Init")
  private WeftServer server;

  private void start(String tls, int port) {
    String[] options = {"--port", Integer.toString(port), "--tls", tls, "--segment-mib", "4"};
    server = WeftServer.startLogging(disk.root(), folder.resolve("server.log"), options);
  }

  private void startFirst(Kind kind, String tls, int port) {
    LoopFileSystem.require(kind);
    disk = LoopFileSystem.make(folder, kind, DISK_BYTES);
    WeftServer.writeLandscape(disk.root(), SharedWeft.LANDSCAPE);
    start(tls, port);
  }

  private void losePower() {
    disk.losePower();
    server.kill();
    disk.restorePower();
  }

  @AfterEach
  void unmount() {
    if (server != null) {
      server.kill();
    }
    if (disk != null) {
      disk.close();
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  // success of the management API is a promise as well
  @ParameterizedTest
  @EnumSource
  void whatWasAnsweredWithSuccessIsThere(Kind kind) throws IOException {
    int port = freePort();
    startFirst(kind, "on", port);
    String authority = Files.readString(server.caFile());
    Mesh before = server.mesh("shop", "default");
    String gone = before.declare(before.named("gone"), "{}");
    String topic = before.named("orders/created");
    String queue = before.declare(before.named("orders"), "{\"maxRedeliveryCount\":7}", topic);
    assertThat(before.publishToTopic(topic, "one").statusCode()).isEqualTo(204);
    assertThat(before.publishToTopic(topic, "two").statusCode()).isEqualTo(204);
    assertThat(before.management("DELETE", "/queues/" + Mesh.encoded(gone), "").statusCode())
        .isEqualTo(204);

    losePower();

    start("on", port);
    assertThat(Files.readString(server.caFile())).as("the authority").isEqualTo(authority);
    Mesh after = server.mesh("shop", "default");
    assertThat(after.key()).isEqualTo(before.key());
    assertThat(before.queue(queue).statusCode()).as("a token of before").isEqualTo(200);
    assertThat(after.queue(gone).statusCode()).as("a deleted queue").isEqualTo(404);
    assertThat(Mesh.json(after.queue(queue)).path("maxRedeliveryCount").asInt()).isEqualTo(7);
    assertThat(after.subscriptions(queue)).containsExactly(topic);
    assertThat(after.consume(queue, 0).body()).isEqualTo("one");
    assertThat(after.consume(queue, 0).body()).isEqualTo("two");
    assertThat(after.messageCount(queue)).isZero();
  }

  // only deliveries of the last moment may be forgotten
  @Test
  void deliveriesOfSomeSecondsAgoAreRemembered() throws Exception {
    startFirst(Kind.EXT4, "off", 0);
    Mesh before = server.mesh("shop", "default");
    String queue = before.declare(before.named("orders"), "{\"redelivery\":\"immediate\"}");
    for (int i = 0; i < 3; i++) {
      assertThat(before.publishToQueue(queue, "message " + i).statusCode()).isEqualTo(204);
    }
    try (Client client = Client.create()) {
      Connection connection = AmqpConnections.open(client, before);
      Receiver receiver = openReceiver(connection, queue);
      for (int i = 0; i < 3; i++) {
        assertThat(receive(receiver).firstAcquirer()).isTrue();
      }
      assertThat(new CountDownLatch(1).await(FORCED_MILLIS, TimeUnit.MILLISECONDS)).isFalse();

      losePower();

      start("off", 0);
      try (Connection again = AmqpConnections.open(client, server.mesh("shop", "default"))) {
        Receiver second = openReceiver(again, queue);
        for (int i = 0; i < 3; i++) {
          Message<byte[]> message = receive(second);
          assertThat(message.firstAcquirer()).as("message %s for the first time", i).isFalse();
          assertThat(message.deliveryCount()).isEqualTo(1);
        }
      }
    }
  }

  private static Receiver openReceiver(Connection connection, String queue) throws Exception {
    ReceiverOptions options = new ReceiverOptions().autoAccept(false).creditWindow(10);
    return connection.openReceiver("queue:" + queue, options);
  }

  private static Message<byte[]> receive(Receiver receiver) throws Exception {
    Delivery delivery = receiver.receive(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    assertThat(delivery).isNotNull();
    return delivery.message();
  }
}
