// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

/** Reads bodies, and refuses one as soon as it is known to be too large. */
final class RequestBody {
  /**
   * How much of a refused body is read and dropped, so that its sender gets to see the answer
   * instead of a reset connection: 8 MiB. Who sends more is cut off.
   */
  static final long DROPPED_MAX = 8L << 20;

  private RequestBody() {}

  /**
   * Call it in the turn in which the request arrived.
   *
   * @return fails with a {@link Refusal}, or with the connection's failure
   */
  static Future<Buffer> read(HttpServerRequest request, int bytesMax) {
    String encoding = request.getHeader("Content-Encoding");
    if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
      // A few bytes could unpack to gigabytes (T-352); no client sends one.
      return Future.failedFuture(
          new Refusal(
              Answer.error(
                  415, "UNSUPPORTED_MEDIA_TYPE", "Content-Encoding must be identity or absent")));
    }
    if (declaredLength(request) > bytesMax) {
      return Future.failedFuture(tooLarge(bytesMax));
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
      request.response().writeContinue();
    }
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    request.handler(
        part -> {
          if (body.length() + part.length() > bytesMax) {
            whole.tryFail(tooLarge(bytesMax));
          } else {
            body.appendBuffer(part);
          }
        });
    request.exceptionHandler(whole::tryFail);
    request.endHandler(end -> whole.tryComplete(body));
    return whole.future();
  }

  /** Lets the rest of a body that nobody wants go by. */
  static void drop(HttpServerRequest request) {
    if (request.isEnded()) {
      return;
    }
    long[] dropped = {0};
    request.handler(
        part -> {
          dropped[0] += part.length();
          if (dropped[0] > DROPPED_MAX) {
            request.connection().close();
          }
        });
  }

  private static long declaredLength(HttpServerRequest request) {
    String declared = request.getHeader("Content-Length");
    // Netty refused anything that is no number before we see it.
    return declared == null ? 0 : Long.parseLong(declared);
  }

  private static Refusal tooLarge(int bytesMax) {
    return new Refusal(
        Answer.error(413, "PAYLOAD_TOO_LARGE", "At most " + bytesMax + " bytes are allowed"));
  }
}
