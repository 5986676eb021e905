// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Handshake and push with the headers of wire 7.2 and 7.3. */
@ExtendWith(SharedWeft.class)
class WebhookPushTest {
  private static final String BODY = "{\"SalesOrder\":\"4711\"}";

  private static HttpResponse<String> create(
      Mesh mesh, String queue, String endpoint, String security) {
    return mesh.messaging(
        "POST",
        "/subscriptions",
        Map.of("Content-Type", "application/json"),
        """
        {"name":"%1$s","address":"queue:%1$s","qos":1,
         "pushConfig":{"type":"webhook","endpoint":"%2$s","exemptHandshake":false,
           "defaultContentType":"application/json"%3$s}}
        """
            .formatted(queue, endpoint, security));
  }

  @Test
  void aHandshakeComesFirstAndThenThePushWithTopicAndQueue(Mesh mesh) throws Exception {
    String topic = mesh.named("webhooks/created");
    String queue = mesh.declare(mesh.named("webhooks/orders"), "{}", topic);
    try (Receiver receiver = Receiver.http()) {
      // CAP's endpoint carries the queue's name unencoded, and it must arrive so.
      String target = "/messaging/enterprise-messaging?q=" + queue;
      assertThat(create(mesh, queue, receiver.url(target), "").statusCode()).isEqualTo(201);
      Receiver.Request handshake = receiver.handshake();
      assertThat(handshake.target()).isEqualTo(target);
      assertThat(handshake.header("WebHook-Request-Origin")).isNotBlank();

      assertThat(mesh.publishToTopic(topic, BODY).statusCode()).isEqualTo(204);

      Receiver.Request push = receiver.push();
      assertThat(push.method()).isEqualTo("POST");
      assertThat(push.target()).isEqualTo(target);
      assertThat(push.body()).isEqualTo(BODY);
      assertThat(push.header("x-address")).isEqualTo("topic:" + topic);
      assertThat(push.header("x-queue")).isEqualTo(queue);
      assertThat(push.header("x-qos")).isEqualTo("1");
      assertThat(push.header("x-message-id")).isNotBlank();
      assertThat(push.headers()).doesNotContainKey("Authorization");
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(mesh.messageCount(queue)).isZero());
    } finally {
      delete(mesh, queue);
    }
  }

  @Test
  void aMessageForTheQueueItselfHasNoAddress(Mesh mesh) throws Exception {
    String queue = mesh.declare(mesh.named("webhooks/direct"), "{}");
    try (Receiver receiver = Receiver.http()) {
      assertThat(create(mesh, queue, receiver.url("/hook"), "").statusCode()).isEqualTo(201);

      mesh.publishToQueue(queue, BODY);

      Receiver.Request push = receiver.push();
      assertThat(push.headers()).doesNotContainKey("X-address");
      assertThat(push.header("x-queue")).isEqualTo(queue);
      assertThat(push.header("Content-Type")).isEqualTo("application/json");
    } finally {
      delete(mesh, queue);
    }
  }

  @Test
  void aPushThatFailsOnceIsRepeatedWithTheSameId(Mesh mesh) throws Exception {
    // R-115; the growing wait starts at about a second.
    String queue = mesh.declare(mesh.named("webhooks/retry"), "{}");
    try (Receiver receiver = Receiver.http()) {
      receiver.failNext(1);
      assertThat(create(mesh, queue, receiver.url("/hook"), "").statusCode()).isEqualTo(201);

      mesh.publishToQueue(queue, BODY);

      Receiver.Request first = receiver.push();
      Receiver.Request second = receiver.push();
      assertThat(second.header("x-message-id")).isEqualTo(first.header("x-message-id"));
      assertThat(second.body()).isEqualTo(BODY);
    } finally {
      delete(mesh, queue);
    }
  }

  @Test
  void anOAuthWebhookFetchesItsTokenFirst(Mesh mesh) throws Exception {
    // In CAP the token endpoint of the webhook is that of the service key, so ours (wire 3.6).
    String queue = mesh.declare(mesh.named("webhooks/oauth"), "{}");
    String security =
        """
        ,"securitySchema":{"type":"oauth2","grantType":"client_credentials",
          "clientId":"%s","clientSecret":"%s","tokenUrl":"%s"}
        """
            .formatted(
                mesh.key().clientId(), mesh.key().clientSecret(), mesh.key().tokenEndpoint());
    try (Receiver receiver = Receiver.http()) {
      HttpResponse<String> created = create(mesh, queue, receiver.url("/hook"), security);
      assertThat(created.statusCode()).isEqualTo(201);
      assertThat(created.body()).doesNotContain(mesh.key().clientSecret());

      mesh.publishToQueue(queue, BODY);

      assertThat(receiver.handshake().header("Authorization")).startsWith("Bearer ey");
      assertThat(receiver.push().header("Authorization")).startsWith("Bearer ey");
    } finally {
      delete(mesh, queue);
    }
  }

  private static void delete(Mesh mesh, String name) throws IOException {
    HttpResponse<String> answer =
        mesh.messaging("DELETE", "/subscriptions/" + Mesh.encoded(name), Map.of(), "");
    if (answer.statusCode() != 204) {
      throw new IOException("DELETE " + name + ": " + answer.statusCode());
    }
  }
}
