// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.access.AccessControl;
import dev.weft.access.ServiceInstance;
import dev.weft.access.ServiceKey;
import dev.weft.broker.Administration;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import dev.weft.server.landscape.InvalidLandscape;
import dev.weft.server.landscape.Landscape;
import dev.weft.server.landscape.LandscapeReader;
import dev.weft.server.landscape.LandscapeSchema;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the operator's commands ask a running server, below {@link #PATH}. Every request needs the
 * operator's token but the two documents about it, which are public. Requests run on virtual
 * threads, because the catalogue blocks.
 */
final class OperatorApi {
  static final String PATH = "/api/weft/v1/";

  private static final Logger LOG = LoggerFactory.getLogger(OperatorApi.class);
  private static final String SCHEMA = "landscape.schema.json";
  private static final String OPEN_API = "openapi.json";
  private static final Set<String> PUBLIC = Set.of(SCHEMA, OPEN_API);

  /** A landscape of ten thousand queues has about 4 MB. */
  private static final int BODY_MAX = 16 * 1024 * 1024;

  private static final int REQUESTS_MAX = 32;
  private static final int BROWSE_DEFAULT = 20;
  private static final int BROWSE_MAX = 1_000;

  private final OperatorAccess operator;
  private final AccessControl access;
  private final Administration administration;
  private final Systems systems;
  private final QueueEngine engine;
  private final Supplier<LandscapeSchema> schema;
  private final LandscapePlanner planner;
  private final LandscapeApplier applier;
  private final BackupMaker backups;
  private final Semaphore requests = new Semaphore(REQUESTS_MAX);
  private final ReentrantLock backupLock = new ReentrantLock();

  /** One plan or apply at a time: a plan is worth nothing once the objects changed. */
  private final Object landscapeLock = new Object();

  /** Copies what the server keeps into an empty directory. */
  interface BackupMaker {
    Backup.Made make(Path into, boolean keys) throws IOException;
  }

  OperatorApi(
      OperatorAccess operator,
      AccessControl access,
      Administration administration,
      Systems systems,
      QueueEngine engine,
      Supplier<LandscapeSchema> schema,
      BackupMaker backups) {
    this.operator = operator;
    this.access = access;
    this.administration = administration;
    this.engine = engine;
    this.schema = schema;
    this.systems = systems;
    this.planner = new LandscapePlanner(access, administration, systems);
    this.applier = new LandscapeApplier(access, administration, systems);
    this.backups = backups;
  }

  /** A request whose path starts with {@link #PATH}. */
  void handle(HttpServerRequest request) {
    String path = path(request).substring(PATH.length());
    HttpServerResponse response = request.response();
    if (PUBLIC.contains(path) && request.method().equals(HttpMethod.GET)) {
      run(response, () -> path.equals(SCHEMA) ? schema.get().document() : openApi());
      return;
    }
    if (!operator.admits(request.getHeader("Authorization"))) {
      Answers.unauthorized(response, "The operator's token is needed");
      return;
    }
    if (request.method().equals(HttpMethod.POST)) {
      readBody(request, body -> run(response, () -> post(path, request, body)));
    } else if (request.method().equals(HttpMethod.GET)) {
      run(response, () -> get(path.split("/", -1), request));
    } else {
      Answers.error(response, 405, "METHOD_NOT_ALLOWED", request.method() + " is not possible");
    }
  }

  /** Never null: who calls has looked at it. */
  private static String path(HttpServerRequest request) {
    return Objects.requireNonNull(request.path());
  }

  private static void readBody(
      HttpServerRequest request, java.util.function.Consumer<Buffer> whole) {
    Buffer body = Buffer.buffer();
    request.handler(
        part -> {
          if (body.length() + part.length() > BODY_MAX) {
            request.handler(null);
            Answers.error(request.response(), 413, "PAYLOAD_TOO_LARGE", "The body is too large");
          } else {
            body.appendBuffer(part);
          }
        });
    request.endHandler(
        end -> {
          if (!request.response().ended()) {
            whole.accept(body);
          }
        });
  }

  /** What a handler throws to be answered. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final int status;
    private final String code;

    Refused(int status, String code, String message) {
      super(message, null, false, false);
      this.status = status;
      this.code = code;
    }
  }

  private void run(HttpServerResponse response, Supplier<JsonNode> work) {
    if (!requests.tryAcquire()) {
      Answers.error(response, 429, "TOO_MANY_REQUESTS", "Too many requests at once");
      return;
    }
    Thread.ofVirtual()
        .name("operator")
        .start(
            () -> {
              try {
                Answers.json(response, 200, work.get());
              } catch (Refused e) {
                Answers.error(response, e.status, e.code, String.valueOf(e.getMessage()));
              } catch (MeshException e) {
                refuse(response, e);
              } catch (RuntimeException e) {
                LOG.atError().setCause(e).log("Operator request failed");
                Answers.error(response, 500, "INTERNAL", "The request failed, see the log");
              } finally {
                requests.release();
              }
            });
  }

  private static void refuse(HttpServerResponse response, MeshException e) {
    String message = String.valueOf(e.getMessage());
    switch (e) {
      case MeshException.NotFound _, MeshException.UnknownQueue _ ->
          Answers.error(response, 404, "NOT_FOUND", message);
      case MeshException.Conflict _ -> Answers.error(response, 409, "CONFLICT", message);
      case MeshException.InvalidValue _,
          MeshException.MalformedName _,
          MeshException.MalformedMessage _,
          MeshException.MessageTooLarge _ ->
          Answers.error(response, 400, "BAD_REQUEST", message);
      case MeshException.NotAllowed _ -> Answers.error(response, 403, "FORBIDDEN", message);
      case MeshException.QueueDeleted _,
          MeshException.QueueFull _,
          MeshException.IngressDisabled _,
          MeshException.LimitReached _ ->
          Answers.error(response, 409, "CONFLICT", message);
      case MeshException.EngineOverloaded _,
          MeshException.StorageFull _,
          MeshException.EngineUnavailable _ ->
          Answers.error(response, 503, "UNAVAILABLE", message);
    }
  }

  private JsonNode post(String path, HttpServerRequest request, Buffer body) {
    boolean prune = "true".equals(request.getParam("prune"));
    return switch (path) {
      case "landscape/plan" -> plan(landscape(body), prune);
      case "landscape/apply" -> apply(landscape(body), prune);
      case "backup" -> backup(body);
      default -> throw unknownPath();
    };
  }

  private JsonNode get(String[] path, HttpServerRequest request) {
    if (path.length == 1) {
      return switch (path[0]) {
        case "landscape" -> new LandscapeExport(access, administration, systems).export();
        case "instances" -> instances();
        case "systems" -> JsonMapper.shared().createArrayNode().addAll(systems.all().values());
        case "queues" -> queues();
        case "webhooks" -> webhooks();
        default -> throw unknownPath();
      };
    }
    if (path.length == 4 && path[0].equals("instances") && path[2].equals("keys")) {
      return key(decoded(path[1]), decoded(path[3]));
    }
    if (path.length == 3 && path[0].equals("queues") && path[2].equals("messages")) {
      QueueName queue = new QueueName(decoded(path[1]));
      long from = number(request.getParam("from"), 0);
      int limit = Math.clamp(number(request.getParam("limit"), BROWSE_DEFAULT), 1, BROWSE_MAX);
      return Documents.messages(engine.browse(queue, from, limit));
    }
    throw unknownPath();
  }

  private static Refused unknownPath() {
    return new Refused(404, "NOT_FOUND", "There is nothing at this path");
  }

  private static long number(@Nullable String text, long standard) {
    try {
      return text == null ? standard : Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      throw new Refused(400, "BAD_REQUEST", "'" + text + "' is no number");
    }
  }

  private static String decoded(String segment) {
    return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  private Landscape landscape(Buffer body) {
    try {
      return LandscapeReader.read(json(body), schema.get());
    } catch (InvalidLandscape e) {
      throw new Refused(400, "BAD_REQUEST", String.valueOf(e.getMessage()));
    }
  }

  private static JsonNode json(Buffer body) {
    try {
      return JsonMapper.shared().readTree(body.getBytes());
    } catch (JacksonException e) {
      throw new Refused(400, "BAD_REQUEST", "The body is no JSON");
    }
  }

  private static JsonNode openApi() {
    try (InputStream in = OperatorApi.class.getResourceAsStream(OPEN_API)) {
      return JsonMapper.shared().readTree(Objects.requireNonNull(in, OPEN_API));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode plan(Landscape landscape, boolean prune) {
    synchronized (landscapeLock) {
      return Documents.changes(planner.plan(landscape, prune));
    }
  }

  private ObjectNode apply(Landscape landscape, boolean prune) {
    synchronized (landscapeLock) {
      List<Change> changes = planner.plan(landscape, prune);
      try {
        applier.apply(changes);
      } catch (LandscapeApplier.StepFailed e) {
        throw new Refused(409, "CONFLICT", String.valueOf(e.getMessage()));
      }
      ObjectNode done = Documents.changes(changes);
      ArrayNode warnings = done.putArray("warnings");
      LandscapePlanner.dangling(landscape, access).forEach(warnings::add);
      return done;
    }
  }

  private ObjectNode backup(Buffer body) {
    JsonNode request = json(body);
    Path into = Path.of(request.path("into").asString(""));
    if (!into.isAbsolute()) {
      throw new Refused(400, "BAD_REQUEST", "into must be an absolute path on the server");
    }
    if (!backupLock.tryLock()) {
      throw new Refused(409, "CONFLICT", "Another backup is being made");
    }
    try {
      return Documents.backup(backups.make(into, request.path("keys").asBoolean(true)));
    } catch (IOException e) {
      throw new Refused(409, "CONFLICT", "The backup cannot be made: " + DataDirectory.reason(e));
    } finally {
      backupLock.unlock();
    }
  }

  private ArrayNode instances() {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    for (ServiceInstance instance : access.instances()) {
      ObjectNode entry = list.addObject();
      entry.put("name", instance.name());
      entry.put("namespace", instance.namespace());
      ArrayNode keys = entry.putArray("keys");
      access.keys(instance.name()).forEach(key -> keys.add(key.name()));
    }
    return list;
  }

  private ObjectNode key(String instanceName, String keyName) {
    ServiceInstance instance = access.instance(instanceName);
    ServiceKey key = access.key(instanceName, keyName);
    return access.keyDocument(instance, key);
  }

  private ArrayNode queues() {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    for (ServiceInstance instance : access.instances()) {
      administration
          .queues(instance)
          .forEach(view -> list.add(Documents.queue(instance.name(), view)));
    }
    return list;
  }

  private ArrayNode webhooks() {
    ArrayNode list = JsonMapper.shared().createArrayNode();
    for (ServiceInstance instance : access.instances()) {
      administration
          .webhooks(instance)
          .forEach(
              webhook ->
                  list.add(
                      Documents.webhook(
                          instance.name(),
                          webhook,
                          administration.webhookStatus(instance, webhook.name()))));
    }
    return list;
  }
}
