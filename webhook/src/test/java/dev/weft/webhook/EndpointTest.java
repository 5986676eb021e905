// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses of wire 7.1. */
class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "https://app.example/messaging/enterprise-messaging?q=a/b/c, true, app.example, 443, /messaging/enterprise-messaging?q=a/b/c",
    "http://127.0.0.1:4004, false, 127.0.0.1, 4004, /",
    "HTTP://host?q=1, false, host, 80, /?q=1",
    "https://[::1]:8443/x#fragment, true, [::1], 8443, /x",
    "https://host/a%2Fb, true, host, 443, /a%2Fb",
  })
  void targetIsKeptAsWritten(String url, boolean tls, String host, int port, String target) {
    assertThat(Endpoint.parse(url)).isEqualTo(new Endpoint(tls, host, port, target));
  }

  @Test
  void whatCannotStandInARequestLineIsEscaped() {
    assertThat(Endpoint.parse("http://host/a b\r\nx: ü").target())
        .isEqualTo("/a%20b%0D%0Ax:%20%C3%BC");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "host/path",
        "ftp://host/",
        "file:///etc/passwd",
        "http://",
        "http:///path",
        "http://user:secret@host/",
        "http://host:0/",
        "http://host:70000/",
        "http://host:x/",
        "http://ho st/",
      })
  void anythingElseIsRefused(String url) {
    assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse(url));
  }
}
