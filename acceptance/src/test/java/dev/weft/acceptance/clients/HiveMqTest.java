// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static java.util.Objects.requireNonNull;

import com.hivemq.client.mqtt.MqttGlobalPublishFilter;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.MqttClientStateException;
import com.hivemq.client.mqtt.mqtt3.Mqtt3AsyncClient;
import com.hivemq.client.mqtt.mqtt3.exceptions.Mqtt3SubAckException;
import com.hivemq.client.mqtt.mqtt3.message.connect.connack.Mqtt3ConnAck;
import com.hivemq.client.mqtt.mqtt3.message.publish.Mqtt3Publish;
import com.hivemq.client.mqtt.mqtt3.message.subscribe.Mqtt3Subscribe;
import dev.weft.acceptance.wire.Mesh;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** The HiveMQ client, MQTT 3.1.1 over WebSocket with a bearer header. */
class HiveMqTest extends MqttClientContract {
  @Override
  MqttClient client(Mesh mesh) {
    return new HiveMq(mesh);
  }

  private record HiveMq(Mesh mesh) implements MqttClient {
    private static final long TIMEOUT_SECONDS = 30;

    private interface Work<T> {
      T in(Mqtt3AsyncClient connected, BlockingQueue<Heard> heard, boolean sessionPresent)
          throws Exception;
    }

    private <T> T connected(String clientId, boolean clean, Work<T> work) throws Exception {
      URI gateway = mesh.key().mqtt();
      BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(1_000);
      Mqtt3AsyncClient client =
          com.hivemq.client.mqtt.MqttClient.builder()
              .useMqttVersion3()
              .identifier(clientId)
              .serverHost(gateway.getHost())
              .serverPort(gateway.getPort())
              .webSocketConfig()
              .serverPath(gateway.getPath())
              .httpHeaders(Map.of("Authorization", "Bearer " + mesh.token()))
              .applyWebSocketConfig()
              .buildAsync();
      client.publishes(MqttGlobalPublishFilter.ALL, publish -> heard.add(of(publish)));
      Mqtt3ConnAck connack = get(client.connectWith().cleanSession(clean).send());
      try {
        return work.in(client, heard, connack.isSessionPresent());
      } finally {
        if (client.getState().isConnected()) {
          get(client.disconnect());
        }
      }
    }

    private static Heard of(Mqtt3Publish publish) {
      return new Heard(
          publish.getTopic().toString(),
          new String(publish.getPayloadAsBytes(), StandardCharsets.UTF_8),
          publish.getQos().getCode(),
          publish.isRetain());
    }

    private static <T> T get(CompletableFuture<T> future) throws Exception {
      return future.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private static List<Heard> take(BlockingQueue<Heard> heard, int messages) throws Exception {
      List<Heard> taken = new ArrayList<>();
      for (int i = 0; i < messages; i++) {
        taken.add(requireNonNull(heard.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS), "nothing"));
      }
      return taken;
    }

    private static MqttQos qos(int code) {
      return requireNonNull(MqttQos.fromCode(code));
    }

    @Override
    public String publish(String topic, int qos, boolean retain, byte[] body) throws Exception {
      return connected(
          "hive-" + topic.hashCode(),
          true,
          (client, heard, present) -> {
            try {
              get(
                  client
                      .publishWith()
                      .topic(topic)
                      .qos(qos(qos))
                      .retain(retain)
                      .payload(body)
                      .send());
              return ACKNOWLEDGED;
            } catch (ExecutionException | MqttClientStateException lost) {
              return client.getState().isConnected() ? lost.toString() : CLOSED;
            }
          });
    }

    @Override
    public int subscribe(String filter, int qos) throws Exception {
      return connected("", true, (client, heard, present) -> subscribe(client, filter, qos));
    }

    private static int subscribe(Mqtt3AsyncClient client, String filter, int qos) throws Exception {
      try {
        return get(client.subscribe(
                Mqtt3Subscribe.builder().topicFilter(filter).qos(qos(qos)).build()))
            .getReturnCodes()
            .getFirst()
            .getCode();
      } catch (ExecutionException refused) {
        if (refused.getCause() instanceof Mqtt3SubAckException suback) {
          return suback.getMqttMessage().getReturnCodes().getFirst().getCode();
        }
        throw refused;
      }
    }

    @Override
    public List<Heard> echo(String filter, int qos, String topic, String body, int messages)
        throws Exception {
      return connected(
          "",
          true,
          (client, heard, present) -> {
            subscribe(client, filter, qos);
            get(
                client
                    .publishWith()
                    .topic(topic)
                    .qos(MqttQos.AT_LEAST_ONCE)
                    .payload(body.getBytes(StandardCharsets.UTF_8))
                    .send());
            return take(heard, messages);
          });
    }

    @Override
    public void leave(String clientId, String filter) throws Exception {
      connected(clientId, false, (client, heard, present) -> subscribe(client, filter, 1));
    }

    @Override
    public Return comeBack(String clientId, int messages) throws Exception {
      return connected(
          clientId, false, (client, heard, present) -> new Return(present, take(heard, messages)));
    }
  }
}
