// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server;

import dev.weft.server.cli.WeftCommand;

/** Where the process starts. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    System.exit(WeftCommand.run(arguments));
  }
}
