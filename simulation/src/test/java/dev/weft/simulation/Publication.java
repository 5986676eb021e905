// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.queue.AppendListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One message that was handed to the engine, and what its publisher was told. */
final class Publication implements AppendListener {
  /** What the publisher knows. */
  enum Answer {
    NONE,
    STORED,
    REFUSED
  }

  final int number;
  final Message message;
  final List<Copy> copies = new ArrayList<>();

  /** The earliest time that the engine may have stamped it with. */
  final long clockMillis;

  Answer answer = Answer.NONE;

  /** Latest time at which it can have entered its queues. */
  long answeredMillis = Long.MAX_VALUE;

  @Nullable MeshException refusal;

  private final Ledger ledger;
  private final int life;

  Publication(int number, Message message, long clockMillis, Ledger ledger) {
    this.number = number;
    this.message = message;
    this.clockMillis = clockMillis;
    this.ledger = ledger;
    this.life = ledger.life();
  }

  /** Bytes that say which message they are, and differ everywhere from those of another. */
  static byte[] body(int number, int length) {
    byte[] text = ("m" + number + ":").getBytes(StandardCharsets.US_ASCII);
    byte[] body = Arrays.copyOf(text, Math.max(text.length, length));
    long filler = number * 0x9E3779B97F4A7C15L;
    for (int i = text.length; i < body.length; i++) {
      filler = filler * 6364136223846793005L + 1442695040888963407L;
      body[i] = (byte) ('A' + (filler >>> 59));
    }
    return body;
  }

  /** The number in a body, -1 when it is none of ours. */
  static int number(byte[] body) {
    int number = 0;
    int at = 1;
    while (at < body.length && at < 10 && body[at] >= '0' && body[at] <= '9') {
      number = 10 * number + body[at] - '0';
      at++;
    }
    return at > 1 && body[0] == 'm' && at < body.length && body[at] == ':' ? number : -1;
  }

  @Override
  public void stored() {
    answered(Answer.STORED);
  }

  @Override
  public void refused(MeshException reason) {
    refusal = reason;
    answered(Answer.REFUSED);
  }

  private void answered(Answer told) {
    if (ledger.life() != life) {
      return; // The process that says so is dead.
    }
    ledger.require(answer == Answer.NONE, () -> "publication " + number + " is answered twice");
    answer = told;
    answeredMillis = ledger.clockMaxMillis();
    ledger.note(this);
  }

  /** Whether it is stored for certain: its publisher was told, or somebody saw it. */
  boolean promised() {
    return answer == Answer.STORED || copies.stream().anyMatch(copy -> copy.seen);
  }
}
