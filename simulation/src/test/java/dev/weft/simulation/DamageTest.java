// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.journal.FakeDisk;
import dev.weft.journal.JournalEngine;
import dev.weft.journal.SeededLoops;
import dev.weft.journal.StoreException;
import dev.weft.queue.FakeClock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/**
 * T-303, T-304, T-313: a store that was stopped in order is damaged in one place and opened. Either
 * it is refused and nothing in it was changed, or it shows nothing altered, and misses
 * nothing unless the damage took the end of the log with all that could prove it.
 *
 * <p>System property {@code weft.damage.stride}: of every so many bits and lengths one is tried, 1
 * for all of them.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(36_000)
class DamageTest {
  private static final int STRIDE = Integer.getInteger("weft.damage.stride", 37);

  private World world;
  private FakeDisk sound;
  private String segment;

  /** Where the last record ends. */
  private int logEnd;

  private int refused;
  private int recovered;

  @BeforeAll
  void makeAStore() {
    world = new World(4, new Probe(4, Probe.NONE));
    world.start();
    SplittableRandom random = new SplittableRandom(11);
    List<Operation> steps = new ArrayList<>();
    for (Operation step : Operation.draw(random, 230)) {
      switch (step.kind()) {
        case STOP, KILL, POWER_LOSS, FAULT, ROOM, CLOCK, BURST -> {}
        default -> steps.add(step);
      }
    }
    steps.add(new Operation(Operation.Kind.REST, 0, 0));
    steps.forEach(world::step);
    world.close();
    sound = world.disk.copy();
    List<String> segments =
        sound.list().stream().filter(name -> name.endsWith(".log")).sorted().toList();
    segment = segments.getFirst();
    byte[] content = sound.content(segment);
    logEnd = content.length;
    while (content[logEnd - 1] == 0) {
      logEnd--;
    }
  }

  /** Opens it; whether it was not refused. */
  private boolean opens(FakeDisk damaged, boolean mayMiss, String what) {
    var before = damaged.fingerprint();
    FakeClock clock = new FakeClock(world.clock.instant());
    SeededLoops loops = new SeededLoops(clock, new SplittableRandom(1));
    JournalEngine engine;
    try {
      engine = JournalEngine.open(damaged, loops, world.settings, clock, new SplittableRandom(1));
    } catch (StoreException.Corrupt | StoreException.Unreadable e) {
      assertThat(damaged.fingerprint()).as("refused and changed: " + what).isEqualTo(before);
      refused++;
      return false;
    }
    Shown shown = Shown.of(engine, loops);
    recovered++;
    String fault =
        mayMiss
            ? Audit.faultButLoss(world.ledger, shown, clock.millis())
            : Audit.fault(world.ledger, shown, Audit.After.KILL, clock.millis());
    assertThat(fault).as(what).isNull();
    return true;
  }

  private FakeDisk with(byte[] content) {
    FakeDisk damaged = sound.copy();
    damaged.put(segment, content);
    return damaged;
  }

  @Test
  void theStoreIsSound() {
    assertThat(opens(sound.copy(), false, "undamaged")).isTrue();
    assertThat(logEnd).isGreaterThan(16 * 1024);
  }

  /** T-303: at every length. */
  @Test
  void everyTruncationIsRefusedOrATornTail() {
    byte[] content = sound.content(segment);
    for (int length = 0; length < content.length; length += length < logEnd ? STRIDE : 997) {
      opens(with(Arrays.copyOf(content, length)), true, "cut to " + length);
    }
    for (int length = logEnd - 200; length <= logEnd + 200; length++) {
      opens(with(Arrays.copyOf(content, length)), true, "cut to " + length);
      byte[] zeros = Arrays.copyOf(Arrays.copyOf(content, length), content.length);
      opens(with(zeros), true, "zeros from " + length);
    }
    assertThat(refused).isPositive();
    assertThat(recovered).isPositive();
  }

  /** T-304: every bit of the segment. */
  @Test
  void noFlippedBitAltersOrLosesAPromisedMessage() {
    byte[] content = sound.content(segment);
    for (int bit = 0; bit < 8 * (logEnd + 100); bit += STRIDE) {
      byte[] flipped = content.clone();
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      // The record that says the stop was in order proves all others, and itself nothing.
      opens(with(flipped), false, "bit " + bit);
    }
    assertThat(refused).isPositive();
  }

  /** T-304: 512 B and 4 KiB blocks. */
  @Test
  void noSwappedDoubledOrLostBlockAltersAMessage() {
    byte[] content = sound.content(segment);
    for (int size : new int[] {512, 4096}) {
      int blocks = logEnd / size + 1;
      for (int from = 0; from < blocks; from++) {
        byte[] zeroed = content.clone();
        Arrays.fill(zeroed, from * size, (from + 1) * size, (byte) 0);
        boolean end = (from + 1) * size >= logEnd - 200;
        opens(with(zeroed), end, "zeroed " + size + " at " + from);
        for (int to = 0; to < blocks; to += 1 + (from + to) % STRIDE) {
          byte[] doubled = content.clone();
          System.arraycopy(content, from * size, doubled, to * size, size);
          boolean touchesEnd = end || (to + 1) * size >= logEnd - 200;
          opens(with(doubled), touchesEnd, "doubled " + size + " " + from + " to " + to);
          byte[] swapped = doubled.clone();
          System.arraycopy(content, to * size, swapped, from * size, size);
          opens(with(swapped), touchesEnd, "swapped " + size + " " + from + " and " + to);
        }
      }
    }
    assertThat(refused).isPositive();
  }

  /** T-313, R-224: whatever is neither log nor manifest is a cache. */
  @Test
  void everythingButTheLogAndTheManifestMayBeMissingOrDamaged() {
    var content = content(sound.copy());
    for (String name : sound.list()) {
      if (name.endsWith(".log") || name.startsWith("manifest")) {
        continue;
      }
      FakeDisk without = sound.copy();
      without.remove(name);
      assertThat(content(without)).as("without " + name).isEqualTo(content);
      byte[] bytes = sound.content(name);
      for (int bit = 0; bit < 8 * bytes.length; bit += STRIDE) {
        byte[] flipped = bytes.clone();
        flipped[bit / 8] ^= (byte) (1 << (bit % 8));
        FakeDisk damaged = sound.copy();
        damaged.put(name, flipped);
        assertThat(content(damaged)).as(name + " bit " + bit).isEqualTo(content);
      }
    }
  }

  /** one whole copy is enough, whichever it is. */
  @Test
  void oneManifestMayBeDamaged() {
    for (String name : List.of("manifest-a", "manifest-b")) {
      if (sound.list().contains(name)) {
        byte[] bytes = sound.content(name);
        for (int bit = 0; bit < 8 * bytes.length; bit++) {
          byte[] flipped = bytes.clone();
          flipped[bit / 8] ^= (byte) (1 << (bit % 8));
          FakeDisk damaged = sound.copy();
          damaged.put(name, flipped);
          opens(damaged, false, name + " bit " + bit);
        }
      }
    }
    assertThat(recovered).isPositive();
  }

  private Object content(FakeDisk disk) {
    FakeClock clock = new FakeClock(world.clock.instant());
    SeededLoops loops = new SeededLoops(clock, new SplittableRandom(1));
    return Shown.of(
            JournalEngine.open(disk, loops, world.settings, clock, new SplittableRandom(1)), loops)
        .content();
  }
}
