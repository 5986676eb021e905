// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** an owner of a subscription learns what failed, not which addresses there are inside. */
class FailureReasonTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused: /10.0.0.1:80"), "connect refused"),
        Arguments.of(new ConnectTimeoutException("timed out: /10.0.0.1:80"), "connect timeout"),
        Arguments.of(new UnknownHostException("db.internal"), "unknown host"),
        Arguments.of(new IOException("Connection reset by peer"), "connection reset"),
        Arguments.of(
            tls(new CertPathBuilderException("unable to find path")),
            "TLS certificate not trusted"),
        Arguments.of(tls(new CertificateExpiredException("x")), "TLS certificate expired"),
        Arguments.of(
            tls(new CertificateException("No name matching db.internal found")),
            "TLS certificate for another name"),
        Arguments.of(new SSLHandshakeException("protocol_version"), "TLS handshake failed"),
        Arguments.of(new IllegalStateException("10.0.0.1"), "network error"));
  }

  private static SSLHandshakeException tls(Exception cause) {
    SSLHandshakeException failure = new SSLHandshakeException("General SSLEngine problem");
    failure.initCause(cause);
    return failure;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void failuresBecomeWordsWithoutAddresses(Throwable failure, String words) {
    assertThat(FailureReason.of(failure)).isEqualTo(words);
  }
}
