// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Holds every queue of one node or cluster. Safe for any thread; listeners run on the engine's
 * threads.
 *
 * <p>Shape: queues are declared once, appended to, consumed with credit. Order holds per queue, not
 * across queues. Whatever is promised here is proved by {@code QueueEngineContract} in this
 * module's test jar; a behaviour that is not in the kit is not a promise.
 */
public interface QueueEngine extends AutoCloseable {
  /**
   * Makes the queue, or changes its settings when it exists. Durable when it returns.
   *
   * @return whether the queue is new
   * @throws MeshException.EngineUnavailable if the engine stopped
   */
  boolean declare(QueueName queue, QueueSettings settings);

  /**
   * Changes the settings of an existing queue. Durable when it returns.
   *
   * @throws MeshException.UnknownQueue if there is none
   */
  void change(QueueName queue, QueueSettings settings);

  /**
   * Deletes the queue and its messages and closes its consumers with {@link
   * MeshException.QueueDeleted}. Durable when it returns.
   *
   * @return whether there was one
   */
  boolean delete(QueueName queue);

  /**
   * Removes every message that waits; those handed out stay with their consumers. Durable when it
   * returns.
   *
   * @return how many were removed
   * @throws MeshException.UnknownQueue if there is none
   */
  long purge(QueueName queue);

  /** Settings of all queues at this moment. */
  Map<QueueName, QueueSettings> queues();

  /**
   * @throws MeshException.UnknownQueue if there is none
   */
  QueueStats stats(QueueName queue);

  /**
   * Looks at messages without taking them, in the order of the queue.
   *
   * @param fromSequence the first sequence of interest, 0 for the head
   * @param limit at most so many, 1 to 10 000
   * @throws MeshException.UnknownQueue if there is none
   */
  List<BrowsedMessage> browse(QueueName queue, long fromSequence, int limit);

  /**
   * Stores one message in all named queues or in none, and reports when it is durable. Messages
   * appended by one thread keep their order in each queue.
   *
   * <p>The listener hears {@link MeshException.UnknownQueue}, {@link
   * MeshException.MessageTooLarge}, {@link MeshException.QueueFull}, {@link
   * MeshException.IngressDisabled}, {@link MeshException.EngineOverloaded} or {@link
   * MeshException.EngineUnavailable} instead when the message is stored nowhere; it may hear so
   * before this method returns.
   *
   * @param queues at least one, each once
   */
  void append(Collection<QueueName> queues, Message message, AppendListener listener);

  /**
   * Starts a consumer without credit. An exclusive queue accepts further consumers; they stand by.
   *
   * @throws MeshException.UnknownQueue if there is no such queue
   */
  Consumer consume(QueueName queue, ConsumerSettings settings, DeliveryListener listener);

  /**
   * Stops in order: nothing accepted is lost, consumers hear {@link
   * MeshException.EngineUnavailable}. Idempotent.
   */
  @Override
  void close();
}
