// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same promises for every MQTT client (wire 5, T-338). */
@ExtendWith(SharedWeft.class)
abstract class MqttClientContract {
  private static final String EVENT = "acme/s4/dev/ce/sap/s4/beh/salesorder/v1/SalesOrder/Changed/";
  private static final String BODY = "{\"SalesOrder\":\"4711\",\"note\":\"Grüße\"}";

  private Mesh mesh;
  private MqttClient client;

  abstract MqttClient client(Mesh mesh) throws Exception;

  @BeforeEach
  void connect(Mesh connected) throws Exception {
    mesh = connected;
    client = client(connected);
  }

  /** A part of names that no other client of the shared server uses. */
  private String own() {
    return getClass().getSimpleName();
  }

  private static byte[] bytes(String body) {
    return body.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aPublishOfQosOneReachesTheQueuesOfItsTopic() throws Exception {
    // Wire 5, 6.1: the bytes are kept, there is no content type, every reader sees the topic.
    String topic = EVENT + own();
    String queue = mesh.declare(mesh.named(own() + "/orders"), "{}", topic);

    assertThat(client.publish(topic, 1, false, bytes(BODY))).isEqualTo(MqttClient.ACKNOWLEDGED);

    HttpResponse<String> consumed = mesh.consume(queue, 0);
    assertThat(consumed.statusCode()).isEqualTo(200);
    assertThat(consumed.body()).isEqualTo(BODY);
    assertThat(consumed.headers().firstValue("x-address")).hasValue("topic:" + topic);
    assertThat(consumed.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
  }

  @Test
  void aMessageComesToItsSubscriberWithTheGrantedQos() throws Exception {
    for (int qos = 0; qos <= 2; qos++) {
      String topic = mesh.named(own() + "/echo/" + qos);

      assertThat(client.echo(mesh.named(own() + "/+/#"), qos, topic, BODY, 1))
          .containsExactly(new MqttClient.Heard(topic, BODY, Math.min(qos, 1), false));
    }
  }

  @Test
  void filtersAreGrantedOrRefused() throws Exception {
    assertThat(client.subscribe(mesh.named(own() + "/x"), 0)).isZero();
    assertThat(client.subscribe(EVENT + "#", 1)).isEqualTo(1);
    assertThat(client.subscribe(EVENT + "+/x", 2)).isEqualTo(1);
    assertThat(client.subscribe("acme/plant/one/#", 1)).isEqualTo(128);
    assertThat(client.subscribe("#", 0)).isEqualTo(128);
  }

  @Test
  void aForbiddenPublishClosesTheConnection() throws Exception {
    assertThat(client.publish("acme/plant/one/" + own(), 1, false, bytes(BODY)))
        .isEqualTo(MqttClient.CLOSED);
  }

  @Test
  void aPublishOfQosTwoClosesTheConnection() throws Exception {
    assertThat(client.publish(mesh.named(own() + "/two"), 2, false, bytes(BODY)))
        .isEqualTo(MqttClient.CLOSED);
  }

  @Test
  void aMessageOverOneMegabyteIsRefusedAndASmallerOneIsTaken() throws Exception {
    // Wire 9.1: 1 MB of the whole message.
    String topic = mesh.named(own() + "/large");

    assertThat(client.publish(topic, 1, false, new byte[999_000]))
        .isEqualTo(MqttClient.ACKNOWLEDGED);
    assertThat(client.publish(topic, 1, false, new byte[1_000_001])).isEqualTo(MqttClient.CLOSED);
  }

  @Test
  void aLargeMessageIsDelivered() throws Exception {
    String topic = mesh.named(own() + "/long");
    String body = "x".repeat(900_000);

    assertThat(client.echo(topic, 1, topic, body, 1))
        .containsExactly(new MqttClient.Heard(topic, body, 1, false));
  }

  @Test
  void aSessionThatStaysGetsWhatItMissed() throws Exception {
    // MQTT-3.1.2-4, -5: durable delivery through a queue, whoever publishes.
    String clientId = own() + " §/1";
    String topic = mesh.named(own() + "/offline");

    client.leave(clientId, mesh.named(own() + "/#"));
    for (int i = 0; i < 3; i++) {
      assertThat(mesh.publishToTopic(topic, "n" + i).statusCode()).isEqualTo(204);
    }
    MqttClient.Return returned = client.comeBack(clientId, 3);

    assertThat(returned.sessionPresent()).isTrue();
    assertThat(returned.heard())
        .containsExactlyElementsOf(
            IntStream.range(0, 3)
                .mapToObj(i -> new MqttClient.Heard(topic, "n" + i, 1, false))
                .toList());
    assertThat(client.comeBack(clientId, 0)).isEqualTo(new MqttClient.Return(true, List.of()));
  }

  @Test
  void aRetainedMessageComesToWhoSubscribesLater() throws Exception {
    // MQTT-3.3.1-5 to -8.
    String topic = mesh.named(own() + "/retained");
    String other = mesh.named(own() + "/other");

    assertThat(client.publish(topic, 1, true, bytes(BODY))).isEqualTo(MqttClient.ACKNOWLEDGED);
    assertThat(client.echo(topic, 1, other, "nobody's", 1))
        .containsExactly(new MqttClient.Heard(topic, BODY, 1, true));
    assertThat(client.publish(topic, 1, true, new byte[0])).isEqualTo(MqttClient.ACKNOWLEDGED);
    assertThat(client.echo(topic, 1, topic, "live", 1))
        .containsExactly(new MqttClient.Heard(topic, "live", 1, false));
  }
}
