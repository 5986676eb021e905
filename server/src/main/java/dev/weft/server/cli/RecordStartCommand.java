// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.node.Preparation;
import dev.weft.server.node.StartFailure;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/**
 * Starts and stops a server, for the JVM to record what it loads. The launcher runs it once per
 * build; a demo would record its clients as well, and every server would carry them in memory.
 */
@Command(name = "record-start", hidden = true)
final class RecordStartCommand implements Runnable {
  private final Supplier<Preparation> preparation;

  RecordStartCommand(Supplier<Preparation> preparation) {
    this.preparation = preparation;
  }

  @Override
  public void run() {
    Logging.choose("error", "plain");
    try (DemoLandscape landscape =
        DemoLandscape.start(preparation.get(), InstantSource.system(), new SecureRandom())) {
      landscape.server().queuesFor("acme/s4/dev/ce/x");
    } catch (StartFailure | IOException | GeneralSecurityException e) {
      throw new CommandFailure(dev.weft.server.node.ExitCode.FAILED, "Not recorded.", e);
    }
  }
}
