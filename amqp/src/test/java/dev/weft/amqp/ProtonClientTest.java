// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.QueueSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.ConnectionOptions;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.DeliveryMode;
import org.apache.qpid.protonj2.client.DeliveryState;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.apache.qpid.protonj2.client.Sender;
import org.apache.qpid.protonj2.client.Tracker;
import org.apache.qpid.protonj2.client.exceptions.ClientException;
import org.apache.qpid.protonj2.client.exceptions.ClientLinkRemotelyClosedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real client: protonj2's, over WebSocket. */
class ProtonClientTest {
  private static final String ORDERS = "queue:" + DoorUnderTest.ORDERS;

  @TempDir Path directory;
  private DoorUnderTest mesh;
  private Client client;
  private Connection connection;

  @BeforeEach
  void open() throws ClientException {
    mesh = DoorUnderTest.open(directory);
    client = Client.create();
    var options = new ConnectionOptions();
    options.transportOptions().useWebSockets(true).webSocketPath(AmqpDoor.PATH);
    connection = client.connect("localhost", mesh.port, options);
  }

  @AfterEach
  void close() {
    client.close();
    mesh.close();
  }

  private static String text(Delivery delivery) throws ClientException {
    return new String((byte[]) delivery.message().body(), StandardCharsets.UTF_8);
  }

  private static Message<byte[]> message(String text) throws ClientException {
    return Message.create(text.getBytes(StandardCharsets.UTF_8)).durable(true);
  }

  @Test
  void thousandsOfMessagesArriveInOrder() throws Exception {
    int count = 5_000;
    Sender sender = connection.openSender(DoorUnderTest.TOPIC);
    Receiver receiver =
        connection.openReceiver(ORDERS, new ReceiverOptions().creditWindow(100).autoAccept(true));
    Tracker last = sender.send(message("m0"));
    for (int i = 1; i < count; i++) {
      last = sender.send(message("m" + i));
    }
    last.settlementFuture().get(20, TimeUnit.SECONDS);
    assertThat(last.remoteState()).isEqualTo(DeliveryState.accepted());
    for (int i = 0; i < count; i++) {
      Delivery delivery = receiver.receive(10, TimeUnit.SECONDS);
      assertThat(delivery).as("message " + i).isNotNull();
      assertThat(text(delivery)).isEqualTo("m" + i);
    }
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  @Test
  void propertiesComeBack() throws Exception {
    Sender sender = connection.openAnonymousSender();
    Message<byte[]> message =
        message("{}")
            .to(DoorUnderTest.TOPIC)
            .contentType("application/json")
            .correlationId("c-1")
            .subject("replaced")
            .property("k", "v");
    sender.send(message).awaitAccepted();
    Receiver receiver = connection.openReceiver(ORDERS);
    Message<byte[]> received = receiver.receive(10, TimeUnit.SECONDS).message();
    assertThat(received.to()).isEqualTo(DoorUnderTest.TOPIC);
    assertThat(received.subject()).isEqualTo("acme/shop/one/x");
    assertThat(received.contentType()).isEqualTo("application/json");
    assertThat(received.correlationId()).isEqualTo("c-1");
    assertThat(received.property("k")).isEqualTo("v");
    assertThat(received.durable()).isTrue();
    assertThat(received.messageId()).isNotNull();
  }

  @Test
  void megabyteArrivesIntact() throws Exception {
    byte[] body = new byte[990_000];
    new Random(7).nextBytes(body);
    Sender sender = connection.openSender(DoorUnderTest.TOPIC);
    sender.send(Message.create(body)).awaitAccepted();
    Receiver receiver = connection.openReceiver(ORDERS);
    Message<byte[]> received = receiver.receive(10, TimeUnit.SECONDS).message();
    assertThat(received.body()).isEqualTo(body);
  }

  @Test
  void forbiddenAndUnknownAreToldApart() throws Exception {
    Sender sender = connection.openAnonymousSender();
    Tracker forbidden = sender.send(message("x").to("topic:other/shop/one/x"));
    forbidden.settlementFuture().get(10, TimeUnit.SECONDS);
    assertThat(forbidden.remoteState().getType()).isEqualTo(DeliveryState.Type.REJECTED);
    Receiver unknown = connection.openReceiver("queue:acme/shop/one/none");
    assertThatThrownBy(() -> unknown.openFuture().get(10, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ClientLinkRemotelyClosedException.class)
        .hasMessageContaining("amqp:not-found");
  }

  @Test
  void drainReturns() throws Exception {
    mesh.publish("one");
    Receiver receiver = connection.openReceiver(ORDERS, new ReceiverOptions().creditWindow(0));
    receiver.addCredit(10);
    assertThat(receiver.receive(10, TimeUnit.SECONDS)).isNotNull();
    receiver.drain().get(10, TimeUnit.SECONDS);
    assertThat(receiver.tryReceive()).isNull();
  }

  @Test
  void atMostOnceNeedsNoOutcome() throws Exception {
    mesh.publish("one");
    Receiver receiver =
        connection.openReceiver(
            ORDERS, new ReceiverOptions().deliveryMode(DeliveryMode.AT_MOST_ONCE));
    assertThat(receiver.receive(10, TimeUnit.SECONDS).remoteSettled()).isTrue();
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  @Test
  void outcomesOfTheClientReachTheQueue() throws Exception {
    mesh.queue(DoorUnderTest.ORDERS, QueueSettings.DEFAULT);
    mesh.publish("a");
    Receiver receiver =
        connection.openReceiver(ORDERS, new ReceiverOptions().autoAccept(false).creditWindow(1));
    receiver.receive(10, TimeUnit.SECONDS).reject("amqp:internal-error", "no");
    receiver.receive(10, TimeUnit.SECONDS).release();
    receiver.receive(10, TimeUnit.SECONDS).modified(true, false);
    Delivery fourth = receiver.receive(10, TimeUnit.SECONDS);
    assertThat(fourth.message().deliveryCount()).isEqualTo(3);
    fourth.accept();
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  @Test
  void competingConsumersShareTheMessages() throws Exception {
    for (int i = 0; i < 100; i++) {
      mesh.publish("m" + i);
    }
    List<String> seen = new ArrayList<>();
    List<Receiver> receivers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      receivers.add(
          connection.openSession().openReceiver(ORDERS, new ReceiverOptions().creditWindow(5)));
    }
    while (seen.size() < 100) {
      for (Receiver receiver : receivers) {
        Delivery delivery = receiver.tryReceive();
        if (delivery != null) {
          seen.add(text(delivery));
        }
      }
    }
    assertThat(seen).doesNotHaveDuplicates().hasSize(100);
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }
}
