// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * How the operator's commands reach a running server; written beside the data (0600) at each start.
 *
 * @param url where the server listens, which may differ from its public address
 * @param token bearer token of the operator's API
 * @param caFile PEM file of the CA, null without TLS
 */
public record OperatorAccess(String url, String token, @Nullable Path caFile) {
  private static final int TOKEN_BYTES = 32;

  /** A token of 256 random bits. */
  static String newToken(SecureRandom random) {
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  void write(Path file) throws IOException {
    var document = JsonMapper.shared().createObjectNode().put("url", url).put("token", token);
    if (caFile != null) {
      document.put("caFile", caFile.toString());
    }
    PrivateFiles.write(file, document.toPrettyString() + "\n");
  }

  /**
   * @throws IOException if it is missing or no such file
   */
  public static OperatorAccess read(Path file) throws IOException {
    try {
      JsonNode document = JsonMapper.shared().readTree(java.nio.file.Files.readString(file));
      JsonNode ca = document.path("caFile");
      return new OperatorAccess(
          document.path("url").asString(),
          document.path("token").asString(),
          ca.isString() ? Path.of(ca.asString()) : null);
    } catch (JacksonException e) {
      throw new IOException(file + " is no operator file");
    }
  }

  /** Compares in constant time. */
  boolean admits(@Nullable String authorization) {
    return authorization != null
        && MessageDigest.isEqual(
            ("Bearer " + token).getBytes(StandardCharsets.UTF_8),
            authorization.getBytes(StandardCharsets.UTF_8));
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "OperatorAccess[" + url + "]";
  }
}
