// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** wire 1.4 */
class QueueNameTest {
  @ParameterizedTest
  @ValueSource(strings = {"q", "acme/shop/one/orders", "A-b_c.9/x", "1/2/3/4/5/6/7/8/9/0"})
  void wellFormedNamesAreKeptAsTheyAre(String value) {
    assertThat(new QueueName(value).value()).isEqualTo(value);
    assertThat(new QueueName(value)).hasToString(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "/", "a/", "/a", "a//b", "a b", "a*", "a/+", "ä", "a\n", "a%2Fb", "a:b", "a>"})
  void malformedNamesAreRefused(String value) {
    assertThatExceptionOfType(MeshException.MalformedName.class)
        .isThrownBy(() -> new QueueName(value))
        .withMessageContaining("queue");
  }

  @Test
  void nameHasAtMost164Characters() {
    String longest = ("a".repeat(99) + "/" + "b".repeat(64));
    assertThat(new QueueName(longest).value()).hasSize(QueueName.LENGTH_MAX);
    assertThatExceptionOfType(MeshException.MalformedName.class)
        .isThrownBy(() -> new QueueName(longest + "b"))
        .withMessageContaining("165");
  }

  @Test
  void nameHasAtMostTwentySegments() {
    String twenty = "a/".repeat(19) + "a";
    assertThat(new QueueName(twenty).value()).isEqualTo(twenty);
    assertThatExceptionOfType(MeshException.MalformedName.class)
        .isThrownBy(() -> new QueueName(twenty + "/a"));
  }

  @Test
  void refusalOfAHugeNameStaysShort() {
    assertThatExceptionOfType(MeshException.MalformedName.class)
        .isThrownBy(() -> new QueueName("x".repeat(1_000_000)))
        .satisfies(refusal -> assertThat(refusal.getMessage()).hasSizeLessThan(400));
  }

  @Test
  void namesAreCaseSensitiveAndSorted() {
    assertThat(new QueueName("A")).isNotEqualTo(new QueueName("a"));
    assertThat(new QueueName("A")).isLessThan(new QueueName("a"));
  }
}
