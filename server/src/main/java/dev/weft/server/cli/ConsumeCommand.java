// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.producer.GatewayConnection;
import dev.weft.server.node.ExitCode;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.apache.qpid.protonj2.client.exceptions.ClientException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "consume",
    description = "Takes messages from a queue over AMQP WebSocket and prints them.",
    mixinStandardHelpOptions = true)
final class ConsumeCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private OperatorClient operator;
  @Mixin private KeyChoice key;
  @Mixin private Output output;

  @Parameters(
      paramLabel = "QUEUE",
      description = "Name of a queue, or topic:PATTERN for what comes from now on")
  private String source = "";

  @Option(names = "--count", paramLabel = "N", description = "Stop after so many. Default: 1")
  private int count = 1;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      description = "Stop when nothing came for so long. Default: 5")
  private int waitSeconds = 5;

  @Option(names = "--reject", description = "Reject instead of accept, to see a redelivery")
  private boolean reject;

  @Override
  public void run() {
    String address =
        source.startsWith("topic:") || source.startsWith("queue:") ? source : "queue:" + source;
    try (GatewayConnection gateway = key.connect(operator)) {
      // No credit beyond what is printed: everything else stays where it is.
      Receiver receiver =
          gateway
              .connection()
              .openReceiver(address, new ReceiverOptions().creditWindow(0).autoAccept(false));
      for (int i = 0; i < count; i++) {
        receiver.addCredit(1);
        Delivery delivery = receiver.receive(waitSeconds, TimeUnit.SECONDS);
        if (delivery == null) {
          sayNothingCame(i);
          return;
        }
        print(delivery.message());
        if (reject) {
          delivery.reject("amqp:internal-error", "rejected by weft consume");
        } else {
          delivery.accept();
        }
      }
    } catch (ClientException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "Nothing can be consumed: " + String.valueOf(e.getMessage()), e);
    }
  }

  /** On standard error: what was consumed goes into pipes. */
  private void sayNothingCame(int before) {
    var err = spec.commandLine().getErr();
    err.println("Nothing" + (before == 0 ? "" : " more") + " came within " + waitSeconds + " s.");
    err.flush();
  }

  private void print(Message<Object> message) throws ClientException {
    String body =
        message.body() instanceof byte[] bytes
            ? new String(bytes, StandardCharsets.UTF_8)
            : String.valueOf(message.body());
    var out = spec.commandLine().getOut();
    if (output.isTable()) {
      out.println(body);
      out.flush();
      return;
    }
    ObjectNode document = JsonMapper.shared().createObjectNode();
    document.put("messageId", message.messageId() == null ? null : message.messageId().toString());
    document.put("to", message.to());
    document.put("contentType", message.contentType());
    document.put("deliveryCount", message.deliveryCount());
    document.put("body", body);
    output.document(out, document);
  }
}
