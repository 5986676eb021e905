// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.broker.WebhookAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** T-374: who is trusted, and under which name. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
  private static final String PASSWORD = "changeit";

  private Path store;
  private X509Certificate certificate;

  /** The JDK has no API that makes a certificate, but a tool. */
  @BeforeAll
  void makeCertificate(@TempDir Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    store = folder.resolve("sink.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "sink",
                "-keyalg",
                "EC",
                "-dname",
                "CN=sink",
                "-ext",
                "san=ip:127.0.0.1",
                "-validity",
                "36500",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    certificate = (X509Certificate) keys.getCertificate("sink");
  }

  private HttpServer tlsSink(WebhookFixture fixture) {
    return fixture
        .vertx
        .createHttpServer(
            new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(
                    new PfxOptions().setPath(store.toString()).setPassword(PASSWORD)))
        .requestHandler(request -> request.response().end())
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .join();
  }

  private void push(WebhookFixture fixture, String host) {
    int port = tlsSink(fixture).actualPort();
    fixture.dispatcher.changed(
        fixture.subscription(1, WebhookAuth.NONE, true, "https://" + host + ":" + port + "/"));
    fixture.publish(1);
  }

  private WebhookSettings trusting() {
    return WebhookSettings.of(WebhookFixture.ORIGIN).trusting(List.of(certificate));
  }

  @Test
  void anAuthorityOfOurOwnIsTrusted() {
    try (WebhookFixture fixture = new WebhookFixture(trusting())) {
      push(fixture, "127.0.0.1");

      fixture.awaitEmptyQueue();
    }
  }

  @Test
  void anUnknownAuthorityIsNot() {
    try (WebhookFixture fixture = new WebhookFixture()) {
      push(fixture, "127.0.0.1");

      assertThat(fixture.awaitStatus(status -> status.nextAttempt() != null).lastFailureReason())
          .isEqualTo("TLS certificate not trusted");
    }
  }

  @Test
  void aCertificateForAnotherNameIsRefused() {
    try (WebhookFixture fixture = new WebhookFixture(trusting())) {
      push(fixture, "localhost");

      assertThat(fixture.awaitStatus(status -> status.nextAttempt() != null).lastFailureReason())
          .isEqualTo("TLS certificate for another name");
    }
  }
}
