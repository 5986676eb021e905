// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Parameters of a query and a form body together, decoded and raw. */
final class FormParameters {
  /** More than any client sends; each is a comparison of secrets at worst. */
  private static final int COUNT_MAX = 32;

  /** A name and its value in both readings. */
  record Parameter(String name, String raw, String decoded) {
    /** Never the value: it may be a secret. */
    @Override
    public String toString() {
      return "Parameter[" + name + "]";
    }
  }

  private final List<Parameter> parameters = new ArrayList<>();

  private FormParameters() {}

  /** Those of a token request; JSON bodies are ignored (wire reference 3.2). */
  static FormParameters of(TokenRequest request) {
    var all = new FormParameters();
    byte[] body = request.body();
    if (body != null && !isJson(request.contentType())) {
      all.read(new String(body, StandardCharsets.UTF_8));
    }
    String query = request.query();
    if (query != null) {
      all.read(query);
    }
    return all;
  }

  private static boolean isJson(@Nullable String contentType) {
    return contentType != null
        && contentType.strip().regionMatches(true, 0, "application/json", 0, 16);
  }

  private void read(String text) {
    int start = 0;
    while (start < text.length() && parameters.size() < COUNT_MAX) {
      int end = text.indexOf('&', start);
      end = end < 0 ? text.length() : end;
      int equals = text.indexOf('=', start);
      if (equals > start && equals < end) {
        String raw = text.substring(equals + 1, end);
        parameters.add(
            new Parameter(formDecoded(text.substring(start, equals)), raw, formDecoded(raw)));
      }
      start = end + 1;
    }
  }

  List<Parameter> all(String name) {
    return parameters.stream().filter(parameter -> parameter.name().equals(name)).toList();
  }

  /** As {@code application/x-www-form-urlencoded}; a text that is not stays as it is. */
  private static String formDecoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException unescaped) {
      return text;
    }
  }

  /** {@code %xx} only: a plus stays a plus. */
  static String percentDecoded(String text) {
    return formDecoded(text.replace("+", "%2B"));
  }
}
