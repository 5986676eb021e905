// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The body of a message: {@code publisher:number:} and random text, so that it tells by itself who
 * it is.
 */
final class Payload {
  private Payload() {}

  static byte[] of(MessageId id, int fillerBytes, RandomGenerator random) {
    StringBuilder text = new StringBuilder(id.toString()).append(':');
    for (int i = 0; i < fillerBytes; i++) {
      text.append((char) ('a' + random.nextInt(26)));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  static long hash(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return (crc.getValue() << 24) ^ body.length;
  }

  /** Who the body says it is; null when it says nothing of the kind. */
  static @Nullable MessageId id(byte[] body) {
    String[] parts = new String(body, StandardCharsets.US_ASCII).split(":", 3);
    if (parts.length != 3 || !isNumber(parts[0]) || !isNumber(parts[1])) {
      return null;
    }
    return new MessageId(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
  }

  private static boolean isNumber(String text) {
    return !text.isEmpty()
        && text.length() < 10
        && text.chars().allMatch(character -> character >= '0' && character <= '9');
  }
}
