// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.queue.MeshException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The path of a request below a base, cut at its slashes while it is still encoded and then decoded
 * once: {@code %2F} is data, {@code +} is a plus (wire reference, rule 6 and 8.1).
 */
final class PathSegments {
  private PathSegments() {}

  /**
   * @param rawPath as it came, query excluded
   * @return null when the path is not below the base
   * @throws MeshException.MalformedName if an escape is broken
   */
  static @Nullable List<String> below(String base, @Nullable String rawPath) {
    if (rawPath == null
        || !rawPath.startsWith(base)
        || rawPath.length() <= base.length() + 1
        || rawPath.charAt(base.length()) != '/') {
      return null;
    }
    List<String> segments = new ArrayList<>();
    for (String raw : rawPath.substring(base.length() + 1).split("/", -1)) {
      segments.add(decode(raw));
    }
    return segments;
  }

  private static String decode(String raw) {
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    ByteBuffer bytes = ByteBuffer.allocate(raw.length() * 3);
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) != '%') {
        bytes.put(raw.substring(i, i + 1).getBytes(StandardCharsets.UTF_8));
        continue;
      }
      if (i + 2 >= raw.length()
          || Character.digit(raw.charAt(i + 1), 16) < 0
          || Character.digit(raw.charAt(i + 2), 16) < 0) {
        throw new MeshException.MalformedName("path", raw, "an escape is broken");
      }
      bytes.put((byte) Integer.parseInt(raw, i + 1, i + 3, 16));
      i += 2;
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
    } catch (CharacterCodingException e) {
      throw new MeshException.MalformedName("path", raw, "its escapes are not UTF-8");
    }
  }
}
