// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT 3.1.1, 4.7; wire 1.5. */
class TopicFilterTest {
  @ParameterizedTest
  @CsvSource({"a/b,a/b", "a/+,a/+", "+/b/#,+/b/*", "#,*", "+,+"})
  void aFilterBecomesAPatternOfTheMesh(String filter, String pattern) {
    assertThat(String.valueOf(TopicFilter.parse(filter).pattern())).isEqualTo(pattern);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a//b", "/", "a/*", "*", "$SYS/x", "a b", "ä", "a/b/"})
  void aFilterThatNoNameCanMatchHasNoPattern(String filter) {
    assertThat(TopicFilter.parse(filter).pattern()).isNull();
  }

  // MQTT-4.7.3-3; names of the mesh are shorter than the specification allows.
  @Test
  void lengthAndLevelsAreThoseOfNames() {
    assertThat(TopicFilter.parse("a/" + "b".repeat(150)).pattern()).isNull();
    assertThat(TopicFilter.parse("a/".repeat(20) + "b").pattern()).isNull();
    assertThat(TopicFilter.parse("a/".repeat(19) + "b").pattern()).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "#/a", "a/#/b", "a#", "#a", "a+", "+a", "a/b+/c", "++"})
  void wildcardsOutOfPlaceAreViolations(String filter) {
    assertThatThrownBy(() -> TopicFilter.parse(filter)).isInstanceOf(Violation.class);
  }
}
