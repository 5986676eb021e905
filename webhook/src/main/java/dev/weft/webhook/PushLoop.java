// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import dev.weft.broker.HandshakeState;
import dev.weft.broker.WebhookStatus;
import dev.weft.broker.WebhookSubscription;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.Delivery;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Settlement;
import io.vertx.core.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscription: takes messages from its queue and pushes them. Everything but {@link #status}
 * runs on its event loop; the engine's calls are handed over to it.
 *
 * <p>In hand are at most {@code inFlightMax} messages. A failure of quality of service 1 returns
 * the message, takes the credit back and starts a wait; then one message goes as a probe, and its
 * success opens the window again. Messages that arrive meanwhile are kept unread, so that a sick
 * receiver costs each message no more attempts than needed.
 */
final class PushLoop implements Handshake.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(PushLoop.class);

  /** Processing failed: counts an attempt (wire reference 7.4: the maximum applies to webhooks). */
  private static final Settlement FAILED = new Settlement.Modified(true, false);

  /** We never looked at it: back at once, no attempt counted. */
  private static final Settlement UNREAD = new Settlement.Released(true);

  private final Tools tools;
  private final Context owner;
  private final Handshake handshake;
  private final RetryWait wait;
  private final ArrayDeque<Delivery> parked = new ArrayDeque<>();
  private WebhookSubscription subscription;
  private @Nullable Receiver receiver;
  private @Nullable Attachment attachment;
  private int credit;
  private int inFlight;

  /** Grows with each wait: failures of pushes begun before it do not lengthen it. */
  private int wave;

  private boolean probing;
  private boolean removed;
  private boolean agreedBefore;
  private Timers.@Nullable Timer timer;
  private @Nullable Instant nextAttempt;
  private @Nullable Instant lastSuccess;
  private @Nullable Instant lastFailure;
  private @Nullable String lastFailureReason;
  private int consecutiveFailures;

  /** Written by the owner, read by anybody. */
  private volatile WebhookStatus status = WebhookStatus.UNKNOWN;

  /**
   * @param random of its own: an event loop shares none
   * @param agreed the receiver agreed in an earlier life of the server
   */
  PushLoop(
      Tools tools,
      Context owner,
      RandomGenerator random,
      WebhookSubscription subscription,
      boolean agreed) {
    agreedBefore = agreed;
    this.tools = tools;
    this.owner = owner;
    this.subscription = subscription;
    handshake = new Handshake(tools.settings(), tools.timers(), tools.clock(), random, this);
    wait = new RetryWait(tools.settings(), random);
  }

  /** From any thread. */
  WebhookStatus status() {
    return status;
  }

  void start() {
    receiver = receiver();
    if (receiver != null) {
      askReceiver(receiver);
    }
    publish();
  }

  /** The subscription was paused, resumed or made anew. */
  void change(WebhookSubscription changed) {
    WebhookSubscription before = subscription;
    subscription = changed;
    if (!changed.withPaused(before.paused()).equals(before)) {
      letGo();
      closeConsumer();
      start();
    } else if (changed.paused()) {
      letGo();
    } else if (before.paused()) {
      retryNow();
    }
    publish();
  }

  /** Somebody wants the receiver to be asked again. */
  void triggerHandshake() {
    if (handshake.state() == HandshakeState.EXEMPTED) {
      retryNow();
    } else if (receiver != null) {
      handshake.start(receiver);
    }
  }

  /** Ends it: pushes on their way are finished, nothing new begins. */
  void remove() {
    removed = true;
    handshake.cancel();
    letGo();
    publish();
  }

  /** Ends it at once; what is on its way returns to the queue. */
  void abandon() {
    remove();
    closeConsumer();
  }

  @Override
  public void handshakeChanged() {
    if (handshake.state() == HandshakeState.COMPLETED
        || handshake.state() == HandshakeState.FAILED) {
      tools
          .agreements()
          .answered(subscription.instanceId(), subscription.name(), handshake.agreed());
    }
    if (handshake.agreed()) {
      retryNow();
    } else if (handshake.state() == HandshakeState.FAILED) {
      letGo();
    } else {
      takeCreditBack();
    }
    publish();
  }

  @Override
  public void handshakeFailed(String reason) {
    fail(reason);
  }

  private @Nullable Receiver receiver() {
    try {
      return new Receiver(
          Endpoint.parse(subscription.endpoint()),
          new Credentials(subscription.auth(), tools.sender(), tools.clock()),
          tools.sender());
    } catch (IllegalArgumentException malformed) {
      fail("endpoint: " + malformed.getMessage());
      return null;
    }
  }

  private void askReceiver(Receiver asked) {
    if (subscription.exemptHandshake()) {
      handshake.exempt();
    } else if (agreedBefore) {
      agreedBefore = false;
      handshake.resume();
    } else {
      handshake.start(asked);
    }
  }

  // Taking messages.

  private boolean mayPush() {
    return !removed && !subscription.paused() && handshake.agreed() && timer == null;
  }

  /** Pushes what is in hand and asks for as many messages as there is room for. */
  private void pump() {
    if (!mayPush()) {
      return;
    }
    if (attachment == null && !attach()) {
      return;
    }
    int window = probing ? 1 : tools.settings().inFlightMax();
    while (mayPush() && inFlight < window && !parked.isEmpty()) {
      push(parked.poll());
    }
    int room = window - inFlight - parked.size() - credit;
    if (mayPush() && room > 0 && attachment != null) {
      credit += room;
      attachment.consumer().grant(room);
    }
  }

  private boolean attach() {
    Attachment fresh = new Attachment();
    try {
      fresh.consumer =
          tools
              .queues()
              .consume(
                  subscription,
                  new ConsumerSettings("webhook:" + subscription.name(), ConsumerSettings.PUSH),
                  fresh);
    } catch (MeshException refused) {
      fail(refused.getMessage());
      startWait();
      return false;
    }
    attachment = fresh;
    return true;
  }

  private void arrived(Attachment from, Delivery delivery) {
    if (from != attachment) {
      return;
    }
    credit = Math.max(0, credit - 1);
    if (removed || subscription.paused()) {
      from.consumer().settle(delivery, UNREAD);
      return;
    }
    parked.add(delivery);
    pump();
  }

  private void ended(Attachment from, MeshException reason) {
    if (from != attachment) {
      return;
    }
    attachment = null;
    credit = 0;
    parked.clear();
    if (reason instanceof MeshException.QueueDeleted) {
      // The administration removes the subscription with its queue and says so.
      LOG.atInfo()
          .addKeyValue("webhook", subscription.name())
          .addKeyValue("queue", subscription.queue())
          .log("webhook lost its queue");
      remove();
    } else {
      fail(reason.getMessage());
      startWait();
    }
    publish();
  }

  private void takeCreditBack() {
    if (attachment != null && credit > 0) {
      attachment.consumer().revokeCredit();
    }
    credit = 0;
  }

  /** Gives back what is unread, and the consumer once nothing is on its way. */
  private void letGo() {
    takeCreditBack();
    stopWait();
    if (attachment == null) {
      return;
    }
    Consumer consumer = attachment.consumer();
    parked.forEach(delivery -> consumer.settle(delivery, UNREAD));
    parked.clear();
    if (inFlight == 0) {
      closeConsumer();
    }
  }

  private void closeConsumer() {
    if (attachment != null) {
      attachment.consumer().close();
      attachment = null;
    }
  }

  // Pushing.

  private void push(Delivery delivery) {
    Attachment from = attachment;
    Receiver to = receiver;
    if (from == null || to == null) {
      return;
    }
    Push push;
    try {
      push = Push.of(subscription, delivery);
    } catch (MeshException unreadable) {
      fail(unreadable.getMessage());
      from.consumer().settle(delivery, FAILED);
      return;
    }
    int begunIn = wave;
    inFlight++;
    push.send(to).onSuccess(outcome -> answered(from, delivery, begunIn, Push.failure(outcome)));
    publish();
  }

  private void answered(Attachment from, Delivery delivery, int begunIn, @Nullable String failure) {
    inFlight--;
    if (failure == null) {
      succeed();
      from.consumer().settle(delivery, Settlement.ACCEPTED);
    } else {
      fail(failure);
      // Quality of service 0 is one attempt, whatever the answer.
      from.consumer().settle(delivery, subscription.qos() == 0 ? Settlement.ACCEPTED : FAILED);
      if (subscription.qos() != 0 && begunIn == wave) {
        startWait();
      }
    }
    if (removed || subscription.paused() || handshake.state() == HandshakeState.FAILED) {
      letGo();
    } else {
      pump();
    }
    publish();
  }

  private void succeed() {
    lastSuccess = tools.clock().instant();
    consecutiveFailures = 0;
    wait.reset();
    probing = false;
    stopWait();
  }

  private void fail(@Nullable String reason) {
    lastFailure = tools.clock().instant();
    lastFailureReason = reason;
    consecutiveFailures++;
    LOG.atDebug()
        .addKeyValue("webhook", subscription.name())
        .addKeyValue("reason", reason)
        .addKeyValue("failures", consecutiveFailures)
        .log("push failed");
  }

  // Waiting.

  private void startWait() {
    if (timer != null || removed) {
      return;
    }
    takeCreditBack();
    wave++;
    Duration pause = wait.next();
    nextAttempt = tools.clock().instant().plus(pause);
    timer =
        tools
            .timers()
            .after(
                pause,
                () -> {
                  stopWait();
                  probing = true;
                  pump();
                  publish();
                });
    if (wait.failures() == 1) {
      LOG.atWarn()
          .addKeyValue("webhook", subscription.name())
          .addKeyValue("queue", subscription.queue())
          .addKeyValue("reason", lastFailureReason)
          .addKeyValue("retryMillis", pause.toMillis())
          .log("webhook waits before it pushes again");
    }
  }

  private void stopWait() {
    nextAttempt = null;
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  /** Resumed or agreed: what waits is tried at once, with the whole window. */
  private void retryNow() {
    stopWait();
    wait.reset();
    probing = false;
    pump();
  }

  private void publish() {
    Instant next = nextAttempt != null ? nextAttempt : handshake.nextAttempt();
    status =
        new WebhookStatus(
            handshake.state(),
            lastSuccess,
            lastFailure,
            lastFailureReason,
            consecutiveFailures,
            next,
            inFlight);
  }

  /** What the engine calls, on its threads; a later attachment does not hear an earlier one's. */
  private final class Attachment implements DeliveryListener {
    private @Nullable Consumer consumer;

    Consumer consumer() {
      if (consumer == null) {
        throw new IllegalStateException("not attached");
      }
      return consumer;
    }

    @Override
    public void delivered(Delivery delivery) {
      owner.runOnContext(handed -> arrived(this, delivery));
    }

    @Override
    public void drained(int unusedCredit) {
      // Nobody drains here.
    }

    @Override
    public void closed(MeshException reason) {
      owner.runOnContext(handed -> ended(this, reason));
    }
  }
}
