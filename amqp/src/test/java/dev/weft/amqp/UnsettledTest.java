// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The ring behaves as a map does, over wraps, gaps and stragglers. */
class UnsettledTest {
  @Test
  void behavesAsAMapDoes() {
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      Unsettled<Integer> unsettled = new Unsettled<>();
      // Ordered as sequence numbers are, which a random start makes wrap.
      int start = random.nextInt();
      TreeMap<Integer, Integer> model = new TreeMap<>();
      int next = 0;
      boolean forgetful = random.nextBoolean();
      for (int step = 0; step < 3_000; step++) {
        int kind = random.nextInt(10);
        if (kind < 6) {
          for (int i = random.nextInt(40); i >= 0; i--) {
            Integer value = next;
            unsettled.put(start + next, value);
            model.put(next, value);
            next += random.nextInt(20) == 0 ? 2 : 1;
          }
        } else if (kind < 8 && !model.isEmpty()) {
          int id = forgetful ? model.lastKey() - random.nextInt(5) : model.firstKey();
          assertThat(unsettled.remove(start + id)).as("seed " + seed).isEqualTo(model.remove(id));
        } else {
          int from = Math.max(0, next - random.nextInt(200));
          long count = random.nextInt(8) == 0 ? 1L << 31 : random.nextInt(120);
          List<Integer> removed = new ArrayList<>();
          unsettled.remove(start + from, count, removed::add);
          var range = model.subMap(from, (int) Math.min(Integer.MAX_VALUE, from + count));
          assertThat(removed).as("seed " + seed).isEqualTo(new ArrayList<>(range.values()));
          range.clear();
        }
        assertThat(unsettled.size()).isEqualTo(model.size());
      }
    }
  }

  @Test
  void forgottenDeliveryDoesNotStretchTheRing() {
    Unsettled<Integer> unsettled = new Unsettled<>();
    unsettled.put(0, 0);
    for (int id = 1; id < 1_000_000; id++) {
      unsettled.put(id, id);
      assertThat(unsettled.remove(id)).isNotNull();
    }
    assertThat(unsettled.size()).isEqualTo(1);
    assertThat(unsettled.remove(0)).isZero();
    assertThat(unsettled.remove(0)).isNull();
  }
}
