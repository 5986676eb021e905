// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.crash.Verifier.Seen;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.ReceiverOptions;
import org.apache.qpid.protonj2.client.exceptions.ClientException;

/** Consumes a queue and gives every kind of outcome, or accepts everything. */
final class AmqpConsumer implements Worker {
  /** What a consumer does with messages. */
  enum Manner {
    /** Every outcome, some messages always rejected, some kept, sometimes the link is left. */
    MOODY,
    ACCEPTS_ALL
  }

  private static final int CREDIT = 20;
  private static final int KEPT_MAX = 6;
  private static final long RECEIVE_MILLIS = 100;

  private final String name;
  private final int number;
  private final String queue;
  private final Manner manner;
  private final Verifier verifier;
  private final RandomGenerator random;

  AmqpConsumer(int number, String queue, Manner manner, Verifier verifier, RandomGenerator random) {
    this.name = "consumer " + number + " of " + queue;
    this.number = number;
    this.queue = queue;
    this.manner = manner;
    this.verifier = verifier;
    this.random = random;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void work(ServerLife life) {
    while (life.running()) {
      try (Connection connection = life.connect()) {
        while (life.running()) {
          consumeOnOneLink(life, connection);
        }
      } catch (ClientException failure) {
        life.trouble(name, failure);
      }
    }
  }

  private void consumeOnOneLink(ServerLife life, Connection connection) throws ClientException {
    ReceiverOptions options = new ReceiverOptions().autoAccept(false).creditWindow(CREDIT);
    ArrayDeque<Delivery> kept = new ArrayDeque<>();
    // What is kept, and what was never read, returns when the link is closed.
    try (Receiver receiver = connection.openReceiver("queue:" + queue, options)) {
      boolean stays = true;
      while (stays && life.running()) {
        Delivery delivery = receiver.receive(RECEIVE_MILLIS, TimeUnit.MILLISECONDS);
        if (delivery != null) {
          handle(delivery, kept);
          stays = manner == Manner.ACCEPTS_ALL || random.nextInt(500) != 0;
        }
      }
    }
  }

  private void handle(Delivery delivery, ArrayDeque<Delivery> kept) throws ClientException {
    Message<Object> message = delivery.message();
    byte[] body = bytes(message.body());
    MessageId id = Payload.id(body);
    if (id == null) {
      id = new MessageId(-1, -1);
    }
    boolean first = message.firstAcquirer() && message.deliveryCount() == 0;
    verifier.delivered(
        new Seen(number, id, queue, Payload.hash(body), message.deliveryCount(), first));
    if (manner == Manner.ACCEPTS_ALL) {
      accept(delivery, id);
    } else {
      settleByMood(delivery, id, kept);
    }
  }

  private void settleByMood(Delivery delivery, MessageId id, ArrayDeque<Delivery> kept)
      throws ClientException {
    boolean poison = id.number() % 23 == 7 && queue.equals(Scene.ORDERS);
    int mood = poison ? 90 : random.nextInt(100);
    if (mood < 75) {
      accept(delivery, id);
    } else if (mood < 80) {
      delivery.release();
    } else if (mood < 85) {
      delivery.modified(true, false);
    } else if (mood < 86 && queue.equals(Scene.ORDERS)) {
      delivery.modified(true, true);
    } else if (mood < 95) {
      delivery.reject("amqp:internal-error", "processing failed");
    } else {
      kept.add(delivery);
      if (kept.size() > KEPT_MAX) {
        kept.remove().release();
      }
    }
  }

  private void accept(Delivery delivery, MessageId id) throws ClientException {
    verifier.accepting(id, queue);
    delivery.accept();
  }

  private static byte[] bytes(Object body) {
    return body instanceof byte[] bytes
        ? bytes
        : String.valueOf(body).getBytes(StandardCharsets.US_ASCII);
  }
}
