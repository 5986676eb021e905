// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.ServiceInstance;
import dev.weft.broker.Authorization.Action;
import dev.weft.queue.MeshException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers, per instance as it is now, whether it may publish to the addresses it used last:
 * publishers repeat themselves, and rules change rarely. A changed instance starts anew. Safe for
 * any thread.
 */
final class PublishGate {
  /** Per half of the memory of one instance; more topics in turn than that are asked again. */
  private static final int ADDRESSES_REMEMBERED = 1_000;

  /** A refusal, or that there is none; refusals carry no stack trace and can be shared. */
  private record Verdict(@Nullable MeshException refusal) {
    static final Verdict ALLOWED = new Verdict(null);

    static Verdict of(ServiceInstance instance, Address address) {
      MeshException refusal = Authorization.refusal(instance, Action.PUBLISH, address);
      return refusal == null ? ALLOWED : new Verdict(refusal);
    }
  }

  private record Memory(ServiceInstance instance, Recent<Address, Verdict> verdicts) {
    static Memory of(ServiceInstance instance) {
      return new Memory(
          instance, new Recent<>(ADDRESSES_REMEMBERED, address -> Verdict.of(instance, address)));
    }
  }

  private final Map<String, Memory> memories = new ConcurrentHashMap<>();

  /** Null when it is allowed. */
  @SuppressWarnings("ReferenceEquality") // The snapshot counts; equality would read the rules.
  @Nullable MeshException refusal(ServiceInstance instance, Address address) {
    Memory memory = memories.get(instance.id());
    // Compared by identity on purpose: it is the snapshot that counts, and equality would read
    // both.
    if (memory == null || memory.instance != instance) {
      memory = Memory.of(instance);
      memories.put(instance.id(), memory);
    }
    return memory.verdicts.of(address).refusal;
  }

  /** The instance is gone. */
  void forget(String instanceId) {
    memories.remove(instanceId);
  }
}
