// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static java.util.Objects.requireNonNull;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftServer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.ConnectionOptions;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.DeliveryState;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.apache.qpid.protonj2.client.Rejected;
import org.apache.qpid.protonj2.client.Tracker;
import org.apache.qpid.protonj2.client.exceptions.ClientException;
import org.apache.qpid.protonj2.client.exceptions.ClientResourceRemotelyClosedException;

/** The ProtonJ2 client over WebSocket. */
class ProtonClientTest extends ForeignClientContract {
  @Override
  ForeignClient client(WeftServer server, Mesh mesh) {
    return new ProtonClient(mesh);
  }

  private record ProtonClient(Mesh mesh) implements ForeignClient {
    private static final long TIMEOUT_SECONDS = 30;

    private interface Work<T> {
      T in(Connection connection) throws Exception;
    }

    private <T> T connected(Work<T> work) throws Exception {
      URI gateway = mesh.key().amqp();
      var options = new ConnectionOptions();
      options
          .transportOptions()
          .useWebSockets(true)
          .webSocketPath(gateway.getPath())
          .addWebSocketHeader("Authorization", "Bearer " + mesh.token())
          .allowNativeIO(false);
      try (Client client = Client.create();
          Connection connection = client.connect(gateway.getHost(), gateway.getPort(), options)) {
        connection.openFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return work.in(connection);
      }
    }

    @Override
    public List<Attempt> rejectOnce(String topic, String queue, String body) throws Exception {
      return connected(
          connection -> {
            Receiver receiver =
                connection.openReceiver(
                    "queue:" + queue, new ReceiverOptions().autoAccept(false).creditWindow(1));
            String outcome = send(connection, topic, body.getBytes(StandardCharsets.UTF_8));
            if (!outcome.equals(ACCEPTED)) {
              throw new IllegalStateException(outcome);
            }
            List<Attempt> attempts = new ArrayList<>();
            Delivery first = receive(receiver, attempts);
            first.reject("amqp:internal-error", "processing failed");
            Delivery second = receive(receiver, attempts);
            second.accept();
            return attempts;
          });
    }

    private static Delivery receive(Receiver receiver, List<Attempt> attempts)
        throws ClientException {
      Delivery delivery =
          requireNonNull(receiver.receive(TIMEOUT_SECONDS, TimeUnit.SECONDS), "no delivery");
      Message<byte[]> message = delivery.message();
      attempts.add(
          new Attempt(
              (int) message.deliveryCount(),
              new String(message.body(), StandardCharsets.UTF_8),
              message.to(),
              message.subject()));
      return delivery;
    }

    private static String send(Connection connection, String topic, byte[] body)
        throws ClientException {
      Tracker tracker =
          connection
              .openSender("topic:" + topic)
              .send(
                  Message.create(body)
                      .durable(true)
                      .to("topic:" + topic)
                      .contentType("application/json"));
      tracker.awaitSettlement(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      DeliveryState state = tracker.remoteState();
      if (state instanceof Rejected rejected) {
        return String.valueOf(rejected.getCondition());
      }
      return state != null && state.isAccepted() ? ACCEPTED : String.valueOf(state);
    }

    @Override
    public String publish(String topic, int bytes) throws Exception {
      return connected(connection -> send(connection, topic, new byte[bytes]));
    }

    @Override
    public String consume(String queue) throws Exception {
      return connected(
          connection -> {
            try {
              connection
                  .openReceiver("queue:" + queue)
                  .openFuture()
                  .get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
              return ATTACHED;
            } catch (ExecutionException refusal) {
              return refusal.getCause() instanceof ClientResourceRemotelyClosedException closed
                      && closed.getErrorCondition() != null
                  ? closed.getErrorCondition().condition()
                  : refusal.toString();
            }
          });
    }
  }
}
