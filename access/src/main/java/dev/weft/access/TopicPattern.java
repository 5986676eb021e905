// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import dev.weft.queue.MeshException;
import java.util.List;

/**
 * A pattern over {@code /}-separated names: {@code +} stands for exactly one segment, a trailing
 * {@code *} for zero or more (wire reference 1.5). Matched segment by segment, never by a regular
 * expression. A name without wildcards is a pattern that matches itself.
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

  /** How many segments it has, wildcards included. */
  public int segmentCount() {
    int count = 1;
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) == '/') {
        count++;
      }
    }
    return count;
  }

  /** Whether it matches more than one name. */
  public boolean hasWildcard() {
    return value.indexOf('+') >= 0 || value.indexOf('*') >= 0;
  }

  /** Whether the topic or queue name matches. */
  public boolean matches(String name) {
    int p = 0;
    int n = 0;
    while (p <= value.length()) {
      int patternEnd = segmentEnd(value, p);
      if (isTail(p)) {
        return true;
      }
      if (n > name.length()) {
        return false;
      }
      int nameEnd = segmentEnd(name, n);
      if (!isOneSegment(p, patternEnd)
          && !(patternEnd - p == nameEnd - n && value.regionMatches(p, name, n, patternEnd - p))) {
        return false;
      }
      p = patternEnd + 1;
      n = nameEnd + 1;
    }
    return n > name.length();
  }

  /** Whether every name that the other pattern matches is matched by this one. */
  public boolean covers(TopicPattern other) {
    int p = 0;
    int o = 0;
    while (p <= value.length()) {
      int patternEnd = segmentEnd(value, p);
      if (isTail(p)) {
        return true;
      }
      if (o > other.value.length() || other.isTail(o)) {
        return false;
      }
      int otherEnd = segmentEnd(other.value, o);
      if (!isOneSegment(p, patternEnd)
          && !(patternEnd - p == otherEnd - o
              && value.regionMatches(p, other.value, o, patternEnd - p))) {
        return false;
      }
      p = patternEnd + 1;
      o = otherEnd + 1;
    }
    return o > other.value.length();
  }

  private boolean isTail(int start) {
    return start == value.length() - 1 && value.charAt(start) == '*';
  }

  private boolean isOneSegment(int start, int end) {
    return end - start == 1 && value.charAt(start) == '+';
  }

  private static int segmentEnd(String text, int start) {
    int end = text.indexOf('/', start);
    return end < 0 ? text.length() : end;
  }

  /** One pass without garbage: every publish makes a pattern of its topic. */
  private static void check(String value) {
    int length = value.length();
    if (length == 0 || length > LENGTH_MAX) {
      throw malformed(value, "1 to " + LENGTH_MAX + " characters are allowed");
    }
    int segments = 0;
    int start = 0;
    while (start <= length) {
      if (++segments > SEGMENTS_MAX) {
        throw malformed(value, "at most " + SEGMENTS_MAX + " segments are allowed");
      }
      int end = segmentEnd(value, start);
      checkSegment(value, start, end);
      start = end + 1;
    }
  }

  private static void checkSegment(String value, int start, int end) {
    if (start == end) {
      throw malformed(value, "a segment is empty");
    }
    if (end - start == 1) {
      char only = value.charAt(start);
      if (only == '+' || (only == '*' && end == value.length())) {
        return;
      }
    }
    for (int i = start; i < end; i++) {
      if (!isNameCharacter(value.charAt(i))) {
        throw malformed(
            value,
            "'+' stands for a whole segment, '*' ends the pattern,"
                + " names have letters, digits, '_', '.' and '-'");
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
