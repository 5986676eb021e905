// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * T-323: the test of the tests. Each bug is planted into the compiled engine and must be found by
 * the simulation within its budget of seeds.
 *
 * <p>System property {@code weft.mutants}: {@code all} for all of them, otherwise five.
 */
@Timeout(3_600)
class PlantedFaultTest {
  private static final int SEEDS = 150;
  private static final int PER_BUILD = 5;

  private static final List<PlantedFault> ALL =
      List.of(
          new PlantedFault("accepted before the force", "LogWriter", "commit", "force"),
          new PlantedFault("the outbox of outcomes is not sent", "Outcomes", "report", "send"),
          new PlantedFault("no force of the directory", "SegmentPool", "prepare", "sync"),
          new PlantedFault("moved, and not removed", "QueueRecovery", "moved", "recoverRemoved"),
          new PlantedFault("hand-outs are not marked", "HandOutMarks", "write", "write"),
          new PlantedFault("returns are not told", "Outcomes", "reportReturns", "send"),
          new PlantedFault("manifest without force", "Manifest", "write", "force"),
          new PlantedFault("manifest not written", "Manifest", "write", "write"),
          new PlantedFault("moved, and not added", "QueueRecovery", "moved", "addEntry"),
          new PlantedFault("settled comes back", "QueueRecovery", "settled", "recoverRemoved"),
          new PlantedFault("deleted comes back", "QueueRecovery", "deleted", "remove"),
          new PlantedFault("unproven records are dropped", "StoreRecovery", "begin", "rewrite"),
          new PlantedFault("recovery without force", "StoreRecovery", "begin", "force"),
          new PlantedFault("record without check", "RecordFormat", "isValid", "checksum"),
          new PlantedFault("what a consumer held is lost", "HandOuts", "close", "returnUnsettled"),
          new PlantedFault("drain without answer", "HandOuts", "answerDrains", "drained"),
          new PlantedFault("delivery gets lost", "HandOuts", "deliver", "delivered"),
          new PlantedFault("a move is not told", "DeadMove", "durable", "enqueue"),
          new PlantedFault("a move is not ended", "DeadMove", "durable", "tell"),
          new PlantedFault("publisher is not told", "Append", "answer", "stored"),
          new PlantedFault("an entry is not entered", "Append", "durable", "enqueue"),
          new PlantedFault("a deletion is not told", "Deletion", "durable", "tell"),
          new PlantedFault("settled is not removed", "Outcomes", "remove", "removeInto"),
          new PlantedFault("returned is not parked", "Outcomes", "comeBack", "park"),
          new PlantedFault("messages hold no segment", "Append", "write", "hold"),
          new PlantedFault("a hand-out is not journaled", "HandOuts", "handOutAgain", "offer"),
          new PlantedFault("a held message is told settled", "Outcomes", "settle", "settled"),
          new PlantedFault("a queue is not made known", "Declaration", "durable", "publish"),
          new PlantedFault("marks are not read", "HandOutMarks", "read", "read"));

  static List<PlantedFault> faults() {
    return "all".equals(System.getProperty("weft.mutants")) ? ALL : ALL.subList(0, PER_BUILD);
  }

  @ParameterizedTest
  @MethodSource("faults")
  void theSimulationFindsIt(PlantedFault fault) throws ReflectiveOperationException {
    assertThat(firstFinding(fault.campaign())).as("found: " + fault).isNotNull();
  }

  private static @Nullable String firstFinding(LongFunction<@Nullable String> campaign) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      String found = campaign.apply(seed);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  @Test
  void theEngineWithoutABugPassesTheSameHunt() {
    Hunt hunt = new Hunt();
    for (long seed = 1; seed <= 20; seed++) {
      assertThat(hunt.apply(seed)).isNull();
    }
  }

  static List<PlantedFault> all() {
    return ALL;
  }
}
