// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.util.Arrays;

/**
 * What one consumer holds, as pairs of sequence and hand-out number. Settled pairs are left behind
 * and swept when they outnumber the others, so that settling costs nothing here. Belongs to the
 * queue's loop.
 */
final class UnsettledDeliveries {
  /** Tells whether a pair is still held. */
  interface Held {
    boolean test(long sequence, int acquired);
  }

  private long[] sequences = new long[8];
  private int[] acquired = new int[8];
  private int size;

  void add(long sequence, int acquiredCount, int heldCount, Held held) {
    if (size == sequences.length) {
      if (heldCount < size / 2) {
        sweep(held);
      } else {
        sequences = Arrays.copyOf(sequences, 2 * size);
        acquired = Arrays.copyOf(acquired, 2 * size);
      }
    }
    sequences[size] = sequence;
    acquired[size] = acquiredCount;
    size++;
  }

  /** Keeps the pairs that are held and returns their sequences in the order of the queue. */
  long[] held(Held held) {
    sweep(held);
    long[] result = Arrays.copyOf(sequences, size);
    Arrays.sort(result);
    return result;
  }

  private void sweep(Held held) {
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (held.test(sequences[i], acquired[i])) {
        sequences[kept] = sequences[i];
        acquired[kept] = acquired[i];
        kept++;
      }
    }
    size = kept;
  }
}
