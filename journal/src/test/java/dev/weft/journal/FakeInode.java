// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Content of one file of a {@link FakeDisk}, as the page cache shows it and as the platter has it,
 * and the block writes between the two. Guarded by the disk.
 */
final class FakeInode {
  private static final int BLOCK = FakeDisk.BLOCK;
  private static final byte[] ZEROS = new byte[BLOCK];

  /**
   * A block as it was after a write: what the disk may have taken from the cache at that time.
   *
   * @param end of the file's bytes in this block
   */
  private record BlockWrite(int index, byte[] block, int end) {}

  /** Blocks are shared with copies and never changed. */
  private byte[][] current = {};

  int size;

  private byte[][] forced = {};
  private int forcedSize;
  private final List<BlockWrite> unforced = new ArrayList<>();

  /** A durable file. */
  FakeInode(byte[] content) {
    replace(content);
  }

  FakeInode(FakeInode from) {
    current = from.current.clone();
    size = from.size;
    forced = from.forced.clone();
    forcedSize = from.forcedSize;
    unforced.addAll(from.unforced);
  }

  /** Other bytes, durable at once. */
  void replace(byte[] content) {
    unforced.clear();
    current = new byte[0][];
    forced = current;
    size = 0;
    forcedSize = 0;
    write(ByteBuffer.wrap(content), 0);
    force();
  }

  byte[] content() {
    byte[] content = new byte[size];
    read(ByteBuffer.wrap(content), 0);
    return content;
  }

  int read(ByteBuffer into, long position) {
    int count = (int) Math.max(0, Math.min(into.remaining(), size - position));
    int at = (int) position;
    for (int left = count; left > 0; ) {
      int offset = at % BLOCK;
      int length = Math.min(left, BLOCK - offset);
      into.put(current[at / BLOCK], offset, length);
      at += length;
      left -= length;
    }
    return count;
  }

  void write(ByteBuffer bytes, int position) {
    int end = position + bytes.remaining();
    current = grown(current, end);
    size = Math.max(size, end);
    int at = position;
    while (bytes.hasRemaining()) {
      int index = at / BLOCK;
      int offset = at % BLOCK;
      int length = Math.min(bytes.remaining(), BLOCK - offset);
      byte[] block = current[index].clone();
      bytes.get(block, offset, length);
      block = Arrays.equals(block, ZEROS) ? ZEROS : block;
      current[index] = block;
      unforced.add(new BlockWrite(index, block, Math.max(at + length, forcedEnd(index))));
      at += length;
    }
  }

  private int forcedEnd(int index) {
    return Math.min(forcedSize, (index + 1) * BLOCK);
  }

  private static byte[][] grown(byte[][] blocks, int size) {
    int count = (size + BLOCK - 1) / BLOCK;
    if (count <= blocks.length) {
      return blocks;
    }
    byte[][] grown = Arrays.copyOf(blocks, count);
    Arrays.fill(grown, blocks.length, count, ZEROS);
    return grown;
  }

  void force() {
    unforced.forEach(this::reachPlatter);
    unforced.clear();
  }

  private void reachPlatter(BlockWrite write) {
    forced = grown(forced, write.end);
    forced[write.index] = write.block;
    forcedSize = Math.max(forcedSize, write.end);
  }

  /**
   * A force failed: the cache calls its pages clean, so that later forces write nothing.
   */
  void loseUnforced() {
    unforced.clear();
  }

  /**
   * What a loss of power leaves.
   *
   * @param all the fate of the whole disk, null to draw one for this file
   */
  FakeInode survivor(@Nullable Survivors all, RandomGenerator random) {
    FakeInode left = new FakeInode(this);
    Survivors mode = all == null ? Survivors.draw(random) : all;
    for (int at : mode.choose(unforced.size(), random)) {
      left.reachPlatter(unforced.get(at));
    }
    left.current = left.forced.clone();
    left.size = left.forcedSize;
    left.unforced.clear();
    return left;
  }
}
