// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import java.lang.management.ManagementFactory;

/** How long this process runs; the system's own start time is exact to a second only. */
final class Uptime {
  private Uptime() {}

  static long millis() {
    return ManagementFactory.getRuntimeMXBean().getUptime();
  }
}
