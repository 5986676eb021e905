// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same promises for every client: publish, route, reject, redeliver, refuse. */
@ExtendWith(SharedWeft.class)
abstract class ForeignClientContract {
  private static final String EVENT =
      "acme/s4/dev/ce/sap/s4/beh/salesorder/v1/SalesOrder/Changed/v1/";
  private static final String BODY = "{\"SalesOrder\":\"4711\",\"note\":\"Grüße\"}";
  private static final int ONE_MEGABYTE = 1_000_000;

  private Mesh mesh;
  private ForeignClient client;

  abstract ForeignClient client(WeftServer server, Mesh mesh) throws Exception;

  @BeforeEach
  void connect(WeftServer server, Mesh connected) throws Exception {
    mesh = connected;
    client = client(server, connected);
  }

  /** A part of names that no other client of the shared server uses. */
  private String own() {
    return getClass().getSimpleName();
  }

  @Test
  void aRejectedMessageComesBackWithItsCount() throws Exception {
    // Wire 4.8, 4.10, rule 18: to and subject name the topic; a reject counts one attempt.
    String topic = EVENT + own();
    String queue = mesh.declare(mesh.named(own() + "/orders"), "{}", topic);

    List<ForeignClient.Attempt> attempts = client.rejectOnce(topic, queue, BODY);

    assertThat(attempts).extracting(ForeignClient.Attempt::deliveryCount).containsExactly(0, 1);
    assertThat(attempts)
        .allSatisfy(
            attempt -> {
              assertThat(attempt.body()).isEqualTo(BODY);
              assertThat(attempt.to()).isEqualTo("topic:" + topic);
              assertThat(attempt.subject()).isIn(topic, null);
            });
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(() -> assertThat(mesh.messageCount(queue)).isZero());
  }

  @Test
  void aForeignTopicIsNotAllowed() throws Exception {
    // Rule 20: CAP gives up on exactly this condition.
    assertThat(client.publish("acme/plant/one/" + own(), 10)).isEqualTo("amqp:not-allowed");
  }

  @Test
  void anUnknownQueueIsNotFound() throws Exception {
    assertThat(client.consume(mesh.named(own() + "/nowhere"))).isEqualTo("amqp:not-found");
  }

  @Test
  void aMessageOverOneMegabyteIsRefusedAndASmallerOneIsTaken() throws Exception {
    // Wire 4.7: message size, 1 MB of the whole message.
    String topic = mesh.named(own() + "/large");

    assertThat(client.publish(topic, ONE_MEGABYTE + 1))
        .isEqualTo("amqp:link:message-size-exceeded");
    assertThat(client.publish(topic, ONE_MEGABYTE - 1_000)).isEqualTo(ForeignClient.ACCEPTED);
  }
}
