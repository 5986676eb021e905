// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.wire.Mesh;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes, subscribes and deletes queues by the management API, and looks after each start whether
 * everything that was answered with success is as it was left. Belongs to one thread
 * at a time.
 */
final class Administrator implements Worker {
  private static final int QUEUES_MAX = 5;
  private static final int DELETED_MAX = 5;
  private static final String PREFIX = "acme/crash/one/admin/";

  /**
   * A queue that is there for certain.
   *
   * @param subscribed whether its subscription is as well
   */
  private record Made(int number, boolean subscribed) {}

  private final Map<String, Made> made = new LinkedHashMap<>();
  private final List<String> deleted = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();
  private int next;
  private int changes;

  @Override
  public String name() {
    return "administrator";
  }

  @Override
  public void work(ServerLife life) {
    try {
      List<String> found = inspect(life.mesh());
      if (!life.ending()) {
        faults.addAll(found); // A dying server may refuse to tell.
      }
      while (life.running()) {
        change(life.mesh());
        life.pause(Duration.ofMillis(20));
      }
    } catch (UncheckedIOException noAnswer) {
      life.trouble(name(), noAnswer);
    }
  }

  /** Compares what is there with what should be; returns what differs. */
  List<String> inspect(Mesh mesh) {
    List<String> found = new ArrayList<>();
    made.forEach(
        (queue, expected) -> {
          HttpResponse<String> answer = mesh.queue(queue);
          if (answer.statusCode() != 200) {
            found.add(queue + " was made and gives " + answer.statusCode());
          } else if (Mesh.json(answer).path("maxRedeliveryCount").asInt() != attempts(expected)) {
            found.add(queue + " has other attributes: " + answer.body());
          } else if (expected.subscribed && !mesh.subscriptions(queue).contains(queue)) {
            found.add(queue + " has lost its subscription");
          }
        });
    for (String queue : deleted) {
      int status = mesh.queue(queue).statusCode();
      if (status != 404) {
        found.add(queue + " was deleted and gives " + status);
      }
    }
    return found;
  }

  private static int attempts(Made queue) {
    return queue.number % 200 + 1;
  }

  /** Nothing is known of a queue while a change of it has no answer. */
  private void change(Mesh mesh) {
    Made fresh = new Made(next++, false);
    String queue = PREFIX + fresh.number;
    String attributes = "{\"maxRedeliveryCount\":" + attempts(fresh) + "}";
    if (mesh.putQueue(queue, attributes).statusCode() / 100 == 2) {
      made.put(queue, fresh);
      changes++;
      if (mesh.putSubscription(queue, queue).statusCode() / 100 == 2) {
        made.put(queue, new Made(fresh.number, true));
        changes++;
      }
    }
    if (made.size() > QUEUES_MAX) {
      delete(mesh, made.keySet().iterator().next());
    }
  }

  private void delete(Mesh mesh, String queue) {
    made.remove(queue);
    if (mesh.management("DELETE", "/queues/" + Mesh.encoded(queue), "").statusCode() / 100 == 2) {
      deleted.add(queue);
      changes++;
      if (deleted.size() > DELETED_MAX) {
        deleted.removeFirst();
      }
    }
  }

  /** Changes that were answered with success. */
  int changes() {
    return changes;
  }

  /** Promises that were broken. */
  List<String> faults() {
    return List.copyOf(faults);
  }
}
