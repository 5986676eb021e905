// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.ServiceInstance;
import dev.weft.queue.MeshException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Wire reference 9.1; R-533. */
class ConnectionQuotaTest {
  private final ConnectionQuota quota = new ConnectionQuota(BrokerLimits.DEFAULT);

  private static ServiceInstance instance(String name) {
    return ServiceInstance.parse(name, name, MeshUnderTest.descriptor(name, "a/b/" + name, ""));
  }

  @Test
  void anInstanceHasFiftyConnections() {
    var leases = new ArrayList<ConnectionQuota.Lease>();
    for (int i = 0; i < 50; i++) {
      leases.add(quota.acquire(instance("one")));
    }
    assertThatThrownBy(() -> quota.acquire(instance("one")))
        .isInstanceOf(MeshException.LimitReached.class)
        .hasMessageContaining("50 connections");
    // The others are not touched.
    quota.acquire(instance("two")).release();

    // A lease given back twice makes room for one.
    leases.getFirst().release();
    leases.getFirst().release();
    assertThat(quota.current(instance("one"))).isEqualTo(49);
    quota.acquire(instance("one"));
    assertThat(quota.current(instance("one"))).isEqualTo(quota.max());
  }

  @Test
  void concurrentConnectionsAreCountedExactly() throws Exception {
    ServiceInstance one = instance("one");
    var calls = new ArrayList<Callable<Integer>>();
    for (int i = 0; i < 200; i++) {
      calls.add(
          () -> {
            try {
              quota.acquire(one);
              return 1;
            } catch (MeshException.LimitReached full) {
              return 0;
            }
          });
    }
    int acquired = 0;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> results = threads.invokeAll(calls);
      for (Future<Integer> result : results) {
        acquired += result.get();
      }
    }
    assertThat(acquired).isEqualTo(50);
  }
}
