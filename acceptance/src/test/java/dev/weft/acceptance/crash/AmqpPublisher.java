// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.crash.Publication.Item;
import dev.weft.acceptance.crash.Verifier.Answer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.DeliveryState;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Sender;
import org.apache.qpid.protonj2.client.Tracker;
import org.apache.qpid.protonj2.client.exceptions.ClientException;

/** Publishes on one link, many messages on the way, and pauses while too much is waiting. */
final class AmqpPublisher implements Worker {
  private static final int WINDOW = 32;
  private static final long ANSWER_WITHIN_SECONDS = 30;

  private final String name;
  private final Publication publication;
  private final Verifier verifier;
  private final int waitingMax;

  private record Sent(Item item, Tracker tracker) {}

  AmqpPublisher(String name, Publication publication, Verifier verifier, int waitingMax) {
    this.name = name;
    this.publication = publication;
    this.verifier = verifier;
    this.waitingMax = waitingMax;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void work(ServerLife life) {
    while (life.running()) {
      try (Connection connection = life.connect();
          Sender sender = connection.openSender("topic:" + Scene.ORDER_TOPIC)) {
        publish(life, sender);
      } catch (ClientException failure) {
        life.trouble(name, failure);
      }
    }
  }

  private void publish(ServerLife life, Sender sender) throws ClientException {
    ArrayDeque<Sent> onTheWay = new ArrayDeque<>();
    try {
      while (life.running()) {
        if (verifier.waiting() > waitingMax) {
          life.pause(Duration.ofMillis(5));
          continue;
        }
        Item item = publication.next();
        try {
          onTheWay.add(new Sent(item, sender.send(message(item))));
        } catch (ClientException failure) {
          publication.answered(item, Answer.UNKNOWN);
          throw failure;
        }
        while (onTheWay.size() >= WINDOW) {
          conclude(life, onTheWay.remove());
        }
      }
    } finally {
      for (Sent sent : onTheWay) {
        conclude(life, sent);
      }
    }
  }

  private static Message<byte[]> message(Item item) throws ClientException {
    return Message.create(item.body())
        .durable(true)
        .messageId(item.id().toString())
        .contentType("text/plain")
        .to("topic:" + item.topic());
  }

  /** Waits for the answer; there is none when the connection broke. */
  private void conclude(ServerLife life, Sent sent) {
    try {
      var _ = sent.tracker().settlementFuture().get(ANSWER_WITHIN_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException noAnswer) {
      life.trouble(name + " waits for " + sent.item().id(), noAnswer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    DeliveryState state = sent.tracker().remoteState();
    Answer answer = Answer.UNKNOWN;
    if (state != null) {
      answer = state.isAccepted() ? Answer.ACCEPTED : Answer.REFUSED;
    }
    publication.answered(sent.item(), answer);
  }
}
