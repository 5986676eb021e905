// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static java.util.Objects.requireNonNull;

import dev.weft.acceptance.wire.Mesh;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallback;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Eclipse Paho for Java, MQTT 3.1.1 over WebSocket with a bearer header. */
class PahoTest extends MqttClientContract {
  @Override
  MqttClient client(Mesh mesh) {
    return new Paho(mesh);
  }

  record Paho(Mesh mesh) implements MqttClient {
    private static final long TIMEOUT_MILLIS = 30_000;

    private interface Work<T> {
      T in(MqttAsyncClient connected, BlockingQueue<Heard> heard, boolean sessionPresent)
          throws Exception;
    }

    private <T> T connected(String clientId, boolean clean, Work<T> work) throws Exception {
      BlockingQueue<Heard> heard = new ArrayBlockingQueue<>(1_000);
      try (MqttAsyncClient client =
          new MqttAsyncClient(mesh.key().mqtt().toString(), clientId, new MemoryPersistence())) {
        client.setCallback(new Listener(heard));
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(clean);
        Properties headers = new Properties();
        headers.setProperty("Authorization", "Bearer " + mesh.token());
        options.setCustomWebSocketHeaders(headers);
        IMqttToken connack = client.connect(options);
        connack.waitForCompletion(TIMEOUT_MILLIS);
        T result = work.in(client, heard, connack.getSessionPresent());
        if (client.isConnected()) {
          client.disconnect().waitForCompletion(TIMEOUT_MILLIS);
        }
        return result;
      }
    }

    private record Listener(BlockingQueue<Heard> heard) implements MqttCallback {
      @Override
      public void messageArrived(String topic, MqttMessage message) {
        heard.add(
            new Heard(
                topic,
                new String(message.getPayload(), StandardCharsets.UTF_8),
                message.getQos(),
                message.isRetained()));
      }

      @Override
      public void connectionLost(Throwable cause) {
        // The one who waits hears it.
      }

      @Override
      public void deliveryComplete(IMqttDeliveryToken token) {
        // The one who waits hears it.
      }
    }

    private static List<Heard> take(BlockingQueue<Heard> heard, int messages) throws Exception {
      List<Heard> taken = new ArrayList<>();
      for (int i = 0; i < messages; i++) {
        taken.add(requireNonNull(heard.poll(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS), "nothing"));
      }
      return taken;
    }

    @Override
    public String publish(String topic, int qos, boolean retain, byte[] body) throws Exception {
      return connected(
          "",
          true,
          (client, heard, present) -> {
            try {
              client.publish(topic, body, qos, retain).waitForCompletion(TIMEOUT_MILLIS);
              return ACKNOWLEDGED;
            } catch (MqttException lost) {
              return client.isConnected() ? lost.toString() : CLOSED;
            }
          });
    }

    @Override
    public int subscribe(String filter, int qos) throws Exception {
      return connected("", true, (client, heard, present) -> subscribe(client, filter, qos));
    }

    private static int subscribe(MqttAsyncClient client, String filter, int qos)
        throws MqttException {
      IMqttToken suback = client.subscribe(filter, qos);
      try {
        suback.waitForCompletion(TIMEOUT_MILLIS);
      } catch (MqttException refused) {
        if (refused.getReasonCode() != MqttException.REASON_CODE_SUBSCRIBE_FAILED) {
          throw refused;
        }
      }
      return suback.getGrantedQos()[0];
    }

    @Override
    public List<Heard> echo(String filter, int qos, String topic, String body, int messages)
        throws Exception {
      return connected(
          "",
          true,
          (client, heard, present) -> {
            subscribe(client, filter, qos);
            client
                .publish(topic, body.getBytes(StandardCharsets.UTF_8), 1, false)
                .waitForCompletion(TIMEOUT_MILLIS);
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
