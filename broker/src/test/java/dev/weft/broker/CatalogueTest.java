// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static dev.weft.broker.MeshUnderTest.queue;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.weft.access.ServiceInstance;
import dev.weft.access.ServiceKey;
import dev.weft.access.TokenRequest;
import dev.weft.access.TokenResult;
import dev.weft.queue.MeshException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** D5. */
class CatalogueTest {
  @TempDir Path directory;

  private void sql(String statement) throws SQLException {
    try (var connection =
            DriverManager.getConnection("jdbc:h2:file:" + directory.resolve("catalogue"));
        var running = connection.createStatement()) {
      running.execute(statement);
    }
  }

  private CatalogueException.Reason reasonOfFailure() {
    try {
      Catalogue.open(directory).close();
    } catch (CatalogueException failure) {
      return failure.reason();
    }
    throw new AssertionError("it opened");
  }

  @Test
  void theVersionInCodeIsTheNewestMigration() throws IOException, URISyntaxException {
    // Flyway runs only when they differ: a migration without the number would never run.
    Path migrations =
        Path.of(Objects.requireNonNull(Catalogue.class.getResource("/db/migration")).toURI());
    try (var files = Files.list(migrations)) {
      assertThat(
              files
                  .mapToInt(
                      file ->
                          Integer.parseInt(file.getFileName().toString().replaceAll("^V|__.*", "")))
                  .max())
          .hasValue(Schema.VERSION);
    }
  }

  @Test
  void aCatalogueOfANewerWeftIsRefused() throws SQLException {
    Catalogue.open(directory).close();
    sql("update \"flyway_schema_history\" set \"version\" = '99' where \"version\" = '1'");
    assertThat(reasonOfFailure()).isEqualTo(CatalogueException.Reason.NEWER_VERSION);
  }

  @Test
  void aDamagedCatalogueIsRefused() throws IOException {
    Catalogue.open(directory).close();
    Files.write(directory.resolve("catalogue.mv.db"), new byte[20_000]);
    assertThat(reasonOfFailure()).isEqualTo(CatalogueException.Reason.DAMAGED);
  }

  @Test
  void aDirectoryThatCannotBeIsRefused() throws IOException {
    Files.writeString(directory.resolve("file"), "in the way");
    assertThatThrownBy(() -> Catalogue.open(directory.resolve("file")))
        .isInstanceOf(CatalogueException.class);
  }

  @Test
  void anotherProcessHasTheCatalogueOpen() throws Exception {
    // Within one process H2 shares; only another one shows the lock.
    try (Catalogue ours = Catalogue.open(directory)) {
      assertThat(ours.instances()).isEmpty();
      Process other =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  OpensTheCatalogue.class.getName(),
                  directory.toString())
              .redirectErrorStream(true)
              .start();
      String said = new String(other.getInputStream().readAllBytes(), UTF_8);
      assertThat(other.waitFor()).as(said).isZero();
      assertThat(said).contains("refused: IN_USE");
    }
  }

  /** The other process. */
  static final class OpensTheCatalogue {
    private OpensTheCatalogue() {}

    public static void main(String[] arguments) {
      try {
        Catalogue.open(Path.of(arguments[0])).close();
        System.out.println("opened");
      } catch (CatalogueException failure) {
        System.out.println("refused: " + failure.reason());
      }
    }
  }

  @Test
  void aClosedCatalogueIsNobodysFaultAtTheDoor() {
    Catalogue catalogue = Catalogue.open(directory);
    catalogue.close();
    catalogue.close();
    assertThatThrownBy(catalogue::instances).isInstanceOf(MeshException.EngineUnavailable.class);
    assertThatThrownBy(() -> catalogue.deleteSigningKey("x"))
        .isInstanceOf(MeshException.EngineUnavailable.class);
  }

  /**
   * Goal: no secret is at rest in clear, nor in a log. Method: plant canaries everywhere a secret
   * can come from, use them, change and delete some, then look for them in every byte of every file
   * and in every log line at debug level.
   */
  @Test
  void noCanaryIsAnywhereInTheDataDirectoryOrTheLogs() throws IOException {
    var log = new ListAppender<ILoggingEvent>();
    var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Level before = root.getLevel();
    root.setLevel(Level.DEBUG);
    log.start();
    root.addAppender(log);
    List<String> canaries =
        new ArrayList<>(List.of("canary-given-4711", "canary-hook-4712", "canary-basic-4713"));
    try (MeshUnderTest mesh = MeshUnderTest.open(directory)) {
      ServiceInstance shop = mesh.instance("shop", "acme/shop/one");
      ServiceKey given = mesh.access.createKey("shop", "given", "canary-given-4711");
      ServiceKey generated = mesh.access.createKey("shop", "generated", null);
      canaries.add(generated.clientSecret());
      canaries.add(token(mesh, given));
      canaries.add(token(mesh, generated));
      mesh.administration.putQueue(shop, queue("acme/shop/one/q"), QueueAttributes.NONE);
      mesh.administration.createWebhook(shop, hook(shop, "oauth2"));
      mesh.administration.createWebhook(shop, hook(shop, "basic"));
      mesh.administration.setWebhookPaused(shop, "basic", true);
      mesh.administration.deleteWebhook(shop, "oauth2");
      mesh.access.deleteKey("shop", "generated");
      assertThatThrownBy(() -> mesh.access.authenticate(given.clientId(), "canary-given-4711x"))
          .hasMessageNotContaining("canary");
    } finally {
      root.detachAppender(log);
      root.setLevel(before);
    }

    int files = 0;
    try (var paths = Files.walk(directory)) {
      for (Path file : paths.filter(Files::isRegularFile).toList()) {
        files++;
        String content = new String(Files.readAllBytes(file), ISO_8859_1);
        String wide = content.replace("\u0000", "");
        for (String canary : canaries) {
          assertThat(content.contains(canary) || wide.contains(canary))
              .as(file + ": " + canary)
              .isFalse();
        }
      }
    }
    assertThat(files).isGreaterThanOrEqualTo(2);
    assertThat(log.list).isNotEmpty();
    for (ILoggingEvent event : log.list) {
      String line = event.getFormattedMessage() + event.getKeyValuePairs();
      assertThat(canaries).noneMatch(line::contains);
    }
  }

  private static String token(MeshUnderTest mesh, ServiceKey key) {
    String pair = key.clientId() + ":" + key.clientSecret();
    TokenResult result =
        mesh.access.grant(
            new TokenRequest(
                "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8)),
                "grant_type=client_credentials",
                null,
                null));
    return ((TokenResult.Granted) result).accessToken();
  }

  private static WebhookSubscription hook(ServiceInstance shop, String type) {
    return WebhookSubscription.parse(
        shop.id(),
        JsonValues.JSON.readTree(
            """
            {"name":"%1$s","address":"queue:acme/shop/one/q","own":{"password":"canary-hook-4712"},
             "pushConfig":{"endpoint":"https://x.example/","securitySchema":{"type":"%1$s",
               "clientId":"c","clientSecret":"canary-hook-4712","tokenUrl":"https://x.example/t",
               "user":"u","password":"canary-basic-4713"}}}
            """
                .formatted(type)));
  }
}
