// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.file.Path;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * How long our server takes to find the queues of a topic: {@link RoutingBenchmark} in a JVM of its
 * own, without server and network.
 *
 * @param subscriptions pairs of queue and topic pattern
 */
record RoutingCell(int subscriptions) implements Cell {
  private static final int WARMUPS = 3;
  private static final int MEASUREMENTS = 5;
  private static final double NANOS_PER_MICRO = 1e3;

  @Override
  public String name() {
    return "routing, " + subscriptions + " subscriptions";
  }

  @Override
  public Table table() {
    return Table.ROUTING;
  }

  @Override
  public int rounds() {
    return 3;
  }

  @Override
  public boolean suits(Peer peer) {
    return peer instanceof WeftPeer;
  }

  @Override
  public Map<Metric, Double> measure(Peer peer, Stage stage) {
    stage.stopAll();
    Path log = stage.work().resolve("jmh.log");
    var options =
        new OptionsBuilder()
            .include("\\b" + RoutingBenchmark.class.getSimpleName() + "\\b")
            .param("subscriptions", Integer.toString(subscriptions))
            .forks(1)
            .threads(1)
            .jvm(ServerProcess.java())
            .jvmArgs("-Xmx1g", "-XX:+UseSerialGC")
            .warmupIterations(WARMUPS)
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(MEASUREMENTS)
            .measurementTime(TimeValue.seconds(1))
            .shouldFailOnError(true)
            .output(log.toString())
            .build();
    try {
      Map<Metric, Double> values = new EnumMap<>(Metric.class);
      Collection<RunResult> results = new Runner(options).run();
      for (RunResult result : results) {
        Metric metric =
            result.getPrimaryResult().getLabel().equals("newTopic")
                ? Metric.ROUTE_NEW_MICROS
                : Metric.ROUTE_KNOWN_MICROS;
        values.put(metric, result.getPrimaryResult().getScore() / NANOS_PER_MICRO);
      }
      values.put(Metric.MATCHES, RoutingBenchmark.matches(subscriptions));
      return values;
    } catch (RunnerException e) {
      throw new BenchFailure("the benchmark failed; its output is in " + log, e);
    }
  }
}
