// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.TopicPattern;
import dev.weft.queue.MeshException;
import org.jspecify.annotations.Nullable;

/**
 * A topic filter as a client writes it, and the mesh's pattern for it: {@code +} is the same in
 * both, {@code #} at the end is the mesh's {@code *} (wire reference 1.5, 5).
 *
 * @param pattern null for a filter that MQTT allows and no name of the mesh can match: it has an
 *     empty level, begins with {@code $}, is longer than names are, and so on
 */
record TopicFilter(String text, @Nullable TopicPattern pattern) {
  /**
   * @throws Violation if it is no filter (MQTT 3.1.1, 4.7)
   */
  static TopicFilter parse(String text) {
    int length = text.length();
    if (length == 0) {
      throw Violation.protocol("A topic filter is empty");
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c != '+' && c != '#') {
        continue;
      }
      boolean wholeLevel =
          (i == 0 || text.charAt(i - 1) == '/') && (i == length - 1 || text.charAt(i + 1) == '/');
      if (!wholeLevel) {
        throw Violation.protocol("A wildcard of a topic filter is no level of its own");
      }
      if (c == '#' && i != length - 1) {
        throw Violation.protocol("'#' is not the last character of a topic filter");
      }
    }
    return new TopicFilter(text, pattern(text));
  }

  private static @Nullable TopicPattern pattern(String text) {
    if (text.indexOf('*') >= 0) {
      // A literal in MQTT, a wildcard in the mesh, in no name of either.
      return null;
    }
    try {
      return new TopicPattern(text.replace('#', '*'));
    } catch (MeshException.MalformedName unmatched) {
      return null;
    }
  }
}
