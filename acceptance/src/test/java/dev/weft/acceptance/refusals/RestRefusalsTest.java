// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the HTTP doors refuse, with the status and the code that clients decide by. */
@ExtendWith(SharedWeft.class)
class RestRefusalsTest {
  private static final String FOREIGN_TOPIC = "acme/plant/one/started";
  private static final String FOREIGN_QUEUE = "acme/plant/one/orders";
  private static final int ONE_MEGABYTE = 1_000_000;

  /** Wire 6.3: the JSON shape, and a content type without parameters (rule 3). */
  private static void assertRefused(HttpResponse<String> answer, int status, String code) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(Mesh.json(answer).path("error").path("code").asString()).isEqualTo(code);
    assertThat(Mesh.json(answer).path("error").path("message").asString()).isNotBlank();
  }

  @Test
  void aForeignTopicIsForbidden(Mesh mesh) {
    assertRefused(mesh.publishToTopic(FOREIGN_TOPIC, "{}"), 403, "FORBIDDEN");
  }

  @Test
  void aForeignQueueIsForbidden(Mesh mesh) {
    assertRefused(mesh.publishToQueue(FOREIGN_QUEUE, "{}"), 403, "FORBIDDEN");
    assertRefused(mesh.consume(FOREIGN_QUEUE, 0), 403, "FORBIDDEN");
    assertThat(mesh.putQueue(FOREIGN_QUEUE, "{}").statusCode()).isEqualTo(403);
  }

  @Test
  void aForeignTopicCannotBeSubscribed(Mesh mesh) {
    String queue = mesh.declare(mesh.named("refusals/subscriber"), "{}");

    assertThat(mesh.putSubscription(queue, "acme/plant/one/*").statusCode()).isEqualTo(403);
    assertThat(mesh.subscriptions(queue)).isEmpty();
  }

  @Test
  void anUnknownQueueIsNotFound(Mesh mesh) {
    String nowhere = mesh.named("refusals/nowhere");

    assertRefused(mesh.publishToQueue(nowhere, "{}"), 404, "NOT_FOUND");
    assertThat(mesh.publishToQueue(nowhere, "{}").body()).contains("Queue does not exist");
    assertRefused(mesh.consume(nowhere, 0), 404, "NOT_FOUND");
    assertThat(mesh.queue(nowhere).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "percent%25", "double//slash", "umläut"})
  void aBadNameIsABadRequest(String last, Mesh mesh) {
    assertThat(mesh.putQueue(mesh.named(last), "{}").statusCode()).isEqualTo(400);
    assertThat(mesh.publishToTopic(mesh.named(last), "{}").statusCode()).isEqualTo(400);
  }

  @Test
  void aMissingQualityOfServiceIsABadRequest(Mesh mesh) {
    HttpResponse<String> answer =
        mesh.messaging(
            "POST",
            "/topics/" + Mesh.encoded(mesh.named("topic")) + "/messages",
            Map.of("x-qos", "2"),
            "{}");

    assertRefused(answer, 400, "BAD_REQUEST");
    assertThat(answer.body()).contains("x-qos is invalid");
  }

  @Test
  void aMessageOverOneMegabyteIsTooLarge(Mesh mesh) {
    // Limit of the whole message, wire 9.1.
    String queue = mesh.declare(mesh.named("refusals/large"), "{}", mesh.named("refusals/large"));
    String tooLarge = "x".repeat(ONE_MEGABYTE + 1);

    assertRefused(mesh.publishToTopic(queue, tooLarge), 413, "PAYLOAD_TOO_LARGE");
    assertRefused(mesh.publishToQueue(queue, tooLarge), 413, "PAYLOAD_TOO_LARGE");
    assertThat(mesh.messageCount(queue)).isZero();

    assertThat(mesh.publishToTopic(queue, "x".repeat(ONE_MEGABYTE - 1_000)).statusCode())
        .isEqualTo(204);
    assertThat(mesh.messageCount(queue)).isEqualTo(1);
  }

  @Test
  void anUnknownDeadMessageQueueIsABadRequest(Mesh mesh) {
    // Wire 8.2.
    String attributes = "{\"deadMsgQueue\":\"" + mesh.named("refusals/no-dmq") + "\"}";

    assertThat(mesh.putQueue(mesh.named("refusals/dmq"), attributes).statusCode()).isEqualTo(400);
    assertThat(mesh.queue(mesh.named("refusals/dmq")).statusCode()).isEqualTo(404);
  }
}
