// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
    name = "webhooks",
    description = "Lists the webhooks with their handshake, failures and next attempt.",
    mixinStandardHelpOptions = true)
final class WebhooksCommand implements Runnable {
  @Spec private CommandSpec spec;
  @Mixin private OperatorClient operator;
  @Mixin private Output output;

  @Override
  public void run() {
    output.rows(
        spec.commandLine().getOut(),
        operator.get("webhooks"),
        "name",
        "queue",
        "url",
        "handshake",
        "paused",
        "inFlight",
        "consecutiveFailures",
        "nextAttempt",
        "lastFailureReason");
  }
}
