// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.ServiceKeyFile;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** The service key as {@code --write-keys} leaves it (wire 2.1 to 2.3). */
@ExtendWith(SharedWeft.class)
class ServiceKeyTest {
  @Test
  void theKeyHasTheShapeThatClientsRead(WeftServer server) {
    JsonNode key = server.key("shop", "default").document();
    String http = server.url().toString();
    String webSocket = http.replaceFirst("^http", "ws");

    assertThat(key.propertyNames())
        .contains("management", "messaging", "namespace", "serviceinstanceid", "uaa", "xsappname");
    assertThat(key.path("namespace").asString()).isEqualTo("acme/shop/one");
    assertThat(key.path("serviceinstanceid").asString())
        .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    assertThat(key.path("management")).hasSize(1);
    assertThat(key.path("management").path(0).path("uri").asString()).isEqualTo(http);

    // Published samples take the entries by position.
    JsonNode messaging = key.path("messaging");
    assertThat(messaging).hasSize(3);
    assertEntry(messaging.path(0), "amqp10ws", "sapmgw", webSocket + "/protocols/amqp10ws");
    assertEntry(messaging.path(1), "mqtt311ws", "sapmgw", webSocket + "/protocols/mqtt311ws");
    assertEntry(messaging.path(2), "httprest", "saprestmgw", http);
  }

  private static void assertEntry(JsonNode entry, String protocol, String broker, String uri) {
    assertThat(entry.path("protocol")).hasSize(1);
    assertThat(entry.path("protocol").path(0).asString()).isEqualTo(protocol);
    assertThat(entry.path("broker").path("type").asString()).isEqualTo(broker);
    assertThat(entry.path("uri").asString()).isEqualTo(uri);
  }

  @Test
  void oneClientIsRepeatedInEveryEntryAndInTheUaaBlock(WeftServer server) {
    // Wire 2.3: CAP Java takes the uaa client for REST and management, others the entries'.
    ServiceKeyFile file = server.key("shop", "default");
    JsonNode key = file.document();
    JsonNode uaa = key.path("uaa");

    for (JsonNode entry :
        List.of(
            key.path("management").path(0),
            key.path("messaging").path(0),
            key.path("messaging").path(1),
            key.path("messaging").path(2))) {
      JsonNode oauth = entry.path("oa2");
      assertThat(oauth.path("clientid").asString()).isEqualTo(file.clientId());
      assertThat(oauth.path("clientsecret").asString()).isEqualTo(file.clientSecret());
      assertThat(oauth.path("granttype").asString()).isEqualTo("client_credentials");
      assertThat(oauth.path("tokenendpoint").asString()).isEqualTo(server.url() + "/oauth/token");
    }
    assertThat(uaa.path("clientid").asString()).isEqualTo(file.clientId());
    assertThat(uaa.path("clientsecret").asString()).isEqualTo(file.clientSecret());
    assertThat(uaa.path("url").asString()).isEqualTo(server.url().toString());
    assertThat(uaa.path("xsappname").asString()).isEqualTo(key.path("xsappname").asString());
    assertThat(uaa.propertyNames()).contains("uaadomain");
  }

  @Test
  void keyFilesAreForTheirOwnerAlone(WeftServer server) throws IOException {
    Path keys = server.folder().resolve("keys");

    for (String file : List.of("shop.default.json", "plant.default.json")) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keys.resolve(file))))
          .isEqualTo("rw-------");
    }
  }
}
