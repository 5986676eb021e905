// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Text of a message as the value of an HTTP header. A publisher over AMQP may put anything into a
 * message id or a content type; a line end there must not become a header of its own. Bytes outside
 * printable ASCII are percent-encoded, as CloudEvents does it (HTTP protocol binding 3.1.3.2).
 */
public final class HeaderText {
  private HeaderText() {}

  /** The text itself when it is printable ASCII. */
  public static String of(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isPrintable(text.charAt(i))) {
        return escaped(text);
      }
    }
    return text;
  }

  private static String escaped(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (isPrintable((char) (b & 0xff))) {
        out.append((char) b);
      } else {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }

  private static boolean isPrintable(char c) {
    return c >= 0x20 && c < 0x7f;
  }
}
