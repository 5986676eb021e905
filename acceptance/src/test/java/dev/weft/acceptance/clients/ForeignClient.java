// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What every client of the contract is asked to do. */
interface ForeignClient {
  String ACCEPTED = "accepted";
  String ATTACHED = "attached";

  /**
   * One delivery as the client's application saw it.
   *
   * @param deliveryCount failed deliveries before this one, 0 first
   * @param to AMQP {@code properties.to}
   * @param subject AMQP {@code properties.subject}, null where the client does not show it
   */
  record Attempt(int deliveryCount, String body, String to, @Nullable String subject) {}

  /** Publishes to the topic, takes from the queue, rejects once, accepts the redelivery. */
  List<Attempt> rejectOnce(String topic, String queue, String body) throws Exception;

  /** Publishes some bytes; {@link #ACCEPTED} or the condition of the refusal. */
  String publish(String topic, int bytes) throws Exception;

  /** Opens a receiver; {@link #ATTACHED} or the condition of the refusal. */
  String consume(String queue) throws Exception;
}
