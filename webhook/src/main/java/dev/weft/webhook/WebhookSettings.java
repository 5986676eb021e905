// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;

/**
 * Frozen input of {@link WebhookDispatcher}.
 *
 * @param origin who asks in a handshake; receivers treat it as opaque (wire reference 7.2)
 * @param inFlightMax pushes of one subscription without an answer, 18 as the vendor
 * @param connectTimeout of one connection, TLS handshake the same once more: 5 s
 * @param totalTimeout of one request with its answer: 30 s
 * @param answerBytesMax what is read of an answer: 64 KiB
 * @param firstRetry wait of a subscription after its first failure: 1 s, then doubled; the vendor's
 *     15 minutes are a frequent complaint (wire reference 7.4)
 * @param maxRetry longest wait: 5 min
 * @param handshakeAttempts requests of one handshake, waits growing as above: 9 take about four
 *     minutes, so that a receiver that restarts is found again
 * @param trusted certificates trusted beside those of the JDK, such as the mesh's own CA
 */
public record WebhookSettings(
    String origin,
    int inFlightMax,
    Duration connectTimeout,
    Duration totalTimeout,
    int answerBytesMax,
    Duration firstRetry,
    Duration maxRetry,
    int handshakeAttempts,
    List<X509Certificate> trusted) {

  public WebhookSettings {
    trusted = List.copyOf(trusted);
    if (origin.isEmpty() || !origin.matches("[!-~]+")) {
      throw new IllegalArgumentException("origin must be a host name");
    }
    requirePositive("inFlightMax", inFlightMax);
    requirePositive("answerBytesMax", answerBytesMax);
    requirePositive("handshakeAttempts", handshakeAttempts);
    requirePositive("connectTimeout", connectTimeout.toMillis());
    requirePositive("totalTimeout", totalTimeout.toMillis());
    requirePositive("firstRetry", firstRetry.toMillis());
    if (maxRetry.compareTo(firstRetry) < 0) {
      throw new IllegalArgumentException("maxRetry must be at least firstRetry");
    }
  }

  /** Defaults for everything but the origin. */
  public static WebhookSettings of(String origin) {
    return new WebhookSettings(
        origin,
        18,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        64 * 1024,
        Duration.ofSeconds(1),
        Duration.ofMinutes(5),
        9,
        List.of());
  }

  /** The same, trusting these certificates as well. */
  public WebhookSettings trusting(List<X509Certificate> certificates) {
    return new WebhookSettings(
        origin,
        inFlightMax,
        connectTimeout,
        totalTimeout,
        answerBytesMax,
        firstRetry,
        maxRetry,
        handshakeAttempts,
        certificates);
  }

  /** The same with another schedule. */
  public WebhookSettings retrying(Duration first, Duration max) {
    return new WebhookSettings(
        origin,
        inFlightMax,
        connectTimeout,
        totalTimeout,
        answerBytesMax,
        first,
        max,
        handshakeAttempts,
        trusted);
  }

  private static void requirePositive(String field, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(field + " must be positive");
    }
  }
}
