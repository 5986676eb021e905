// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The model of ALICE that T-302 stands on: what a loss of power may leave, and what it may not. */
class FakeDiskTest {
  private final FakeDisk disk = new FakeDisk();

  private static ByteBuffer filled(int value, int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return ByteBuffer.wrap(bytes);
  }

  private Set<String> outcomes() {
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 2_000; seed++) {
      FakeDisk left = disk.copy().afterPowerLoss(new SplittableRandom(seed));
      StringBuilder outcome = new StringBuilder();
      for (String name : left.list()) {
        outcome.append(name).append(':');
        byte[] content = left.content(name);
        for (int at = 0; at < content.length; at += FakeDisk.BLOCK) {
          outcome.append(content[at]);
        }
        outcome.append(' ');
      }
      seen.add(outcome.toString().strip());
    }
    return seen;
  }

  @Test
  void eachUnforcedBlockIsKeptOrLostByItself() throws IOException {
    Disk.File file = disk.open("f");
    file.write(filled(1, 2 * FakeDisk.BLOCK), 0);
    file.force();
    disk.sync();
    file.write(filled(2, 2 * FakeDisk.BLOCK), 0);

    assertThat(outcomes()).containsExactlyInAnyOrder("f:11", "f:12", "f:21", "f:22");
  }

  @Test
  void anOlderVersionOfABlockMaySurvive() throws IOException {
    Disk.File file = disk.open("f");
    disk.sync();
    file.write(filled(1, FakeDisk.BLOCK), 0);
    file.write(filled(2, FakeDisk.BLOCK), 0);

    assertThat(outcomes()).containsExactlyInAnyOrder("f:", "f:1", "f:2");
  }

  @Test
  void namesAreLostWithoutASyncOfTheDirectory() throws IOException {
    Disk.File file = disk.open("a");
    file.write(filled(1, FakeDisk.BLOCK), 0);
    file.force();
    disk.rename("a", "b");

    assertThat(outcomes()).containsExactlyInAnyOrder("", "a:1", "b:1");
    disk.sync();
    assertThat(outcomes()).containsExactly("b:1");
  }

  @Test
  void aKillLosesNothingAndMakesNothingDurable() throws IOException {
    Disk.File file = disk.open("f");
    file.write(filled(1, FakeDisk.BLOCK), 0);

    FakeDisk after = disk.afterKill();

    assertThat(after.content("f")).containsOnly(1).hasSize(FakeDisk.BLOCK);
    assertThatThrownBy(file::force).isInstanceOf(IOException.class);
    assertThat(after.afterPowerLoss(new SplittableRandom(3)).list()).isIn(List.of(), List.of("f"));
  }

  /** the cache calls pages clean whose force failed. */
  @Test
  void aSecondForceAfterAFailedOneForcesNothing() throws IOException {
    Disk.File file = disk.open("f");
    disk.sync();
    file.write(filled(1, FakeDisk.BLOCK), 0);
    disk.failOnceAfter(0);
    assertThatThrownBy(file::force).hasMessage("Input/output error");

    file.force();

    assertThat(outcomes()).containsExactly("f:");
  }

  @Test
  void aWriteThatFindsNoRoomWritesWhatFits() throws IOException {
    Disk.File file = disk.open("f");
    disk.room(700);

    assertThatThrownBy(() -> file.write(filled(1, 1024), 0)).hasMessageContaining("No space");

    assertThat(disk.content("f")).containsOnly(1).hasSize(700);
  }
}
