// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

/** What listeners of {@link AccessControl#onChange} hear, after the change took effect. */
public sealed interface AccessChange {
  /** Options, rules or units of the instance are new. */
  record InstanceChanged(ServiceInstance instance) implements AccessChange {}

  /** Its keys went before, each with a {@link KeyDeleted}. */
  record InstanceDeleted(ServiceInstance instance) implements AccessChange {}

  /** Connections of this client have to be closed. */
  record KeyDeleted(String instanceId, String clientId) implements AccessChange {}
}
