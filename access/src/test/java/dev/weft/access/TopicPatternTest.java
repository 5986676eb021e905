// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.MeshException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wire reference 1.4, 1.5; R-502. */
class TopicPatternTest {
  @ParameterizedTest
  @CsvSource({
    "a/b/c, a/b/c",
    "a/+/c, a/b/c",
    "+/+/+, a/b/c",
    "a/b/*, a/b",
    "a/b/*, a/b/c",
    "a/b/*, a/b/c/d",
    "*, a",
    "*, a/b/c",
    "+/*, a",
    "+/+/+/ce/*, acme/s4/dev/ce/sap/s4/beh",
    "a.b/c-d/E_f, a.b/c-d/E_f",
  })
  void aPatternMatches(String pattern, String name) {
    assertThat(new TopicPattern(pattern).matches(name)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "a/b/c, a/b",
    "a/b/c, a/b/c/d",
    "a/b/c, A/b/c",
    "a/+/c, a/c",
    "a/+/c, a/b/b/c",
    "a/+, a",
    "a/b/*, a",
    "a/b/*, a/bc",
    "a/b/*, a/c/b",
    "+/+, a",
    "+/+/*, a",
    "a, b",
    "ab, a",
    "a, ab",
    "a.c, abc",
  })
  void aPatternDoesNotMatch(String pattern, String name) {
    assertThat(new TopicPattern(pattern).matches(name)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "a/*/b",
        "a*",
        "*a",
        "a/b*",
        "a/+b",
        "++",
        "#",
        "a/#",
        ">",
        "a b",
        "a/\u00e4",
        "a\\b",
        "a/%2F",
        "${namespace}/*",
        "a/.*?",
        "(a)+",
        "a\n",
        "a/\u0000",
        "\uff0f"
      })
  void nothingElseIsAPattern(String value) {
    assertThatThrownBy(() -> new TopicPattern(value))
        .isInstanceOf(MeshException.MalformedName.class);
  }

  @Test
  void lengthAndSegmentsAreBounded() {
    assertThat(new TopicPattern("a".repeat(150)).segmentCount()).isEqualTo(1);
    assertThat(new TopicPattern("a/".repeat(19) + "a").segmentCount()).isEqualTo(20);
    assertThatThrownBy(() -> new TopicPattern("a".repeat(151)))
        .isInstanceOf(MeshException.MalformedName.class);
    assertThatThrownBy(() -> new TopicPattern("a/".repeat(20) + "a"))
        .isInstanceOf(MeshException.MalformedName.class);
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, a/b, true",
    "a/*, a/b, true",
    "a/*, a/*, true",
    "a/*, a/+, true",
    "a/*, a/+/*, true",
    "a/*, a, true",
    "*, +/*, true",
    "*, *, true",
    "a/+, a/b, true",
    "a/+, a/+, true",
    "+/+/+/ce/*, +/+/+/ce/my/Event, true",
    "a/+, a/*, false",
    "a/b, a/+, false",
    "a/b/*, a/*, false",
    "a/b/*, +/b/*, false",
    "a/b/*, *, false",
    "a/b, a, false",
    "a, a/b, false",
    "+/+/+/ce/*, +/+/+/+/my/Event, false",
  })
  void aPatternCoversAnother(String filter, String wanted, boolean covered) {
    // wire 1.6
    assertThat(new TopicPattern(filter).covers(new TopicPattern(wanted))).isEqualTo(covered);
  }

  /**
   * Goal: matching and covering mean the same by our scanner as by the definition in words. Method:
   * random patterns and names over a small alphabet, so that they often fit, against a matcher
   * written from the definition over lists.
   */
  @Test
  void randomPatternsMatchByDefinition() {
    long seed = 20_260_101;
    var random = new Random(seed);
    for (int i = 0; i < 50_000; i++) {
      var pattern = new TopicPattern(randomPattern(random));
      String name = randomName(random);
      assertThat(pattern.matches(name))
          .as("seed %d, run %d: %s on %s", seed, i, pattern, name)
          .isEqualTo(byDefinition(pattern.segments(), Arrays.asList(name.split("/", -1))));
    }
  }

  @Test
  void aCoveringPatternMatchesWhateverTheCoveredMatches() {
    long seed = 20_260_102;
    var random = new Random(seed);
    int covered = 0;
    for (int i = 0; i < 20_000; i++) {
      var filter = new TopicPattern(randomPattern(random));
      var wanted = new TopicPattern(randomPattern(random));
      if (filter.covers(wanted)) {
        covered++;
        for (int n = 0; n < 20; n++) {
          String name = randomName(random);
          assertThat(!wanted.matches(name) || filter.matches(name))
              .as("seed %d, run %d: %s covers %s, name %s", seed, i, filter, wanted, name)
              .isTrue();
        }
      }
    }
    assertThat(covered).isGreaterThan(500);
  }

  private static boolean byDefinition(List<String> pattern, List<String> name) {
    if (pattern.equals(List.of("*"))) {
      return true;
    }
    if (pattern.isEmpty() || name.isEmpty()) {
      return pattern.isEmpty() && name.isEmpty();
    }
    boolean fits = pattern.getFirst().equals("+") || pattern.getFirst().equals(name.getFirst());
    return fits && byDefinition(rest(pattern), rest(name));
  }

  private static List<String> rest(List<String> list) {
    return list.subList(1, list.size());
  }

  private static String randomPattern(Random random) {
    var segments = new ArrayList<String>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      boolean last = i == count - 1;
      segments.add(
          last && random.nextInt(3) == 0
              ? "*"
              : List.of("a", "b", "ab", "+").get(random.nextInt(4)));
    }
    return String.join("/", segments);
  }

  private static String randomName(Random random) {
    var segments = new ArrayList<String>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      segments.add(List.of("a", "b", "ab").get(random.nextInt(3)));
    }
    return String.join("/", segments);
  }
}
