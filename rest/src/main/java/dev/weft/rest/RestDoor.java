// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.access.AccessControl;
import dev.weft.access.Caller;
import dev.weft.access.InvalidToken;
import dev.weft.broker.Administration;
import dev.weft.broker.BrokerLimits;
import dev.weft.broker.ConnectionQuota;
import dev.weft.broker.FrontDoor;
import dev.weft.broker.MessageIds;
import dev.weft.queue.MeshException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens, messaging, webhook subscriptions and management over HTTP. A request is admitted (token,
 * then the option of its API), understood from its raw path, then its body is read, then it is
 * worked on, and its answer is written here and nowhere else.
 */
public final class RestDoor {
  static final String MESSAGING = "/messagingrest/v1";
  static final String MANAGEMENT = "/hub/rest/api/v1/management/messaging";

  /** The same operations under the successor's path (wire reference 8.6). */
  static final String MANAGEMENT_ALIAS = "/sap-event-mesh/rest/api/v1";

  /** CloudEvents (wire reference 6.4). */
  static final String EVENTS = "/sap/ems/v1";

  private static final Logger LOG = LoggerFactory.getLogger(RestDoor.class);

  private final Vertx vertx;
  private final AccessControl access;
  private final TokenEndpoint tokens;
  private final Api messaging;
  private final Api events;
  private final Api management;

  public RestDoor(
      Vertx vertx,
      FrontDoor frontDoor,
      Administration administration,
      AccessControl access,
      BrokerLimits limits,
      ConnectionQuota connections,
      RestSettings settings,
      InstantSource clock) {
    this.vertx = vertx;
    this.access = access;
    BlockingWork blocking = new BlockingWork(settings.blockingMax());
    // Apart from management: who waits for the database keeps nobody from a token.
    tokens = new TokenEndpoint(access, new BlockingWork(settings.blockingMax()), settings);
    MessageIds ids = new MessageIds(new SecureRandom());
    messaging =
        new MessagingApi(
            frontDoor,
            new UnacknowledgedTable(vertx, frontDoor, settings, clock),
            new SubscriptionsApi(administration, blocking, settings),
            ids,
            settings,
            clock);
    events =
        new EventsApi(
            frontDoor, new EventSubscriptionsApi(administration, blocking, settings), ids, clock);
    management =
        new ManagementApi(
            administration,
            new ResourceUsage(administration, limits, connections),
            blocking,
            settings);
  }

  /**
   * Adds the routes of this door and no others. A path with a broken escape fails in the router,
   * before any route, so the answer to that is set here as well.
   */
  public void mount(Router router) {
    router.errorHandler(
        400,
        broken ->
            write(
                broken.request(),
                Answer.error(400, "BAD_REQUEST", "An escape in the path is broken")));
    route(router, "/oauth/token", tokens::token);
    route(router, "/oauth/token_keys", tokens::keys);
    route(router, "/token_keys", tokens::keys);
    api(router, MESSAGING, messaging);
    api(router, EVENTS, events);
    api(router, MANAGEMENT, management);
    api(router, MANAGEMENT_ALIAS, management);
  }

  private void api(Router router, String base, Api api) {
    // The router's own matching ends here: it would decode names before they are cut.
    route(router, base + "/*", request -> ask(base, api, request));
  }

  private void route(
      Router router, String path, Function<HttpServerRequest, Future<Answer>> endpoint) {
    router.route(path).handler(routed -> serve(routed.request(), endpoint));
  }

  private void serve(
      HttpServerRequest request, Function<HttpServerRequest, Future<Answer>> endpoint) {
    Context context = vertx.getOrCreateContext();
    Future<Answer> answer;
    try {
      answer = endpoint.apply(request);
    } catch (RuntimeException failure) {
      answer = Future.failedFuture(failure);
    }
    answer
        .otherwise(RestDoor::failure)
        .onSuccess(ready -> context.runOnContext(handed -> write(request, ready)));
  }

  private Future<Answer> ask(String base, Api api, HttpServerRequest request) {
    Caller caller = caller(request);
    if (caller == null) {
      return Future.succeededFuture(unauthorized());
    }
    if (!api.opensTo(caller.instance())) {
      return Future.succeededFuture(
          Answer.error(
              403,
              "FORBIDDEN",
              "The service instance '%s' does not have the option %s"
                  .formatted(caller.instance().name(), api.option())));
    }
    List<String> segments = PathSegments.below(base, request.path());
    if (segments == null) {
      throw Api.noSuchPath();
    }
    Api.Operation operation = api.find(caller, request, segments);
    return RequestBody.read(request, operation.bodyBytesMax())
        .compose(body -> operation.work().run(body));
  }

  private @Nullable Caller caller(HttpServerRequest request) {
    String header = request.getHeader("Authorization");
    if (header == null || !header.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return null;
    }
    try {
      return access.verify(header.substring(7).trim());
    } catch (InvalidToken invalid) {
      LOG.atDebug().addKeyValue("reason", invalid.reason()).log("token refused");
      return null;
    }
  }

  private static Answer unauthorized() {
    return Answer.error(401, "UNAUTHORIZED", "A valid Bearer token is needed")
        .with("WWW-Authenticate", "Bearer realm=\"weft\"");
  }

  private static Answer failure(Throwable failure) {
    return switch (failure) {
      case MeshException expected -> ErrorTable.answer(expected);
      case Refusal refusal -> refusal.answer();
      // Nobody is left to read it.
      case HttpClosedException gone -> Answer.empty(400);
      default -> {
        LOG.atError().setCause(failure).log("request failed");
        yield Answer.error(500, "INTERNAL_ERROR", "The request failed");
      }
    };
  }

  private static void write(HttpServerRequest request, Answer answer) {
    HttpServerResponse response = request.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    answer.headers().forEach(response::putHeader);
    response.end(answer.body());
    RequestBody.drop(request);
  }
}
