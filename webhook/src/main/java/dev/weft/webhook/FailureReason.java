// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import io.netty.channel.ConnectTimeoutException;
import io.vertx.core.http.HttpClosedException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Failures of the network in words that an owner of a subscription may read. Exceptions name
 * addresses and ports of the inside; these never do.
 */
final class FailureReason {
  private FailureReason() {}

  static String of(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      String words = words(t);
      if (words != null) {
        return words;
      }
    }
    return failure instanceof SSLException ? "TLS handshake failed" : "network error";
  }

  private static @Nullable String words(Throwable t) {
    return switch (t) {
      case ConnectTimeoutException timeout -> "connect timeout";
      case NoRouteToHostException unreachable -> "no route to host";
      case ConnectException refused -> "connect refused";
      case UnknownHostException unknown -> "unknown host";
      case CertificateExpiredException expired -> "TLS certificate expired";
      case CertPathBuilderException untrusted -> "TLS certificate not trusted";
      case CertificateException certificate -> certificate(certificate);
      case HttpClosedException closed -> "connection closed";
      case java.io.IOException io when text(io).contains("reset") -> "connection reset";
      default -> null;
    };
  }

  private static @Nullable String certificate(CertificateException failure) {
    // The JDK tells a wrong name by text alone.
    return text(failure).startsWith("no ") ? "TLS certificate for another name" : null;
  }

  private static String text(Throwable t) {
    return t.getMessage() == null ? "" : t.getMessage().toLowerCase(Locale.ROOT);
  }
}
