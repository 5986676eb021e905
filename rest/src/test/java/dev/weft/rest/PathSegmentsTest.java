// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.weft.queue.MeshException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rule 6 and wire 8.1: names are one encoded segment. */
class PathSegmentsTest {
  @Test
  void anEncodedSlashIsDataAndABareOneCuts() {
    assertThat(PathSegments.below("/base", "/base/queues/a%2Fb%2fc/messages"))
        .containsExactly("queues", "a/b/c", "messages");
    assertThat(PathSegments.below("/base", "/base/queues/a/b/messages"))
        .containsExactly("queues", "a", "b", "messages");
  }

  @Test
  void aPlusIsAPlusAndAnEscapedPlusToo() {
    assertThat(PathSegments.below("/b", "/b/+%2B%2F*%2F%2A")).containsExactly("++/*/*");
  }

  @Test
  void namesAreDecodedOnce() {
    assertThat(PathSegments.below("/b", "/b/a%252Fb")).containsExactly("a%2Fb");
  }

  @Test
  void lettersBeyondAsciiAreUtf8() {
    assertThat(PathSegments.below("/b", "/b/%C3%BC")).containsExactly("ü");
  }

  @Test
  void emptySegmentsStay() {
    assertThat(PathSegments.below("/b", "/b/queues//")).containsExactly("queues", "", "");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/base", "/base/", "/basement/x", "/other/base/x", "/x/../base/y", ""})
  void anythingElseIsNotBelowTheBase(String path) {
    assertThat(PathSegments.below("/base", path)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/b/%", "/b/%2", "/b/%zz", "/b/%C3", "/b/a%+1"})
  void aBrokenEscapeIsRefused(String path) {
    assertThatExceptionOfType(MeshException.MalformedName.class)
        .isThrownBy(() -> PathSegments.below("/b", path));
  }
}
