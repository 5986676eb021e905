// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where a push goes. The request target is kept as the subscriber wrote it, since CAP's query holds
 * bare slashes (wire reference 7.1); only what cannot stand in a request line is escaped.
 *
 * @param target path and query, at least {@code /}
 */
record Endpoint(boolean tls, String host, int port, String target) {
  /**
   * @throws IllegalArgumentException if the text is no absolute http or https URL, or carries
   *     credentials
   */
  static Endpoint parse(String url) {
    int scheme = url.indexOf("://");
    String name = scheme < 0 ? "" : url.substring(0, scheme).toLowerCase(Locale.ROOT);
    if (!name.equals("http") && !name.equals("https")) {
      throw new IllegalArgumentException("the address must start with https:// or http://");
    }
    boolean tls = name.equals("https");
    String rest = url.substring(scheme + 3);
    int fragment = rest.indexOf('#');
    rest = fragment < 0 ? rest : rest.substring(0, fragment);
    int end = endOfAuthority(rest);
    String authority = rest.substring(0, end);
    String target = rest.substring(end);
    if (authority.indexOf('@') >= 0) {
      throw new IllegalArgumentException("the address must not carry a user");
    }
    int colon = authority.lastIndexOf(':');
    boolean hasPort = colon > authority.lastIndexOf(']');
    String host = hasPort ? authority.substring(0, colon) : authority;
    int port = hasPort ? port(authority.substring(colon + 1)) : tls ? 443 : 80;
    requireHost(host);
    return new Endpoint(tls, host, port, escaped(target.startsWith("/") ? target : "/" + target));
  }

  private static int endOfAuthority(String rest) {
    for (int i = 0; i < rest.length(); i++) {
      if (rest.charAt(i) == '/' || rest.charAt(i) == '?') {
        return i;
      }
    }
    return rest.length();
  }

  private static int port(String digits) {
    int port = digits.matches("[0-9]{1,5}") ? Integer.parseInt(digits) : 0;
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("the port of the address must be from 1 to 65535");
    }
    return port;
  }

  private static void requireHost(String host) {
    if (!host.matches("[A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]")) {
      throw new IllegalArgumentException("the address names no host");
    }
  }

  /** A space or a line end here would let a subscriber write headers of his own. */
  private static String escaped(String target) {
    StringBuilder text = new StringBuilder(target.length());
    for (byte b : target.getBytes(StandardCharsets.UTF_8)) {
      if (b > 0x20 && b < 0x7f) {
        text.append((char) b);
      } else {
        text.append('%').append(String.format(Locale.ROOT, "%02X", b & 0xff));
      }
    }
    return text.toString();
  }
}
