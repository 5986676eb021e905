// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.queue.MeshException;
import io.vertx.core.buffer.Buffer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads the documents of requests; depth and sizes are bounded by Jackson's own constraints. */
final class JsonBody {
  private static final JsonMapper MAPPER = new JsonMapper();

  private JsonBody() {}

  /**
   * No body at all is an empty object, whatever the content type says (wire reference 8.1).
   *
   * @throws MeshException.InvalidValue if it is no JSON object
   */
  static ObjectNode object(Buffer body) {
    if (body.length() == 0 || body.toString().isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      JsonNode document = MAPPER.readTree(body.getBytes());
      if (document instanceof ObjectNode object) {
        return object;
      }
    } catch (JacksonException unreadable) {
      throw new MeshException.InvalidValue("body", "it must be valid JSON");
    }
    throw new MeshException.InvalidValue("body", "it must be a JSON object");
  }
}
