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

  /** The next id as an AMQP string. */
  byte[] nextEncoded() {
    String id = next();
    byte[] encoded = new byte[id.length() + 2];
    encoded[0] = (byte) 0xa1;
    encoded[1] = (byte) id.length();
    for (int i = 0; i < id.length(); i++) {
      encoded[i + 2] = (byte) id.charAt(i);
    }
    return encoded;
  }

  public String next() {
    return prefix + Long.toHexString(counter.incrementAndGet());
  }
}
