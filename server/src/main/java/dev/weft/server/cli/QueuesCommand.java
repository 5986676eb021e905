// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "queues",
    description = "Lists the queues with what waits in them.",
    mixinStandardHelpOptions = true)
final class QueuesCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private OperatorClient operator;
  @Mixin private Output output;

  @Override
  public void run() {
    output.rows(
        spec.commandLine().getOut(),
        operator.get("queues"),
        "name",
        "instance",
        "messages",
        "bytes",
        "unsettled",
        "delayed",
        "deadPending",
        "consumers");
  }
}
