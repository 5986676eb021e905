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
import dev.weft.producer.Outcome;
import dev.weft.server.landscape.NearestWord;
import dev.weft.server.node.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Tracker;
import org.apache.qpid.protonj2.client.exceptions.ClientException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "publish",
    description = "Publishes a message over AMQP WebSocket and waits until it is stored.",
    mixinStandardHelpOptions = true)
final class PublishCommand implements Runnable {
  private static final long TIMEOUT_SECONDS = 30;

  @Spec private CommandSpec spec;
  @Mixin private OperatorClient operator;
  @Mixin private KeyChoice key;
  @Mixin private SystemChoice system;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "ADDRESS",
      description = "topic:NAME or queue:NAME; a bare name is a topic")
  private @Nullable String address;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "BODY",
      description = "Text to send. Default: standard input")
  private @Nullable String body;

  @Option(names = "--file", paramLabel = "FILE", description = "Send the content of a file")
  private @Nullable Path file;

  @Option(names = "--content-type", paramLabel = "TYPE", description = "Default: application/json")
  private String contentType = "application/json";

  @Option(
      names = "--event",
      paramLabel = "TYPE",
      description = "Send this event of the S/4HANA catalogue instead, to its own topic")
  private @Nullable String event;

  @Option(
      names = "--source-system",
      paramLabel = "ID",
      description = "Source of --event. Default: the system with CLNT100, or S4DCLNT100")
  private @Nullable String sourceSystem;

  @Override
  public void run() {
    if (event != null) {
      publishEvent(event);
    } else if (system.system() != null) {
      throw new CommandFailure(ExitCode.USAGE, "--system raises events: name one with --event.");
    } else if (address != null) {
      publishMessage(address.contains(":") ? address : "topic:" + address);
    } else {
      throw new CommandFailure(ExitCode.USAGE, "An ADDRESS or --event is needed.");
    }
  }

  private void publishEvent(String type) {
    EventCatalogue catalogue = EventCatalogue.load();
    CatalogueEvent kind =
        catalogue
            .find(type)
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.USAGE,
                        "The catalogue has no event '"
                            + type
                            + "'"
                            + NearestWord.hint(
                                catalogue.events().stream().map(CatalogueEvent::type).toList(),
                                type)));
    InstantSource clock = InstantSource.system();
    String client = system.system() == null ? "S4D" : system.system();
    CloudEvent made =
        CloudEvent.of(
            kind,
            sourceSystem == null ? client + "CLNT100" : sourceSystem,
            new EventIds(clock, new SecureRandom()).next(),
            clock.instant());
    for (SystemChoice.Exit exit : exits(kind)) {
      try (Channel channel = Channel.open(exit.channel(), exit.key(), key.trust(operator))) {
        String topic = kind.topic(channel.topicSpace());
        channel.publish(topic, made);
        say("accepted " + made.id() + " on topic:" + topic + exit.words());
      } catch (ChannelFailure e) {
        throw new CommandFailure(ExitCode.FAILED, String.valueOf(e.getMessage()), e);
      }
    }
  }

  private List<SystemChoice.Exit> exits(CatalogueEvent kind) {
    if (system.system() == null) {
      return List.of(new SystemChoice.Exit("", key.document(operator)));
    }
    if (key.isGiven()) {
      throw new CommandFailure(
          ExitCode.USAGE, "--system has a service key of its own: leave --instance and --key out.");
    }
    return system.exits(operator, kind);
  }

  private void publishMessage(String to) {
    byte[] content = content();
    try (GatewayConnection gateway = key.connect(operator)) {
      Tracker tracker =
          gateway
              .connection()
              .openSender(to)
              .send(Message.create(content).durable(true).to(to).contentType(contentType));
      tracker.awaitSettlement(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      Outcome outcome = Outcome.of(tracker);
      if (!outcome.accepted()) {
        throw new CommandFailure(
            ExitCode.FAILED, "The message was not accepted: " + outcome.reason());
      }
      say("accepted " + content.length + " bytes on " + to);
    } catch (ClientException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "The message was not sent: " + String.valueOf(e.getMessage()), e);
    }
  }

  private void say(String line) {
    var out = spec.commandLine().getOut();
    out.println(line);
    out.flush();
  }

  private byte[] content() {
    try {
      if (file != null) {
        return Files.readAllBytes(file);
      }
      return body != null ? body.getBytes(StandardCharsets.UTF_8) : System.in.readAllBytes();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.USAGE, "The body cannot be read: " + String.valueOf(e.getMessage()), e);
    }
  }
}
