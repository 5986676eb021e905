// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import dev.weft.broker.HeaderText;
import dev.weft.broker.MessageContent;
import dev.weft.queue.Consumer;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.Settlement;
import io.vertx.core.Promise;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests for one message into credit for one consumer. Requests are served in rounds: as
 * many credits as requests wait, then a drain; what the drain leaves over is answered "empty". One
 * consumer for all requests of an instance keeps an exclusive queue readable while a message of it
 * is unacknowledged.
 *
 * <p>It lives while requests wait or messages are held, and belongs to the table's event loop.
 */
final class QueueReader implements DeliveryListener {
  /** A message that nobody acknowledged in time: an attempt that failed (wire reference 6.1). */
  private static final Settlement EXPIRED = new Settlement.Modified(true, false);

  private static final Settlement UNREAD = new Settlement.Released(true);

  private final UnacknowledgedTable table;
  private final QueueName queue;
  private final ArrayDeque<Request> waiting = new ArrayDeque<>();

  /** In the order of their deadlines, since all are held equally long. */
  private final ArrayDeque<Held> held = new ArrayDeque<>();

  private @Nullable Consumer consumer;
  private int round;

  private record Request(int qos, Promise<UnacknowledgedTable.@Nullable Taken> answer) {}

  private record Held(String id, Delivery delivery, Instant deadline) {}

  QueueReader(UnacknowledgedTable table, QueueName queue) {
    this.table = table;
    this.queue = queue;
  }

  void start(Consumer started) {
    consumer = started;
  }

  void take(int qos, Promise<UnacknowledgedTable.@Nullable Taken> answer) {
    if (waiting.size() >= table.waitingMax()) {
      throw new MeshException.EngineOverloaded("requests wait for " + queue);
    }
    waiting.add(new Request(qos, answer));
    nextRound();
  }

  /** Whether there was such a message. Of several with one id, the one held longest. */
  boolean acknowledge(String id) {
    for (Iterator<Held> all = held.iterator(); all.hasNext(); ) {
      Held one = all.next();
      if (one.id().equals(id)) {
        all.remove();
        settle(one, Settlement.ACCEPTED);
        endIfIdle();
        return true;
      }
    }
    return false;
  }

  /** Gives back what was not acknowledged by now. */
  void expire(Instant now) {
    while (!held.isEmpty() && !held.getFirst().deadline().isAfter(now)) {
      settle(held.removeFirst(), EXPIRED);
    }
    endIfIdle();
  }

  @Override
  public void delivered(Delivery delivery) {
    table.later(() -> handOut(delivery));
  }

  @Override
  public void drained(int unusedCredit) {
    table.later(() -> endRound(unusedCredit));
  }

  @Override
  public void closed(MeshException reason) {
    table.later(() -> end(reason));
  }

  private void nextRound() {
    if (round == 0 && !waiting.isEmpty() && consumer != null) {
      round = waiting.size();
      consumer.grant(round);
      consumer.drain();
    }
  }

  private void handOut(Delivery delivery) {
    if (consumer == null) {
      return;
    }
    Request request = waiting.poll();
    if (request == null) {
      consumer.settle(delivery, UNREAD);
      return;
    }
    MessageContent content;
    try {
      content = MessageContent.read(delivery.message());
    } catch (MeshException unreadable) {
      consumer.settle(delivery, EXPIRED);
      request.answer().fail(new IllegalStateException(unreadable.getMessage()));
      return;
    }
    String id = id(content, delivery);
    if (request.qos() == 0) {
      consumer.settle(delivery, Settlement.ACCEPTED);
    } else {
      held.add(new Held(id, delivery, table.hold(delivery.message().size())));
    }
    request
        .answer()
        .complete(new UnacknowledgedTable.Taken(id, content, delivery.remainingTtlMillis()));
  }

  private static String id(MessageContent content, Delivery delivery) {
    String id = content.messageId();
    return id == null || id.isBlank() ? Long.toString(delivery.sequence()) : HeaderText.of(id);
  }

  /** The requests of a round stand first; deliveries took theirs, the rest got nothing. */
  private void endRound(int unusedCredit) {
    for (int i = 0; i < unusedCredit && !waiting.isEmpty(); i++) {
      waiting.remove().answer().complete(null);
    }
    round = 0;
    nextRound();
    endIfIdle();
  }

  private void settle(Held one, Settlement settlement) {
    table.letGo(one.delivery().message().size());
    if (consumer != null) {
      consumer.settle(one.delivery(), settlement);
    }
  }

  private void endIfIdle() {
    if (round == 0 && waiting.isEmpty() && held.isEmpty() && consumer != null) {
      consumer.close();
      consumer = null;
      table.ended(this);
    }
  }

  /** The engine ended it: what is held went back or is gone with its queue. */
  private void end(MeshException reason) {
    if (consumer == null) {
      return;
    }
    consumer = null;
    table.ended(this);
    held.forEach(one -> table.letGo(one.delivery().message().size()));
    held.clear();
    while (!waiting.isEmpty()) {
      waiting.remove().answer().fail(reason);
    }
  }
}
