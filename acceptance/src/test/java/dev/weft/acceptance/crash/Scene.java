// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import java.util.Set;

/**
 * The queues and topics of a crash run. Messages to {@link #ORDER_TOPIC} go to one queue, those to
 * {@link #BOTH_TOPIC} to two; what dies in the first goes to the dead message queue.
 */
final class Scene {
  static final String INSTANCE = "crash";
  static final String KEY = "default";

  static final String ORDERS = "acme/crash/one/orders";
  static final String AUDIT = "acme/crash/one/audit";
  static final String DEAD = "acme/crash/one/dead";

  static final String ORDER_TOPIC = "acme/crash/one/order/created";
  static final String BOTH_TOPIC = "acme/crash/one/order/audited";

  /** Limit of the first queue, which refuses more than this; the others take a megabyte. */
  static final int ORDER_BYTES_MAX = 4096;

  static final String LANDSCAPE =
      """
      weft: 1
      instances:
        - name: crash
          plan: default
          parameters:
            emname: crash
            namespace: acme/crash/one
            version: "1.1.0"
            options: { management: true, messagingrest: true, messaging: true }
            rules:
              queueRules:
                publishFilter: ["${namespace}/*"]
                subscribeFilter: ["${namespace}/*"]
              topicRules:
                publishFilter: ["${namespace}/*"]
                subscribeFilter: ["${namespace}/*"]
          keys: [default]
          queues:
            - name: acme/crash/one/dead
              redelivery: immediate
            - name: acme/crash/one/orders
              maxMessageSizeInBytes: 4096
              maxRedeliveryCount: 3
              deadMsgQueue: acme/crash/one/dead
              redelivery: immediate
              subscriptions: ["acme/crash/one/order/created", "acme/crash/one/order/audited"]
            - name: acme/crash/one/audit
              redelivery: immediate
              subscriptions: ["acme/crash/one/order/audited"]
      """;

  private Scene() {}

  static Set<String> queuesOf(String topic) {
    return topic.equals(BOTH_TOPIC) ? Set.of(ORDERS, AUDIT) : Set.of(ORDERS);
  }
}
