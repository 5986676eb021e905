// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What a channel takes from a service key (wire reference 2, S/4 reference 1.4). */
class ServiceKeyDocumentTest {
  private static final String KEY =
      """
      {"messaging":[
        {"protocol":["mqtt311ws"],"uri":"wss://mesh.example/protocols/mqtt311ws","oa2":{}},
        {"protocol":["amqp10ws"],"uri":"wss://mesh.example:8443/protocols/amqp10ws",
         "oa2":{"clientid":"sb-x!b1|y!b2","clientsecret":"s3cret$","granttype":"client_credentials",
                "tokenendpoint":"https://mesh.example:8443/oauth/token"}}],
       "namespace":"acme/s4/dev"}
      """;

  @Test
  void takesTheAmqpEntryWhereverItStands() throws ChannelFailure {
    ServiceKeyDocument key = ServiceKeyDocument.parse(KEY);

    assertThat(key.namespace()).isEqualTo("acme/s4/dev");
    assertThat(key.gateway()).hasPort(8443).hasPath("/protocols/amqp10ws");
    assertThat(key.clientId()).isEqualTo("sb-x!b1|y!b2");
    assertThat(key.toString()).doesNotContain("s3cret");
  }

  @Test
  void acceptsTheOuterCredentialsObject() throws ChannelFailure {
    assertThat(ServiceKeyDocument.parse("{\"credentials\":" + KEY + "}"))
        .isEqualTo(ServiceKeyDocument.parse(KEY));
  }

  @Test
  void namesLineAndColumnOfASyntaxErrorButNoContent() {
    assertThatThrownBy(() -> ServiceKeyDocument.parse("{\n \"clientsecret\": s3cret}"))
        .isInstanceOf(ChannelFailure.class)
        .hasMessageContaining("line 2, column")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void refusesCertificateKeysInSoManyWords() {
    assertThatThrownBy(() -> ServiceKeyDocument.parse("{\"uaa\":{\"credential-type\":\"x509\"}}"))
        .hasMessage("Certificate keys are not supported by this release");
  }

  @Test
  void saysWhichOptionTheInstanceLacks() {
    assertThatThrownBy(() -> ServiceKeyDocument.parse("{\"messaging\":[],\"namespace\":\"a/b/c\"}"))
        .hasMessageContaining("options.messaging");
  }
}
