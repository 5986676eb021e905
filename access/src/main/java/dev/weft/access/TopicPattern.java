// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import dev.weft.queue.MeshException;
import java.util.List;

/**
 * A pattern over {@code /}-separated names: {@code +} stands for exactly one segment, a trailing
 * {@code *} for zero or more (wire reference 1.5). Matched segment by segment, never by a regular
 * expression.
 */
public record TopicPattern(String value) {
  /** Longest topic or pattern in characters, and most segments (wire reference 1.4). */
  public static final int LENGTH_MAX = 150;

  public static final int SEGMENTS_MAX = 20;

  /**
   * @throws MeshException.MalformedName if the value is no pattern
   */
  public TopicPattern {
    check(value);
  }

  /** The segments, wildcards included. */
  public List<String> segments() {
    return List.of(value.split("/", -1));
  }

  /** Whether the topic or queue name matches. */
  public boolean matches(String name) {
    return matches(value.split("/", -1), name.split("/", -1));
  }

  /** Whether every name that the other pattern matches is matched by this one. */
  public boolean covers(TopicPattern other) {
    String[] mine = value.split("/", -1);
    String[] theirs = other.value.split("/", -1);
    for (int i = 0; i < mine.length; i++) {
      boolean last = i == mine.length - 1;
      if (last && mine[i].equals("*")) {
        return true;
      }
      if (i >= theirs.length || theirs[i].equals("*")) {
        return false;
      }
      if (!mine[i].equals("+") && !mine[i].equals(theirs[i])) {
        return false;
      }
    }
    return mine.length == theirs.length;
  }

  private static boolean matches(String[] pattern, String[] name) {
    for (int i = 0; i < pattern.length; i++) {
      if (i == pattern.length - 1 && pattern[i].equals("*")) {
        return name.length >= i;
      }
      if (i >= name.length || !(pattern[i].equals("+") || pattern[i].equals(name[i]))) {
        return false;
      }
    }
    return name.length == pattern.length;
  }

  private static void check(String value) {
    if (value.isEmpty() || value.length() > LENGTH_MAX) {
      throw malformed(value, "1 to " + LENGTH_MAX + " characters are allowed");
    }
    String[] segments = value.split("/", -1);
    if (segments.length > SEGMENTS_MAX) {
      throw malformed(value, "at most " + SEGMENTS_MAX + " segments are allowed");
    }
    for (int i = 0; i < segments.length; i++) {
      String segment = segments[i];
      if (segment.isEmpty()) {
        throw malformed(value, "a segment is empty");
      }
      if (segment.equals("+") || (segment.equals("*") && i == segments.length - 1)) {
        continue;
      }
      for (int c = 0; c < segment.length(); c++) {
        if (!isNameCharacter(segment.charAt(c))) {
          throw malformed(
              value,
              "'+' stands for a whole segment, '*' ends the pattern, names have letters, digits, '_', '.' and '-'");
        }
      }
    }
  }

  /** Whether the character may stand in a topic or queue name. */
  static boolean isNameCharacter(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '.'
        || c == '-';
  }

  private static MeshException.MalformedName malformed(String value, String why) {
    return new MeshException.MalformedName("topic pattern", value, why);
  }

  @Override
  public String toString() {
    return value;
  }
}
