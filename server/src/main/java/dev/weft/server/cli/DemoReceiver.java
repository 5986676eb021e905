// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.weft.server.node.CertificateAuthority;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * The HTTPS endpoint that the demo's webhook pushes to: agrees to the handshake, takes the first
 * message and answers it. Stands for somebody else's application, so it uses nothing of the mesh
 * but a certificate. Each request runs on a virtual thread.
 */
final class DemoReceiver implements AutoCloseable {
  /** A push as it arrived. */
  record Push(long nanoTime, String queue, String address, String contentType, byte[] body) {}

  private final HttpsServer server;
  private final ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor();
  private final CompletableFuture<Push> first = new CompletableFuture<>();
  private final String authorization;

  DemoReceiver(CertificateAuthority.Issued certificate, String authorization)
      throws IOException, GeneralSecurityException {
    this.authorization = authorization;
    this.server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(certificate)));
    server.setExecutor(requests);
    server.createContext("/orders", this::answer);
    server.start();
  }

  private static SSLContext context(CertificateAuthority.Issued certificate)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] none = new char[0];
    store.setKeyEntry(
        "receiver", certificate.key(), none, certificate.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, none);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      var headers = exchange.getRequestHeaders();
      if (!authorization.equals(headers.getFirst("Authorization"))) {
        exchange.sendResponseHeaders(401, -1);
      } else if (exchange.getRequestMethod().equals("OPTIONS")) {
        exchange
            .getResponseHeaders()
            .set("WebHook-Allowed-Origin", headers.getFirst("WebHook-Request-Origin"));
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, -1);
        first.complete(
            new Push(
                System.nanoTime(),
                String.valueOf(headers.getFirst("x-queue")),
                String.valueOf(headers.getFirst("x-address")),
                String.valueOf(headers.getFirst("Content-Type")),
                body));
      }
    }
  }

  String url() {
    return "https://localhost:" + server.getAddress().getPort() + "/orders";
  }

  /** Completes with the first message. */
  CompletableFuture<Push> first() {
    return first;
  }

  @Override
  public void close() {
    server.stop(0);
    requests.shutdownNow();
  }
}
