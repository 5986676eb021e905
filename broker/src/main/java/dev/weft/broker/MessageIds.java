// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * Makes ids for messages whose publisher gave none (wire reference 4.8): 16 random hex digits,
 * drawn once, and a counter. Unique, not secret. Safe for any thread.
 */
public final class MessageIds {
  private final String prefix;
  private final AtomicLong counter = new AtomicLong();

  public MessageIds(RandomGenerator random) {
    this.prefix = HexFormat.of().toHexDigits(random.nextLong()) + "-";
  }

  /** The next id as an AMQP string; made digit by digit, as it is made for most messages. */
  byte[] nextEncoded() {
    long number = counter.incrementAndGet();
    int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(number)) / 4);
    int start = prefix.length();
    byte[] encoded = new byte[2 + start + digits];
    encoded[0] = (byte) 0xa1;
    encoded[1] = (byte) (start + digits);
    for (int i = 0; i < start; i++) {
      encoded[2 + i] = (byte) prefix.charAt(i);
    }
    for (int i = 1; i <= digits; i++) {
      int digit = (int) (number >> (4 * (digits - i))) & 0xf;
      encoded[1 + start + i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    return encoded;
  }

  public String next() {
    return prefix + Long.toHexString(counter.incrementAndGet());
  }
}
