// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which messages were sent, accepted and received, one bit each, so that a lost, doubled or
 * invented one is found and not only a wrong sum. Owned by the generator's thread; may outlive one
 * load, as messages outlive a restart of the server.
 */
final class Ledger {
  /** Failures kept word for word; a broken server makes millions. */
  private static final int FAILURES_MAX = 10;

  private final int run;
  private final long[] sent;
  private final long[] received;
  private final Bits[] acceptedBits;
  private final Bits[] receivedBits;
  private final List<String> failures = new ArrayList<>();
  private long sentTotal;
  private long acceptedTotal;
  private long receivedTotal;
  private long failureTotal;

  /**
   * @param run a number that tells messages of this ledger from older ones in the same queue
   */
  Ledger(int publishers, int run) {
    this.run = run;
    sent = new long[publishers];
    received = new long[publishers];
    acceptedBits = new Bits[publishers];
    receivedBits = new Bits[publishers];
    Arrays.setAll(acceptedBits, i -> new Bits());
    Arrays.setAll(receivedBits, i -> new Bits());
  }

  int run() {
    return run;
  }

  int publishers() {
    return sent.length;
  }

  /** Every message sent is due once more: from the next queue that got a copy of each. */
  void expectAgain() {
    Arrays.fill(received, 0);
    Arrays.setAll(receivedBits, i -> new Bits());
    receivedTotal = 0;
  }

  /** Counts a message of a publisher as sent and returns its sequence, from 0. */
  long send(int publisher) {
    sentTotal++;
    return sent[publisher]++;
  }

  void accept(int publisher, long sequence) {
    if (sequence >= sent[publisher] || !acceptedBits[publisher].add(sequence)) {
      fail("publisher " + publisher + ": message " + sequence + " accepted twice or never sent");
      return;
    }
    acceptedTotal++;
  }

  void receive(int ofRun, int publisher, long sequence) {
    if (ofRun != run || publisher < 0 || publisher >= sent.length) {
      fail("a message that this run never sent");
      return;
    }
    if (sequence < 0 || sequence >= sent[publisher] || !receivedBits[publisher].add(sequence)) {
      fail("publisher " + publisher + ": message " + sequence + " received twice or never sent");
      return;
    }
    received[publisher]++;
    receivedTotal++;
  }

  void fail(String failure) {
    failureTotal++;
    if (failures.size() < FAILURES_MAX) {
      failures.add(failure);
    }
  }

  /** Whether anything went wrong; nothing that comes after it can be trusted. */
  boolean isBroken() {
    return failureTotal > 0;
  }

  long sent() {
    return sentTotal;
  }

  long sent(int publisher) {
    return sent[publisher];
  }

  long accepted() {
    return acceptedTotal;
  }

  long received() {
    return receivedTotal;
  }

  /** Messages of a publisher that no consumer has seen. */
  long outstanding(int publisher) {
    return sent[publisher] - received[publisher];
  }

  /** Everything that went wrong, in words; empty when nothing did. */
  List<String> failures() {
    List<String> all = new ArrayList<>(failures);
    if (failureTotal > failures.size()) {
      all.add((failureTotal - failures.size()) + " failures more");
    }
    return all;
  }

  /** As {@link #failures()}, and every message sent must have been accepted and received. */
  List<String> audit() {
    List<String> all = failures();
    if (acceptedTotal != sentTotal) {
      all.add((sentTotal - acceptedTotal) + " of " + sentTotal + " messages were never accepted");
    }
    if (receivedTotal != acceptedTotal) {
      all.add((acceptedTotal - receivedTotal) + " accepted messages were never received");
    }
    return all;
  }

  /**
   * A growing set of small numbers; {@link java.util.BitSet} stops at two thousand millions too.
   */
  private static final class Bits {
    private long[] words = new long[1024];

    boolean add(long number) {
      int word = Math.toIntExact(number >>> 6);
      if (word >= words.length) {
        words = Arrays.copyOf(words, Math.max(word + 1, 2 * words.length));
      }
      long bit = 1L << number;
      boolean fresh = (words[word] & bit) == 0;
      words[word] |= bit;
      return fresh;
    }
  }
}
