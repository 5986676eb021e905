// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.util.regex.Pattern;

/**
 * Full name of a queue, case-sensitive.
 *
 * @param value 1 to 20 segments of {@code [a-zA-Z0-9-_.]}, separated by {@code /}, at most 164
 *     characters (wire reference 1.4)
 */
public record QueueName(String value) implements Comparable<QueueName> {
  public static final int LENGTH_MAX = 164;

  private static final Pattern SYNTAX =
      Pattern.compile("[a-zA-Z0-9-_.]{1,111}(?:/[a-zA-Z0-9-_.]{1,109}){0,19}");

  /**
   * @throws MeshException.MalformedName if the value is no queue name
   */
  public QueueName {
    if (value.length() > LENGTH_MAX) {
      throw new MeshException.MalformedName(
          "queue", value, "it has " + value.length() + " characters, at most 164 are allowed");
    }
    if (!SYNTAX.matcher(value).matches()) {
      throw new MeshException.MalformedName(
          "queue", value, "1 to 20 segments of letters, digits, '-', '_' and '.' are allowed");
    }
  }

  @Override
  public int compareTo(QueueName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
