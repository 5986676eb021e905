// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
    name = "browse",
    description = "Shows the messages of a queue without consuming them.",
    mixinStandardHelpOptions = true)
final class BrowseCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private OperatorClient operator;
  @Mixin private Output output;

  @Parameters(paramLabel = "QUEUE")
  private String queue = "";

  @Option(names = "--from", paramLabel = "N", description = "First sequence. Default: 0")
  private long from;

  @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 20")
  private int limit = 20;

  @Override
  public void run() {
    output.rows(
        spec.commandLine().getOut(),
        operator.get(
            "queues/"
                + OperatorClient.encoded(queue)
                + "/messages?from="
                + from
                + "&limit="
                + limit),
        "sequence",
        "state",
        "appendedAt",
        "failedCount",
        "to",
        "contentType",
        "bytes",
        "body");
  }
}
