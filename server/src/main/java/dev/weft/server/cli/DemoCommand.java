// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.producer.CatalogueEvent;
import dev.weft.producer.Channel;
import dev.weft.producer.ChannelFailure;
import dev.weft.producer.CloudEvent;
import dev.weft.producer.EventCatalogue;
import dev.weft.producer.EventIds;
import dev.weft.producer.GatewayConnection;
import dev.weft.producer.ServiceKeyDocument;
import dev.weft.producer.Trust;
import dev.weft.server.node.ExitCode;
import dev.weft.server.node.Preparation;
import dev.weft.server.node.StartFailure;
import dev.weft.server.node.WeftServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.apache.qpid.protonj2.client.exceptions.ClientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The main scenario as a story. Everything that is told was measured in this run: the producer, the
 * consumer and the webhook's receiver talk to the server over its port like strangers.
 */
@Command(
    name = "demo",
    description = "One S/4HANA event on its way to an AMQP consumer and to a webhook.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private final Supplier<Preparation> preparation;

  private static final String EVENT = "sap.s4.beh.salesorder.v1.SalesOrder.Created.v1";
  private static final String SYSTEM = "S4DCLNT100";
  private static final String QUEUE = "acme/shop/one/orders";
  private static final long PATIENCE_SECONDS = 20;

  @Spec private CommandSpec spec;

  @Option(names = "--keep", description = "Stay up afterwards and print the address")
  private boolean keep;

  DemoCommand(Supplier<Preparation> preparation) {
    this.preparation = preparation;
  }

  @Override
  public Integer call() {
    Logging.choose("error", "plain");
    InstantSource clock = InstantSource.system();
    try (DemoLandscape landscape =
        DemoLandscape.start(preparation.get(), clock, new SecureRandom())) {
      tell(landscape, clock);
      if (keep) {
        stay(landscape.server());
      }
      return ExitCode.OK.code();
    } catch (StartFailure e) {
      throw CommandFailure.of(e);
    } catch (ChannelFailure e) {
      throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
    } catch (ClientException | IOException | GeneralSecurityException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The demo failed: " + String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.FAILED, "Interrupted.", e);
    }
  }

  private void tell(DemoLandscape landscape, InstantSource clock)
      throws ChannelFailure, ClientException, InterruptedException {
    WeftServer server = landscape.server();
    say(
        "Weft  "
            + server.publicUrl()
            + " ready after "
            + Uptime.millis()
            + " ms, new store, TLS by its own CA");
    SSLContext trust = Trust.of(landscape.caFile());
    // The consumer connects while the catalogue is read and the channel opens.
    CompletableFuture<Consumed> consumed = new CompletableFuture<>();
    CountDownLatch attached = new CountDownLatch(1);
    ServiceKeyDocument consumerKey =
        ServiceKeyDocument.parse(server.keyDocument("shop-events", "consumer"));
    Thread.ofPlatform()
        .name("demo-consumer")
        .daemon()
        .start(() -> consume(consumerKey, trust, attached, consumed));
    EventCatalogue catalogue = EventCatalogue.load();
    CatalogueEvent kind = catalogue.find(EVENT).orElseThrow();
    CloudEvent event =
        CloudEvent.of(
            kind, SYSTEM, new EventIds(clock, new SecureRandom()).next(), clock.instant());
    try (Channel channel =
        Channel.open(
            "Z_EM_DEMO",
            ServiceKeyDocument.parse(server.keyDocument("s4-events", "channel")),
            trust)) {
      attached.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
      String topic = kind.topic(channel.topicSpace());
      say("S/4   channel " + channel.name() + " connected by service key, AMQP 1.0 over WebSocket");
      say("      " + event.type());
      say("      id " + event.id() + "  " + event.data());
      say("      topic " + topic);
      long sent = System.nanoTime();
      channel.publish(topic, event);
      long accepted = System.nanoTime();
      say("      accepted by the mesh, on disk, after " + millis(accepted - sent) + " ms");
      say("MESH  topic matched " + matched(server, topic));
      tellConsumed(within(consumed), sent, event);
      tellPushed(within(landscape.receiver().first()), landscape, sent, event);
    }
    say(
        "done  "
            + Uptime.millis()
            + " ms after the start of the process. Next: ./weft up --landscape examples/landscape.yaml");
  }

  private static String matched(WeftServer server, String topic) {
    var queues = server.queuesFor(topic);
    return queues.size()
        + " queues: "
        + queues.stream().map(Object::toString).sorted().collect(Collectors.joining(", "));
  }

  private void tellConsumed(Consumed consumed, long sent, CloudEvent event) {
    requireSame(event, consumed.body());
    say(
        "AMQP  consumer on "
            + QUEUE
            + " got it after "
            + millis(consumed.nanoTime() - sent)
            + " ms over WebSocket, accepted");
    say("      to " + consumed.to() + ", attempt " + (consumed.deliveryCount() + 1));
  }

  private void tellPushed(
      DemoReceiver.Push push, DemoLandscape landscape, long sent, CloudEvent event) {
    requireSame(event, push.body());
    say(
        "HOOK  POST "
            + landscape.receiver().url()
            + " got it after "
            + millis(push.nanoTime() - sent)
            + " ms, answered 200");
    say("      x-queue " + push.queue() + ", " + push.contentType());
  }

  /** The story tells of an event that arrived, so the very event has to have arrived. */
  private static void requireSame(CloudEvent event, byte[] body) {
    JsonNode arrived = JsonMapper.shared().readTree(body);
    if (!arrived.path("id").asString("").equals(event.id().toString())
        || !arrived.path("data").equals(event.data())) {
      throw new CommandFailure(
          ExitCode.FAILED, "Another event arrived: " + new String(body, StandardCharsets.UTF_8));
    }
  }

  private record Consumed(long nanoTime, String to, long deliveryCount, byte[] body) {}

  private static void consume(
      ServiceKeyDocument key,
      SSLContext trust,
      CountDownLatch attached,
      CompletableFuture<Consumed> consumed) {
    try (GatewayConnection gateway = GatewayConnection.open(key, trust)) {
      Receiver receiver =
          gateway
              .connection()
              .openReceiver("queue:" + QUEUE, new ReceiverOptions().autoAccept(false));
      receiver.openFuture().get();
      attached.countDown();
      Delivery delivery = receiver.receive(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (delivery == null) {
        throw new CommandFailure(ExitCode.FAILED, "Nothing arrived in " + QUEUE + ".");
      }
      long now = System.nanoTime();
      Message<byte[]> message = delivery.message();
      delivery.accept();
      consumed.complete(new Consumed(now, message.to(), message.deliveryCount(), message.body()));
    } catch (Exception e) {
      attached.countDown();
      consumed.completeExceptionally(e);
    }
  }

  private static <T> T within(CompletableFuture<T> result) throws InterruptedException {
    try {
      return result.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new CommandFailure(ExitCode.FAILED, "The demo failed: " + e.getCause() + ".", e);
    } catch (java.util.concurrent.TimeoutException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The event did not arrive within " + PATIENCE_SECONDS + " s.", e);
    }
  }

  private static String millis(long nanos) {
    return String.valueOf(TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  private void stay(WeftServer server) throws InterruptedException {
    say("kept  " + server.publicUrl() + "  (Ctrl-C ends it and deletes its data)");
    new CountDownLatch(1).await();
  }

  private void say(String line) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }
}
