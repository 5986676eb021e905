// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;
import java.util.random.RandomGenerator;

/** The HTTP exchange that opens a WebSocket. Source: RFC 6455, 4.1. */
final class UpgradeExchange {
  /** Appended to the key before it is hashed. Source: RFC 6455, 1.3. */
  private static final String SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};

  private final Target target;
  private final String key;

  UpgradeExchange(Target target, RandomGenerator random) {
    this.target = target;
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    key = Base64.getEncoder().encodeToString(nonce);
  }

  byte[] request() {
    StringBuilder request = new StringBuilder();
    request.append("GET ").append(target.path()).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(target.host()).append(':').append(target.port());
    request.append("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
    request.append("Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: amqp\r\n");
    request.append("Sec-WebSocket-Key: ").append(key).append("\r\n");
    if (target.authorization() != null) {
      request.append("Authorization: ").append(target.authorization()).append("\r\n");
    }
    return request.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * Reads the response if it is there as a whole; bytes behind it are left.
   *
   * @return whether the WebSocket is open
   * @throws ProtocolViolation if the server refused
   */
  boolean response(ByteBuffer in) {
    int end = end(in);
    if (end < 0) {
      return false;
    }
    byte[] bytes = new byte[end - in.position()];
    in.get(bytes);
    String response = new String(bytes, StandardCharsets.ISO_8859_1);
    if (!response.startsWith("HTTP/1.1 101")) {
      throw new ProtocolViolation("upgrade refused: " + response.lines().findFirst().orElse(""));
    }
    if (!header(response, "sec-websocket-accept").equals(accept(key))) {
      throw new ProtocolViolation("upgrade answered with the wrong Sec-WebSocket-Accept");
    }
    if (!header(response, "sec-websocket-protocol").equals("amqp")) {
      throw new ProtocolViolation("upgrade answered without the subprotocol amqp");
    }
    return true;
  }

  /** What a server answers to a key. */
  static String accept(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + SUFFIX).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-1", e);
    }
  }

  private static String header(String response, String name) {
    return response
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElse("");
  }

  private static int end(ByteBuffer in) {
    for (int at = in.position(); at + BLANK_LINE.length <= in.limit(); at++) {
      if (in.get(at) == '\r' && in.getInt(at) == ByteBuffer.wrap(BLANK_LINE).getInt()) {
        return at + BLANK_LINE.length;
      }
    }
    return -1;
  }
}
