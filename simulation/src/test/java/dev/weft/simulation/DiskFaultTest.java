// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * T-305, T-306, R-214: the disk fails at every one of its operations, or runs out of room after any
 * number of bytes; then the process or the power goes. Nobody was told what is not so.
 */
@Timeout(3_600)
class DiskFaultTest {
  private static final int OPERATIONS_OF_THE_DISK = 120;

  private static void run(String what, boolean powerLoss, Consumer<World> fault) {
    World world = new World(7, new Probe(7, Probe.NONE));
    String found = null;
    try {
      world.start();
      fault.accept(world);
      for (Operation step : steps()) {
        world.step(step);
      }
      world.step(new Operation(powerLoss ? Operation.Kind.POWER_LOSS : Operation.Kind.KILL, 0, 0));
      world.step(new Operation(Operation.Kind.REST, 0, 0));
    } catch (AssertionError | RuntimeException e) {
      found = e + "\n  " + world.history();
    }
    assertThat(found).as(what).isNull();
  }

  private static List<Operation> steps() {
    return Operation.draw(new SplittableRandom(7), 70).stream()
        .filter(
            step ->
                switch (step.kind()) {
                  case STOP, KILL, POWER_LOSS, FAULT, ROOM, CLOCK -> false;
                  default -> true;
                })
        .toList();
  }

  @Test
  void everyOperationMayFailOnceOrForGood() {
    for (int at = 0; at < OPERATIONS_OF_THE_DISK; at++) {
      for (int way = 0; way < 4; way++) {
        boolean forGood = way % 2 == 0;
        int count = at;
        run("fails at " + at + " way " + way, way < 2, world -> world.failAfter(count, forGood));
      }
    }
  }

  @Test
  void theRoomMayEndAnywhere() {
    for (int bytes = 0; bytes < 400_000; bytes += 1_777) {
      int room = bytes;
      run("room for " + bytes, bytes % 2 == 0, world -> world.leaveRoom(room));
    }
  }
}
