// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static dev.weft.broker.MeshUnderTest.queue;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.TopicPattern;
import dev.weft.queue.QueueName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Hop 3; wire reference 1.5, 9.2; R-103. */
class RoutingTest {
  private static final List<String> SEGMENTS = List.of("a", "b", "c", "dd");

  private final Routing routing = new Routing();

  private static TopicPattern pattern(String value) {
    return new TopicPattern(value);
  }

  @Test
  void aQueueGetsOneCopyHoweverManySubscriptionsMatch() {
    // wire 9.2
    routing.add(queue("q/1"), pattern("a/b/c"));
    routing.add(queue("q/1"), pattern("a/+/c"));
    routing.add(queue("q/1"), pattern("a/*"));
    routing.add(queue("q/1"), pattern("*"));
    routing.add(queue("q/2"), pattern("a/b/*"));
    assertThat(routing.queuesFor("a/b/c")).containsExactlyInAnyOrder(queue("q/1"), queue("q/2"));
    assertThat(routing.queuesFor("a/b")).containsExactlyInAnyOrder(queue("q/1"), queue("q/2"));
    assertThat(routing.queuesFor("x/y")).containsExactly(queue("q/1"));
  }

  @Test
  void addingAndRemovingSayWhetherAnythingChanged() {
    assertThat(routing.add(queue("q"), pattern("a/+"))).isTrue();
    assertThat(routing.add(queue("q"), pattern("a/+"))).isFalse();
    assertThat(routing.remove(queue("q"), pattern("a/b"))).isFalse();
    assertThat(routing.remove(queue("other"), pattern("a/+"))).isFalse();
    assertThat(routing.remove(queue("q"), pattern("a/+"))).isTrue();
    assertThat(routing.remove(queue("q"), pattern("a/+"))).isFalse();
    assertThat(routing.queuesFor("a/b")).isEmpty();
    assertThat(routing.size()).isZero();
  }

  @Test
  void aRememberedTopicFollowsTheNextChange() {
    assertThat(routing.queuesFor("a/b")).isEmpty();
    routing.add(queue("q"), pattern("a/b"));
    assertThat(routing.queuesFor("a/b")).containsExactly(queue("q"));
    routing.removeAll(queue("q"), List.of(pattern("a/b"), pattern("not/there")));
    assertThat(routing.queuesFor("a/b")).isEmpty();
  }

  /**
   * Goal: the tree answers as the definition of a match does, after any sequence of changes.
   * Method: random adds and removes against a plain map, then every topic of a small alphabet
   * against {@link TopicPattern#matches}; every so often the whole is loaded in bulk instead.
   */
  @Test
  void randomSubscriptionsRouteAsThePatternsMatch() {
    long seed = 20_260_103;
    var random = new Random(seed);
    Map<QueueName, Set<TopicPattern>> model = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      QueueName queue = queue("q/" + random.nextInt(8));
      TopicPattern pattern = pattern(randomPattern(random));
      Set<TopicPattern> patterns = model.computeIfAbsent(queue, name -> new HashSet<>());
      String where = "seed " + seed + ", step " + step;
      if (random.nextInt(3) > 0) {
        assertThat(routing.add(queue, pattern)).as(where).isEqualTo(patterns.add(pattern));
      } else {
        assertThat(routing.remove(queue, pattern)).as(where).isEqualTo(patterns.remove(pattern));
      }
      if (random.nextInt(50) == 0) {
        routing.load(model);
      }
      for (int i = 0; i < 30; i++) {
        String topic = randomTopic(random);
        assertThat(routing.queuesFor(topic))
            .as(where + ", topic " + topic)
            .isEqualTo(expected(model, topic));
      }
    }
    assertThat(routing.size()).isEqualTo(model.values().stream().mapToInt(Set::size).sum());
  }

  private static Set<QueueName> expected(Map<QueueName, Set<TopicPattern>> model, String topic) {
    return model.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(p -> p.matches(topic)))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static String randomPattern(Random random) {
    var segments = new ArrayList<String>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      int kind = random.nextInt(6);
      boolean last = i == count - 1;
      segments.add(
          kind == 0
              ? "+"
              : kind == 1 && last ? "*" : SEGMENTS.get(random.nextInt(SEGMENTS.size())));
    }
    return String.join("/", segments);
  }

  private static String randomTopic(Random random) {
    var segments = new ArrayList<String>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      segments.add(SEGMENTS.get(random.nextInt(SEGMENTS.size())));
    }
    return String.join("/", segments);
  }

  @Test
  void aHundredThousandSubscriptionsLoadAtOnceAndChangeOneByOne() {
    var all = new HashMap<QueueName, List<TopicPattern>>();
    for (int q = 0; q < 1_000; q++) {
      var patterns = new ArrayList<TopicPattern>();
      for (int p = 0; p < 100; p++) {
        patterns.add(pattern("acme/shop" + q % 100 + "/ce/object" + p + "/v" + q / 100 + "/*"));
      }
      all.put(queue("acme/q" + q), patterns);
    }
    routing.load(all);
    assertThat(routing.size()).isEqualTo(100_000);
    assertThat(routing.queuesFor("acme/shop7/ce/object42/v3/Changed"))
        .containsExactly(queue("acme/q307"));
    for (int i = 0; i < 200; i++) {
      routing.add(queue("late/q" + i), pattern("acme/shop7/ce/object42/v3/Changed"));
    }
    assertThat(routing.queuesFor("acme/shop7/ce/object42/v3/Changed")).hasSize(201);
    assertThat(routing.size()).isEqualTo(100_200);
  }

  @Test
  void readersSeeWholeChangesOnly() throws Exception {
    // Two queues are added and removed by loads of the whole: a reader finds both or neither.
    Map<QueueName, List<TopicPattern>> both =
        Map.of(queue("q/1"), List.of(pattern("a/*")), queue("q/2"), List.of(pattern("a/b")));
    var done = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(2)) {
      Callable<Integer> reader =
          () -> {
            int torn = 0;
            while (!done.get()) {
              torn += routing.queuesFor("a/b").size() == 1 ? 1 : 0;
            }
            return torn;
          };
      Future<Integer> torn = threads.submit(reader);
      for (int i = 0; i < 2_000; i++) {
        routing.load(i % 2 == 0 ? both : Map.of());
      }
      done.set(true);
      assertThat(torn.get()).isZero();
    }
  }

  @Test
  void memoryOfTopicsIsBounded() {
    var recent = new Recent<Integer, Integer>(100, key -> key + 1);
    for (int i = 0; i < 10_000; i++) {
      assertThat(recent.of(i)).isEqualTo(i + 1);
      assertThat(recent.of(i / 2)).isEqualTo(i / 2 + 1);
    }
    assertThat(recent.size()).isLessThanOrEqualTo(200);
  }
}
