// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.wire;

import java.net.URI;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A service key, read the way published samples do: by the position of the entries (wire reference
 * 2.1).
 */
public record ServiceKeyFile(JsonNode document) {
  public static ServiceKeyFile read(Path file) {
    return new ServiceKeyFile(JsonMapper.shared().readTree(file));
  }

  public String namespace() {
    return document.path("namespace").asString();
  }

  public String clientId() {
    return oauth().path("clientid").asString();
  }

  public String clientSecret() {
    return oauth().path("clientsecret").asString();
  }

  public URI tokenEndpoint() {
    return URI.create(oauth().path("tokenendpoint").asString());
  }

  public URI amqp() {
    return URI.create(document.path("messaging").path(0).path("uri").asString());
  }

  public URI mqtt() {
    return URI.create(document.path("messaging").path(1).path("uri").asString());
  }

  public URI rest() {
    return URI.create(document.path("messaging").path(2).path("uri").asString());
  }

  public URI management() {
    return URI.create(document.path("management").path(0).path("uri").asString());
  }

  private JsonNode oauth() {
    return document.path("messaging").path(0).path("oa2");
  }
}
