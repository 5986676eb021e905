// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a request is answered with. */
record Answer(int status, Map<String, String> headers, Buffer body) {
  /** Exactly this: CAP compares the header for equality (wire reference, rule 3). */
  static final String JSON = "application/json";

  private static final JsonMapper MAPPER = new JsonMapper();

  Answer {
    headers = Map.copyOf(headers);
  }

  static Answer empty(int status) {
    return new Answer(status, Map.of(), Buffer.buffer());
  }

  static Answer json(int status, JsonNode document) {
    return new Answer(
        status, Map.of("Content-Type", JSON), Buffer.buffer(MAPPER.writeValueAsBytes(document)));
  }

  /** The error shape of wire reference 6.3. */
  static Answer error(int status, String code, String message) {
    ObjectNode document = JsonNodeFactory.instance.objectNode();
    document.putObject("error").put("code", code).put("message", message);
    return json(status, document);
  }

  Answer with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new Answer(status, more, body);
  }
}
