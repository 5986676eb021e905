// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.landscape;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestWordTest {
  @Test
  void countsInsertDeleteReplaceAndSwap() {
    assertThat(NearestWord.distance("queue", "queue")).isZero();
    assertThat(NearestWord.distance("queu", "queue")).isOne();
    assertThat(NearestWord.distance("queeu", "queue")).isOne();
    assertThat(NearestWord.distance("webhok", "webhooks")).isEqualTo(2);
  }

  @Test
  void saysNothingRatherThanNonsense() {
    assertThat(NearestWord.among(List.of("queues", "webhooks"), "flows")).isEmpty();
    assertThat(NearestWord.among(List.of(), "queues")).isEmpty();
    assertThat(NearestWord.among(List.of("queues", "webhooks"), "Queus")).contains("queues");
  }
}
