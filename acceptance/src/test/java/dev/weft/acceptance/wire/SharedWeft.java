// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives test classes one server for all of them, without TLS and with AMQP over plain TCP besides.
 * Each class makes queues with names of its own.
 */
public final class SharedWeft implements ParameterResolver {
  private static final Namespace NAMESPACE = Namespace.create(SharedWeft.class);

  /** Two instances that may use their own namespaces and the events of one system. */
  public static final String LANDSCAPE =
      """
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
              queueRules:
                publishFilter: ["${namespace}/*"]
                subscribeFilter: ["${namespace}/*"]
              topicRules:
                publishFilter: ["${namespace}/*", "acme/s4/dev/ce/*"]
                subscribeFilter: ["${namespace}/*", "acme/s4/dev/ce/*"]
          keys: [default]
        - name: plant
          plan: default
          parameters:
            emname: plant
            namespace: acme/plant/one
            version: "1.1.0"
            options: { management: true, messagingrest: true, messaging: true }
            rules:
              queueRules:
                publishFilter: ["${namespace}/*"]
                subscribeFilter: ["${namespace}/*"]
              topicRules:
                publishFilter: ["${namespace}/*"]
                subscribeFilter: ["${namespace}/*"]
          keys: [default]
          queues:
            - name: acme/plant/one/orders
      """;

  private record Running(Path folder, WeftServer server) implements AutoCloseable {
    static Running start() {
      try {
        Path folder = Files.createTempDirectory("weft-acceptance-");
        return new Running(
            folder,
            WeftServer.start(folder, LANDSCAPE, "--port", "0", "--tls", "off", "--amqp-port", "0"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == WeftServer.class || type == Mesh.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    WeftServer server =
        context
            .getRoot()
            .getStore(NAMESPACE)
            .computeIfAbsent(Running.class, type -> Running.start(), Running.class)
            .server();
    return parameter.getParameter().getType() == Mesh.class
        ? server.mesh("shop", "default")
        : server;
  }
}
