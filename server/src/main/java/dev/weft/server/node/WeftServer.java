// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.AccessControl;
import dev.weft.access.AccessSettings;
import dev.weft.access.ServiceInstance;
import dev.weft.access.ServiceKey;
import dev.weft.amqp.AmqpDoor;
import dev.weft.amqp.AmqpSettings;
import dev.weft.broker.Administration;
import dev.weft.broker.BrokerLimits;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.Routing;
import dev.weft.journal.JournalEngine;
import dev.weft.journal.JournalSettings;
import dev.weft.journal.RecoveryReport;
import dev.weft.journal.StoreException;
import dev.weft.mqtt.MqttDoor;
import dev.weft.mqtt.MqttSettings;
import dev.weft.queue.QueueName;
import dev.weft.rest.RestDoor;
import dev.weft.rest.RestSettings;
import dev.weft.server.landscape.Landscape;
import dev.weft.server.landscape.LandscapeSchema;
import dev.weft.webhook.QueueSource;
import dev.weft.webhook.WebhookDispatcher;
import dev.weft.webhook.WebhookSettings;
import io.vertx.core.net.NetServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * The rooms put together: one running server. Start and stop block; everything else is safe for any
 * thread.
 */
public final class WeftServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WeftServer.class);

  private final CloseStack opened = new CloseStack();
  private final Settings settings;
  private final InstantSource clock;
  private final SecureRandom random;
  private final DataDirectory data;
  private final @Nullable TlsMaterial tls;
  private final HttpFront front;
  private final JournalEngine engine;
  private final Routing routing;
  private final AccessControl access;
  private final Administration administration;
  private final Systems systems;
  private final FrontDoor frontDoor;
  private final AmqpDoor amqp;
  private final MqttDoor mqtt;
  private final int amqpPort;

  /**
   * What a server needs from outside.
   *
   * @param landscape applied before the server is ready; null for none
   * @param schema made when it is first asked for
   * @param preparation belongs to the server from now on
   */
  public record Inputs(
      Settings settings,
      @Nullable Landscape landscape,
      Supplier<LandscapeSchema> schema,
      Preparation preparation,
      InstantSource clock,
      SecureRandom random) {}

  /**
   * Starts a server and returns when it serves.
   *
   * @throws StartFailure in one sentence with an exit code; everything that was opened is closed
   *     then
   */
  public static WeftServer start(Inputs inputs) throws StartFailure {
    try {
      HttpFront.requireFreePorts(inputs.settings());
      return new WeftServer(inputs);
    } finally {
      inputs.preparation().close();
    }
  }

  private WeftServer(Inputs inputs) throws StartFailure {
    this.settings = inputs.settings();
    this.clock = inputs.clock();
    this.random = inputs.random();
    try {
      this.data = opened.push("data directory", DataDirectory.take(settings.data()));
      // The network starts beside the store; each takes about half of the time.
      CompletableFuture<Listening> listening =
          CompletableFuture.supplyAsync(() -> listen(inputs.preparation()));
      Store store =
          Store.open(
              data,
              JournalSettings.DEFAULT
                  .withPayloadBudgetBytes(settings.payloadMemoryBytes())
                  .withSegmentBytes(settings.segmentBytes()),
              opened,
              clock,
              random);
      this.engine = store.engine();
      Listening network = join(listening);
      this.tls = network.tls();
      this.front = network.front();
      this.access =
          new AccessControl(
              store.catalogue(),
              store.sealer(),
              AccessSettings.of(publicUrl()).withTokenLifetime(settings.tokenLifetime()),
              clock,
              random);
      BrokerLimits limits = limits();
      this.routing = new Routing();
      this.administration =
          new Administration(store.catalogue(), engine, routing, limits, store.sealer());
      administration.start();
      administration.follow(access);
      this.systems = new Systems(store.catalogue());
      this.frontDoor = new FrontDoor(engine, routing, limits, access);
      this.amqp =
          new AmqpDoor(front.vertx(), frontDoor, access, AmqpSettings.DEFAULT, clock, random);
      opened.push("AMQP connections", () -> HttpFront.await(amqp.close()));
      this.mqtt =
          new MqttDoor(
              front.vertx(),
              engine,
              frontDoor,
              administration,
              access,
              MqttSettings.DEFAULT,
              clock,
              random);
      opened.push("MQTT connections", () -> HttpFront.await(mqtt.close()));
      ConnectionQuota quota = new ConnectionQuota(limits);
      this.amqpPort = listenAmqp(quota);
      startWebhooks();
      apply(inputs.landscape());
      openDoors(limits, quota, inputs.schema());
    } catch (StartFailure | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  private record Listening(@Nullable TlsMaterial tls, HttpFront front) {}

  private Listening listen(Preparation preparation) {
    try {
      TlsMaterial material =
          settings.tls()
              ? TlsMaterial.open(data.tls(), TlsMaterial.hosts(settings.publicUrl()), random, clock)
              : null;
      HttpFront listening =
          HttpFront.listen(
              preparation.take(), settings, material, AmqpSettings.DEFAULT.webSocketFrameSizeMax());
      opened.push("port", listening);
      return new Listening(material, listening);
    } catch (IOException | GeneralSecurityException e) {
      throw new CompletionException(
          new StartFailure(
              ExitCode.FAILED,
              "The certificates in "
                  + data.tls()
                  + " cannot be used: "
                  + DataDirectory.reason(e)
                  + ".",
              e));
    } catch (StartFailure e) {
      throw new CompletionException(e);
    }
  }

  private static Listening join(CompletableFuture<Listening> listening) throws StartFailure {
    try {
      return listening.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof StartFailure failure) {
        throw failure;
      }
      throw e;
    }
  }

  private BrokerLimits limits() {
    BrokerLimits standard = BrokerLimits.DEFAULT;
    return new BrokerLimits(
        settings.messageSizeMax(),
        settings.connectionsPerInstance(),
        standard.queuesPerInstance(),
        standard.subscriptionsPerInstance(),
        standard.webhooksPerInstance(),
        standard.directSubscriptionsPerInstance());
  }

  private int listenAmqp(ConnectionQuota quota) throws StartFailure {
    if (settings.amqpPort() == Settings.OFF) {
      return Settings.OFF;
    }
    try {
      NetServerOptions options =
          new NetServerOptions().setPort(settings.amqpPort()).setHost(settings.bind());
      if (tls != null) {
        options.setSsl(true).setKeyCertOptions(tls.keyCertificate());
      }
      return amqp.listenTcp(options, quota)
          .toCompletionStage()
          .toCompletableFuture()
          .join()
          .actualPort();
    } catch (CompletionException e) {
      throw HttpFront.notBound(settings.bind(), settings.amqpPort(), e.getCause());
    }
  }

  private void startWebhooks() {
    WebhookSettings webhooks =
        WebhookSettings.of(URI.create(publicUrl()).getHost())
            .retrying(settings.webhookFirstRetry(), settings.webhookMaxRetry())
            .trusting(tls == null ? List.of() : List.of(tls.ca()));
    WebhookDispatcher dispatcher =
        new WebhookDispatcher(front.vertx(), QueueSource.of(frontDoor, access), webhooks, clock);
    opened.push("webhooks", dispatcher);
    administration.attach(dispatcher);
  }

  private void apply(@Nullable Landscape landscape) throws StartFailure {
    if (landscape == null) {
      return;
    }
    try {
      List<Change> changes =
          new LandscapePlanner(access, administration, systems).plan(landscape, false);
      new LandscapeApplier(access, administration, systems).apply(changes);
      LandscapePlanner.dangling(landscape, access).forEach(LOG::warn);
    } catch (LandscapeApplier.StepFailed e) {
      throw new StartFailure(
          ExitCode.USAGE, "The landscape cannot be applied: " + String.valueOf(e.getMessage()), e);
    }
  }

  private void openDoors(
      BrokerLimits limits, ConnectionQuota quota, Supplier<LandscapeSchema> schema)
      throws StartFailure {
    String token = settings.operatorToken();
    OperatorAccess operator =
        new OperatorAccess(
            settings.scheme() + "://localhost:" + port(),
            token == null ? OperatorAccess.newToken(random) : token,
            caFile());
    Router router = Router.router(front.vertx());
    router.errorHandler(404, unmatched -> Answers.nothingHere(unmatched.response()));
    new RestDoor(
            front.vertx(),
            frontDoor,
            administration,
            access,
            limits,
            quota,
            RestSettings.DEFAULT,
            clock)
        .mount(router);
    Doors doors =
        new Doors(
            new WebSocketGateway(access, quota, "AMQP", amqp::accept),
            new WebSocketGateway(access, quota, "MQTT", mqtt::accept),
            new OperatorApi(
                operator,
                access,
                administration,
                systems,
                engine,
                schema,
                (into, keys) -> Backup.ofRunning(data.paths(), engine, into, keys)),
            router,
            caFile());
    try {
      operator.write(data.operator());
      writeKeys();
    } catch (IOException e) {
      throw new StartFailure(
          ExitCode.FAILED, "The keys cannot be written: " + DataDirectory.reason(e) + ".", e);
    }
    front.open(doors::handle);
    // Pushed last, so done first: new requests wait while the doors behind them close.
    opened.push("doors", front::shut);
  }

  private void writeKeys() throws IOException {
    Path directory = settings.writeKeys();
    if (directory == null) {
      return;
    }
    for (ServiceInstance instance : access.instances()) {
      for (ServiceKey key : access.keys(instance.name())) {
        PrivateFiles.write(
            directory.resolve(instance.name() + "." + key.name() + ".json"),
            JsonMapper.shared()
                    .writerWithDefaultPrettyPrinter()
                    .writeValueAsString(access.keyDocument(instance, key))
                + "\n");
      }
    }
    if (tls != null) {
      PrivateFiles.writeReadable(directory.resolve("ca.pem"), Files.readString(tls.caFile()));
    }
  }

  /** The port that the server listens on. */
  public int port() {
    return front.port();
  }

  /** The port of AMQP over TCP, or {@link Settings#OFF}. */
  public int amqpPort() {
    return amqpPort;
  }

  /** What stands in service keys. */
  public String publicUrl() {
    return settings.publicUrl(front.port());
  }

  /** PEM file of the CA; null without TLS. */
  public @Nullable Path caFile() {
    return tls == null ? null : tls.caFile();
  }

  /** How the store was found. */
  public RecoveryReport recovery() {
    return engine.recovery();
  }

  /** Which queues a message on that topic goes to now. */
  public Set<QueueName> queuesFor(String topic) {
    return routing.queuesFor(topic);
  }

  /** The service key as clients get it. */
  public String keyDocument(String instance, String key) {
    return access.keyDocument(access.instance(instance), access.key(instance, key)).toString();
  }

  /** Hears once if the store fails; the process must end then. */
  public void onStoreFailure(Consumer<StoreException> listener) {
    engine.onFailure(listener);
  }

  /** Stops in order: nothing that was accepted is lost. Idempotent. */
  @Override
  public void close() {
    opened.close();
    LOG.atInfo().log("Stopped");
  }
}
