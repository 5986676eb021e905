// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import io.vertx.core.http.HttpServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The answers of the server's own paths; the error shape is that of the vendor's APIs. */
final class Answers {
  private Answers() {}

  static void json(HttpServerResponse response, int status, JsonNode document) {
    if (!response.ended() && !response.closed()) {
      response.setStatusCode(status).putHeader("Content-Type", "application/json");
      var _ = response.end(document.toString());
    }
  }

  static void error(HttpServerResponse response, int status, String code, String message) {
    ObjectNode document = JsonMapper.shared().createObjectNode();
    document.putObject("error").put("code", code).put("message", message);
    json(response, status, document);
  }

  static void nothingHere(HttpServerResponse response) {
    error(response, 404, "NOT_FOUND", "There is nothing at this path");
  }

  /** 401 with the challenge that RFC 6750 asks for. */
  static void unauthorized(HttpServerResponse response, String message) {
    response.putHeader("WWW-Authenticate", "Bearer realm=\"weft\", error=\"invalid_token\"");
    error(response, 401, "UNAUTHORIZED", message);
  }

  static void text(HttpServerResponse response, int status, String contentType, String text) {
    response.setStatusCode(status).putHeader("Content-Type", contentType);
    var _ = response.end(text);
  }
}
