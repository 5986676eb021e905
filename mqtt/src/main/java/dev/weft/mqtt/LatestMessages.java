// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.broker.MessageContent;
import dev.weft.queue.AppendListener;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import dev.weft.queue.Settlement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last message for each address, durable: a queue of the server's own whose one consumer holds
 * the last message of each address unsettled, and settles those before. A message with an empty
 * body takes its address out. After a restart the queue hands out what was not settled, and what a
 * crash left of earlier messages is told by its sequence.
 *
 * <p>Safe for any thread. The lock is never held while a listener is called.
 */
final class LatestMessages implements DeliveryListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LatestMessages.class);
  private static final long LOAD_SECONDS_MAX = 60;

  private static final QueueSettings SETTINGS =
      QueueSettings.DEFAULT.toBuilder()
          .maxUnsettledPerConsumer(Integer.MAX_VALUE)
          .redelivery(Redelivery.IMMEDIATE)
          .build();

  private final QueueEngine engine;
  private final QueueName queue;
  private final int messagesMax;
  private final long bytesMax;
  private final CompletableFuture<Void> loaded = new CompletableFuture<>();
  private final Consumer consumer;

  private final Map<String, Delivery> latest = new HashMap<>();
  private long bytes;

  /** Those whose message is stored, and who hear so when the drain that follows is answered. */
  private @Nullable List<AppendListener> awaitingDrain;

  private List<AppendListener> awaitingNextDrain = new ArrayList<>();

  /** Why nothing is delivered any more; null while it is. */
  private @Nullable MeshException closed;

  private LatestMessages(QueueEngine engine, QueueName queue, int messagesMax, long bytesMax) {
    this.engine = engine;
    this.queue = queue;
    this.messagesMax = messagesMax;
    this.bytesMax = bytesMax;
    this.consumer =
        engine.consume(queue, new ConsumerSettings(queue.value(), ConsumerSettings.NORMAL), this);
  }

  /**
   * Opens what the queue holds, and makes the queue if there is none. Blocks until it is read.
   *
   * @param messagesMax messages kept at most
   * @param bytesMax bytes of them, which stay in memory
   * @throws MeshException.EngineUnavailable if the engine does not answer
   */
  static LatestMessages open(QueueEngine engine, QueueName queue, int messagesMax, long bytesMax) {
    if (!engine.queues().containsKey(queue)) {
      engine.declare(queue, SETTINGS);
    }
    LatestMessages opened = new LatestMessages(engine, queue, messagesMax, bytesMax);
    opened.consumer.grant(Integer.MAX_VALUE);
    opened.consumer.drain();
    try {
      opened.loaded.orTimeout(LOAD_SECONDS_MAX, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      throw new MeshException.EngineUnavailable("The queue " + queue + " cannot be read", e);
    }
    return opened;
  }

  /**
   * Keeps the message as the last one of its address.
   *
   * @param address as the message's properties have it, prefix included
   * @param listener told when it is durable and readers here find it, or that it was refused
   */
  void put(String address, Message message, AppendListener listener) {
    if (!hasRoom(address, message)) {
      listener.refused(
          new MeshException.LimitReached(
              "messages or " + bytesMax + " bytes in " + queue, messagesMax));
      return;
    }
    engine.append(
        List.of(queue),
        message,
        new AppendListener() {
          @Override
          public void stored() {
            awaitDelivery(listener);
          }

          @Override
          public void refused(MeshException reason) {
            listener.refused(reason);
          }
        });
  }

  private synchronized boolean hasRoom(String address, Message message) {
    Delivery before = latest.get(address);
    long after = bytes + message.size();
    if (before != null) {
      after -= before.message().size();
    }
    return after <= bytesMax && (before != null || latest.size() < messagesMax);
  }

  /** Stored, and soon delivered to us: the answer to a drain says that it was. */
  private void awaitDelivery(AppendListener listener) {
    MeshException failure;
    synchronized (this) {
      failure = closed;
      if (failure == null) {
        if (awaitingDrain != null) {
          awaitingNextDrain.add(listener);
          return;
        }
        awaitingDrain = new ArrayList<>(List.of(listener));
      }
    }
    if (failure == null) {
      consumer.drain();
    } else {
      listener.refused(failure);
    }
  }

  @Override
  public void drained(int unusedCredit) {
    List<AppendListener> done;
    boolean again;
    synchronized (this) {
      done = awaitingDrain == null ? List.of() : awaitingDrain;
      again = !awaitingNextDrain.isEmpty();
      awaitingDrain = again ? awaitingNextDrain : null;
      awaitingNextDrain = again ? new ArrayList<>() : awaitingNextDrain;
    }
    consumer.grant(Integer.MAX_VALUE);
    if (again) {
      consumer.drain();
    }
    loaded.complete(null);
    done.forEach(AppendListener::stored);
  }

  @Override
  public void delivered(Delivery delivery) {
    MessageContent content;
    try {
      content = MessageContent.read(delivery.message());
    } catch (MeshException.MalformedMessage unreadable) {
      LOG.atWarn().addKeyValue("queue", queue).setCause(unreadable).log("Message dropped");
      consumer.settle(delivery, Settlement.ACCEPTED);
      return;
    }
    keep(content.to(), delivery, content.body().length > 0);
  }

  private synchronized void keep(String address, Delivery delivery, boolean hasBody) {
    Delivery before = latest.get(address);
    if (before != null && before.sequence() > delivery.sequence()) {
      consumer.settle(delivery, Settlement.ACCEPTED);
      return;
    }
    if (before != null) {
      bytes -= before.message().size();
      consumer.settle(before, Settlement.ACCEPTED);
    }
    if (hasBody) {
      latest.put(address, delivery);
      bytes += delivery.message().size();
    } else {
      // Last, so that a crash in between brings nothing back.
      latest.remove(address);
      consumer.settle(delivery, Settlement.ACCEPTED);
    }
  }

  @Override
  public void closed(MeshException reason) {
    List<AppendListener> unanswered = new ArrayList<>();
    synchronized (this) {
      closed = reason;
      if (awaitingDrain != null) {
        unanswered.addAll(awaitingDrain);
      }
      unanswered.addAll(awaitingNextDrain);
      awaitingDrain = null;
      awaitingNextDrain = new ArrayList<>();
    }
    loaded.completeExceptionally(reason);
    unanswered.forEach(listener -> listener.refused(reason));
  }

  /** The last message of the address; null when there is none. */
  synchronized @Nullable Message of(String address) {
    Delivery found = latest.get(address);
    return found == null ? null : found.message();
  }

  /** Walks all addresses; for what is rare. */
  synchronized void forEach(BiConsumer<String, Message> action) {
    latest.forEach((address, kept) -> action.accept(address, kept.message()));
  }

  /** Lets the queue have everything back. */
  @Override
  public void close() {
    consumer.close();
  }
}
