// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.Caller;
import io.vertx.core.Future;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which connection speaks for which client, and what a persistent session's last connection left
 * unacknowledged. Ids are unique within a service instance. Safe for any thread.
 */
final class Sessions {
  /** A client as the server tells them apart. */
  record Key(String instanceId, String clientId) {
    static Key of(Caller caller, String clientId) {
      return new Key(caller.instance().id(), clientId);
    }
  }

  private final Map<Key, MqttConnection> connections = new ConcurrentHashMap<>();

  /** One per persistent session at most, each with a window of packet ids. */
  private final Map<Key, Unfinished> unfinished = new ConcurrentHashMap<>();

  /**
   * The connection speaks for the client from now on; the one before is closed (MQTT 3.1.1, 3.1.4).
   *
   * @return completes when the one before let go of the session
   */
  Future<Void> claim(Key key, MqttConnection connection) {
    MqttConnection before = connections.put(key, connection);
    if (before == null) {
      return Future.succeededFuture();
    }
    before.takenOver();
    return before.released();
  }

  void release(Key key, MqttConnection connection) {
    connections.remove(key, connection);
  }

  void remember(Key key, Unfinished left) {
    unfinished.put(key, left);
  }

  /** Null when nothing is known, as after a restart. */
  @Nullable Unfinished recall(Key key) {
    return unfinished.remove(key);
  }
}
