// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import dev.weft.access.TopicPattern;
import dev.weft.broker.Routing;
import dev.weft.queue.QueueName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What it takes to find the queues of a topic. Of every eight subscriptions six name one topic, one
 * takes all events of an object, and one an event of all objects with a fixed middle; topics look
 * like those of business events. One thread, as in the server.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up before anything else.
public class RoutingBenchmark {
  /** Subscriptions of one object: six exact, one for all its events, one with wildcards. */
  private static final int OF_ONE_OBJECT = 8;

  private static final List<String> EVENTS = List.of("Created", "Changed", "Deleted", "Blocked");

  /** Topics that are asked for again and again; all are remembered. */
  private static final int KNOWN = 4_000;

  /** More than the routing remembers, so that each of them is new when it comes round again. */
  private static final int FRESH = 100_000;

  /** Subscriptions in all. */
  @Param("100000")
  public int subscriptions;

  private Routing routing;
  private String[] topics;
  private int next;

  /** Fills the routing and makes the topics. */
  @Setup
  public void fill() {
    routing = routing(subscriptions);
    topics = new String[FRESH];
    for (int i = 0; i < FRESH; i++) {
      topics[i] = topic(i, subscriptions / OF_ONE_OBJECT);
    }
  }

  /** A topic that was published before. */
  @Benchmark
  public Set<QueueName> knownTopic() {
    next = next + 1 == KNOWN ? 0 : next + 1;
    return routing.queuesFor(topics[next]);
  }

  /** A topic that was never published before. */
  @Benchmark
  public Set<QueueName> newTopic() {
    next = next + 1 == FRESH ? 0 : next + 1;
    return routing.queuesFor(topics[next]);
  }

  /** Queues that a topic of the benchmark goes to, on average. */
  static double matches(int subscriptions) {
    Routing routing = routing(subscriptions);
    long found = 0;
    for (int i = 0; i < KNOWN; i++) {
      found += routing.queuesFor(topic(i, subscriptions / OF_ONE_OBJECT)).size();
    }
    return (double) found / KNOWN;
  }

  private static Routing routing(int subscriptions) {
    Map<QueueName, List<TopicPattern>> all = new LinkedHashMap<>();
    for (int i = 0; i < subscriptions; i++) {
      // Four subscriptions a queue, spread over objects.
      QueueName queue = new QueueName("acme/shop/one/queue-" + i / 4);
      all.computeIfAbsent(queue, name -> new ArrayList<>()).add(pattern(i));
    }
    Routing routing = new Routing();
    routing.load(all);
    return routing;
  }

  private static TopicPattern pattern(int number) {
    int object = number / OF_ONE_OBJECT;
    String event = EVENTS.get(number % EVENTS.size());
    return new TopicPattern(
        switch (number % OF_ONE_OBJECT) {
          case 6 -> "acme/shop/one/ce/beh/Object" + object + "/*";
          case 7 -> "acme/shop/one/+/beh/Object" + object + "/v1/" + event + "/+";
          default -> "acme/shop/one/ce/beh/Object" + object + "/v1/" + event + "/v1";
        });
  }

  /** Every topic is another one: the last segment but the first versions goes on counting. */
  private static String topic(int number, int objects) {
    int object = number % Math.max(1, objects);
    String event = EVENTS.get(number / Math.max(1, objects) % EVENTS.size());
    int version = 1 + number / Math.max(1, objects) / EVENTS.size();
    return "acme/shop/one/ce/beh/Object" + object + "/v1/" + event + "/v" + version;
  }
}
