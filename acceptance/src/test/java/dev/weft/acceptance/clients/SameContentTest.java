// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.ConnectionOptions;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.Sender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * T-324: the same workload through AMQP, MQTT and REST leaves the same in the queues. What a
 * publisher does not say (message id, creation time) is the door's, and not compared.
 */
@ExtendWith(SharedWeft.class)
class SameContentTest {
  private static final long TIMEOUT_SECONDS = 30;
  private static final List<String> BODIES =
      List.of("{\"n\":0}", "", "Grüße", "\u0000\u0001", "x".repeat(70_000), "last");

  /** All that a consumer can see, the body as hex. */
  private record Seen(
      String to,
      String subject,
      String contentType,
      boolean durable,
      int priority,
      long timeToLive,
      String properties,
      String annotations,
      String body) {}

  private interface Publisher {
    void publish(String topic, String body) throws Exception;
  }

  @Test
  void everyDoorStoresTheSame(Mesh mesh) throws Exception {
    String base = mesh.named("SameContentTest");
    String all = mesh.declare(base + "/all", "{}", base + "/events/*");
    String odd = mesh.declare(base + "/odd", "{}", base + "/events/+/odd");

    List<Seen> throughAmqp = new ArrayList<>();
    List<Seen> throughMqtt = new ArrayList<>();
    List<Seen> throughRest = new ArrayList<>();
    URI gateway = mesh.key().amqp();
    ConnectionOptions options = new ConnectionOptions();
    options
        .transportOptions()
        .useWebSockets(true)
        .webSocketPath(gateway.getPath())
        .addWebSocketHeader("Authorization", "Bearer " + mesh.token())
        .allowNativeIO(false);
    try (Client client = Client.create();
        Connection connection = client.connect(gateway.getHost(), gateway.getPort(), options)) {
      run(base, (topic, body) -> amqp(connection, topic, body));
      throughAmqp.addAll(drain(connection, all, BODIES.size()));
      throughAmqp.addAll(drain(connection, odd, BODIES.size() / 2));
      PahoTest.Paho paho = new PahoTest.Paho(mesh);
      run(
          base,
          (topic, body) ->
              assertThat(paho.publish(topic, 1, false, body.getBytes(StandardCharsets.UTF_8)))
                  .isEqualTo(MqttClient.ACKNOWLEDGED));
      throughMqtt.addAll(drain(connection, all, BODIES.size()));
      throughMqtt.addAll(drain(connection, odd, BODIES.size() / 2));
      run(
          base,
          (topic, body) ->
              assertThat(mesh.publishToTopic(topic, body).statusCode()).isEqualTo(204));
      throughRest.addAll(drain(connection, all, BODIES.size()));
      throughRest.addAll(drain(connection, odd, BODIES.size() / 2));
    }

    assertThat(throughAmqp).hasSize(BODIES.size() + BODIES.size() / 2);
    assertThat(throughMqtt).isEqualTo(throughAmqp);
    assertThat(throughRest).isEqualTo(throughAmqp);
  }

  private static void run(String base, Publisher publisher) throws Exception {
    for (int i = 0; i < BODIES.size(); i++) {
      publisher.publish(base + "/events/" + i + (i % 2 == 0 ? "/even" : "/odd"), BODIES.get(i));
    }
  }

  private static void amqp(Connection connection, String topic, String body) throws Exception {
    try (Sender sender = connection.openSender("topic:" + topic)) {
      Message<byte[]> message = Message.create(body.getBytes(StandardCharsets.UTF_8));
      sender
          .send(message.durable(true).to("topic:" + topic))
          .awaitAccepted(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static List<Seen> drain(Connection connection, String queue, int messages)
      throws Exception {
    List<Seen> seen = new ArrayList<>();
    try (Receiver receiver = connection.openReceiver("queue:" + queue)) {
      for (int i = 0; i < messages; i++) {
        Delivery delivery =
            requireNonNull(receiver.receive(TIMEOUT_SECONDS, TimeUnit.SECONDS), "no delivery");
        seen.add(seen(delivery));
        delivery.accept();
      }
    }
    return seen;
  }

  private static Seen seen(Delivery delivery) throws Exception {
    Message<byte[]> message = delivery.message();
    TreeMap<String, Object> properties = new TreeMap<>();
    message.forEachProperty(properties::put);
    TreeMap<String, Object> annotations = new TreeMap<>();
    message.forEachAnnotation(annotations::put);
    byte[] body = message.body();
    return new Seen(
        message.to(),
        message.subject(),
        String.valueOf(message.contentType()),
        message.durable(),
        message.priority(),
        message.timeToLive(),
        properties.toString(),
        annotations.toString(),
        body == null ? "" : HexFormat.of().formatHex(body));
  }
}
