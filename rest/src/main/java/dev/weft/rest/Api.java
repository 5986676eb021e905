// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.Caller;
import dev.weft.access.ServiceInstance;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** One of the APIs behind a token: which requests it knows and what they do. */
interface Api {
  /** Whether the instance's options open this API. */
  boolean opensTo(ServiceInstance instance);

  /** The option that opens it, e.g. {@code management}. */
  String option();

  /**
   * Finds what a request means. Nothing of the body is read yet.
   *
   * @param segments below the base, decoded, at least one
   * @throws Refusal if HTTP decides: no such path, a wrong method, a header that is wrong
   * @throws dev.weft.queue.MeshException if a name in the path is malformed
   */
  Operation find(Caller caller, HttpServerRequest request, List<String> segments);

  /**
   * One request that is understood.
   *
   * @param bodyBytesMax most bytes of its body
   */
  record Operation(int bodyBytesMax, Work work) {}

  /** What it does, on the event loop, once the body is there. */
  interface Work {
    Future<Answer> run(Buffer body);
  }

  static Refusal noSuchPath() {
    return new Refusal(Answer.error(404, "NOT_FOUND", "There is no such resource"));
  }

  /**
   * @param allowed e.g. {@code GET, PUT}
   */
  static Refusal wrongMethod(String allowed) {
    return new Refusal(
        Answer.error(405, "METHOD_NOT_ALLOWED", "Allowed: " + allowed).with("Allow", allowed));
  }

  static Refusal badRequest(String message) {
    return new Refusal(Answer.error(400, "BAD_REQUEST", message));
  }
}
