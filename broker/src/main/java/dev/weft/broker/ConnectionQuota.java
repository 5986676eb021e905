// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.ServiceInstance;
import dev.weft.queue.MeshException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Counts the live connections of each instance, over all doors (wire reference 9.1). Safe for any
 * thread; never blocks.
 */
public final class ConnectionQuota {
  private final Map<String, Integer> connections = new ConcurrentHashMap<>();
  private final int max;

  public ConnectionQuota(BrokerLimits limits) {
    max = limits.connectionsPerInstance();
  }

  /** The right to one connection; give it back once, at its end. */
  public final class Lease {
    private final String instanceId;
    private final AtomicBoolean released = new AtomicBoolean();

    private Lease(String instanceId) {
      this.instanceId = instanceId;
    }

    /** Idempotent. */
    public void release() {
      if (released.compareAndSet(false, true)) {
        connections.computeIfPresent(instanceId, (id, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /**
   * Takes one connection.
   *
   * @throws MeshException.LimitReached if the instance has as many as it may
   */
  public Lease acquire(ServiceInstance instance) {
    connections.compute(
        instance.id(),
        (id, count) -> {
          int open = count == null ? 0 : count;
          if (open >= max) {
            throw new MeshException.LimitReached("connections of '" + instance.name() + "'", max);
          }
          return open + 1;
        });
    return new Lease(instance.id());
  }

  /** Connections open now. */
  public int current(ServiceInstance instance) {
    return connections.getOrDefault(instance.id(), 0);
  }

  /** The limit. */
  public int max() {
    return max;
  }
}
