// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;

/**
 * Frozen input of {@link AccessControl}.
 *
 * @param publicUrl scheme, host and port as clients reach us, without a trailing slash and without
 *     a path, e.g. {@code https://localhost:8443}; written into keys and tokens
 * @param tokenLifetime 43 199 s as the original's (wire reference 3.3); 1 s to 24 days, since CAP
 *     keeps it in a timer that overflows at 2³¹ ms
 * @param signingKeyAgeMax age at which a new signing key takes over, 30 days
 */
public record AccessSettings(String publicUrl, Duration tokenLifetime, Duration signingKeyAgeMax) {
  public static final Duration TOKEN_LIFETIME = Duration.ofSeconds(43_199);
  public static final Duration SIGNING_KEY_AGE_MAX = Duration.ofDays(30);

  public AccessSettings {
    requireBareUrl(publicUrl);
    if (tokenLifetime.toSeconds() < 1 || tokenLifetime.toDays() > 24) {
      throw new IllegalArgumentException("tokenLifetime must be from 1 s to 24 days");
    }
    if (!signingKeyAgeMax.isPositive()) {
      throw new IllegalArgumentException("signingKeyAgeMax must be positive");
    }
  }

  /** Defaults for everything but the address. */
  public static AccessSettings of(String publicUrl) {
    return new AccessSettings(publicUrl, TOKEN_LIFETIME, SIGNING_KEY_AGE_MAX);
  }

  /** The same, with tokens of another lifetime. */
  public AccessSettings withTokenLifetime(Duration lifetime) {
    return new AccessSettings(publicUrl, lifetime, signingKeyAgeMax);
  }

  /** Host, and port when the address has one. */
  String authority() {
    return URI.create(publicUrl).getAuthority();
  }

  /** The same place for WebSockets. */
  String webSocketUrl() {
    return publicUrl.replaceFirst("^http", "ws");
  }

  private static void requireBareUrl(String publicUrl) {
    try {
      var url = new URI(publicUrl);
      boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
      if (web
          && url.getHost() != null
          && url.getUserInfo() == null
          && publicUrl.equals(url.getScheme() + "://" + url.getAuthority())) {
        return;
      }
    } catch (URISyntaxException malformed) {
      // Refused below, as any other address that is not bare.
    }
    throw new IllegalArgumentException(
        "publicUrl must be http(s)://host[:port] without a path: " + publicUrl);
  }
}
