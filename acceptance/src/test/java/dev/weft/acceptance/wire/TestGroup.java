// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.wire;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.util.Arrays;
import java.util.List;

/** Tests that need something of the machine: without it they are skipped and say so. */
public final class TestGroup {
  /** Names of groups that must run: {@code -Dweft.require=node,python,power}. */
  private static final List<String> REQUIRED =
      Arrays.asList(System.getProperty("weft.require", "").split(","));

  private TestGroup() {}

  /** Skips the test with a reason, or fails it when its group is required. */
  public static void skip(String group, String reason) {
    if (REQUIRED.contains(group)) {
      fail(group + " is required: " + reason);
    }
    abort(group + ": " + reason);
  }
}
