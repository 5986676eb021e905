// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftServer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A webhook of the landscape file, over HTTPS with basic authentication. */
class WebhookOverTlsTest {
  private static String landscape(String url) {
    return """
        weft: 1
        instances:
          - name: shop
            plan: default
            parameters:
              emname: shop
              namespace: acme/shop/one
              version: "1.1.0"
              options: { management: true, messagingrest: true, messaging: true }
              rules:
                queueRules: { publishFilter: ["${namespace}/*"], subscribeFilter: ["${namespace}/*"] }
                topicRules: { publishFilter: ["${namespace}/*"], subscribeFilter: ["${namespace}/*"] }
            keys: [default]
            queues:
              - name: acme/shop/one/orders
                subscriptions: ["acme/shop/one/created/*"]
            webhooks:
              - name: to-app
                queue: acme/shop/one/orders
                url: %s
                auth: { type: basic, user: app, password: secret }
        """
        .formatted(url);
  }

  @Test
  void aPushReachesAnEndpointWhoseCertificateIsTrusted(@TempDir Path folder) throws Exception {
    TestCertificate certificate = TestCertificate.make(folder);
    try (Receiver receiver = Receiver.https(certificate);
        WeftServer server =
            WeftServer.start(
                folder,
                landscape(receiver.url("/hook")),
                "--port",
                "0",
                "--tls",
                "off",
                "-Djavax.net.ssl.trustStore=" + certificate.store(),
                "-Djavax.net.ssl.trustStorePassword=" + TestCertificate.PASSWORD)) {
      Mesh mesh = server.mesh("shop", "default");

      assertThat(mesh.publishToTopic("acme/shop/one/created/order", "{}").statusCode())
          .isEqualTo(204);

      assertThat(receiver.handshake().header("Authorization")).isEqualTo("Basic YXBwOnNlY3JldA==");
      Receiver.Request push = receiver.push();
      assertThat(push.header("Authorization")).isEqualTo("Basic YXBwOnNlY3JldA==");
      assertThat(push.header("x-address")).isEqualTo("topic:acme/shop/one/created/order");
    }
  }
}
