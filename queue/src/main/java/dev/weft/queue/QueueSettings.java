// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything an engine has to know of a queue. Frozen; change by {@link QueueEngine#change}.
 *
 * @param accessType who receives
 * @param maxBytes bytes of waiting and unsettled messages, at least 1
 * @param maxMessages messages waiting and unsettled, at least 1
 * @param maxMessageBytes bytes of one message, at least 1
 * @param maxUnsettledPerConsumer deliveries a consumer may hold unsettled, at least 1
 * @param maxRedeliveries redeliveries before a message is dead, 1 to 255; 0 = until its time to
 *     live, the vendor's meaning
 * @param maxTtl longest life in the queue; zero = no limit of the queue's own, the vendor's meaning
 * @param respectTtl whether times to live (queue's and message's) are honoured
 * @param deadMessageQueue where dead messages go
 * @param ingressDisabled refuse appends
 * @param egressDisabled hand out nothing
 * @param redelivery pause before a returned message comes back
 * @param onReject what {@link Settlement.Rejected} means
 * @param onDead what happens to a dead message when no dead message queue is named
 * @param countReleased whether {@link Settlement.Released} counts against {@code maxRedeliveries}
 *     (R-403)
 * @param fair whether consumers of lower priority take turns with the others (DESIGN section 7)
 */
public record QueueSettings(
    AccessType accessType,
    long maxBytes,
    long maxMessages,
    int maxMessageBytes,
    int maxUnsettledPerConsumer,
    int maxRedeliveries,
    Duration maxTtl,
    boolean respectTtl,
    @Nullable QueueName deadMessageQueue,
    boolean ingressDisabled,
    boolean egressDisabled,
    Redelivery redelivery,
    OnReject onReject,
    OnDead onDead,
    boolean countReleased,
    boolean fair) {

  /** What a consumer's reject does. */
  public enum OnReject {
    /** Counts an attempt and comes back (wire reference, rule 18). */
    RETURN,
    /** Goes to the dead message queue at once. */
    DEAD
  }

  /** What becomes of a dead message without a dead message queue. */
  public enum OnDead {
    /** Stays in the queue, marked, counted, not handed out. */
    KEEP,
    /** Is discarded, as in the original. */
    DISCARD
  }

  /**
   * Defaults of the wire reference 8.2; the message count is bounded by the index, not by the
   * vendor.
   */
  public static final QueueSettings DEFAULT =
      new QueueSettings(
          AccessType.NON_EXCLUSIVE,
          1_572_864_000L,
          100_000_000L,
          1_000_000,
          10_000,
          0,
          Duration.ofDays(7),
          false,
          null,
          false,
          false,
          Redelivery.DEFAULT,
          OnReject.RETURN,
          OnDead.KEEP,
          true,
          false);

  public QueueSettings {
    requireAtLeastOne("maxBytes", maxBytes);
    requireAtLeastOne("maxMessages", maxMessages);
    requireAtLeastOne("maxMessageBytes", maxMessageBytes);
    requireAtLeastOne("maxUnsettledPerConsumer", maxUnsettledPerConsumer);
    if (maxRedeliveries < 0 || maxRedeliveries > 255) {
      throw new IllegalArgumentException("maxRedeliveries must be from 0 to 255");
    }
    if (maxTtl.isNegative()) {
      throw new IllegalArgumentException("maxTtl must not be negative");
    }
  }

  private static void requireAtLeastOne(String field, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(field + " must be at least 1");
    }
  }

  /** A builder that starts from these settings. */
  public Builder toBuilder() {
    return new Builder(this);
  }

  /** Settings under construction; belongs to one thread. */
  public static final class Builder {
    private AccessType accessType;
    private long maxBytes;
    private long maxMessages;
    private int maxMessageBytes;
    private int maxUnsettledPerConsumer;
    private int maxRedeliveries;
    private Duration maxTtl;
    private boolean respectTtl;
    private @Nullable QueueName deadMessageQueue;
    private boolean ingressDisabled;
    private boolean egressDisabled;
    private Redelivery redelivery;
    private OnReject onReject;
    private OnDead onDead;
    private boolean countReleased;
    private boolean fair;

    private Builder(QueueSettings from) {
      accessType = from.accessType;
      maxBytes = from.maxBytes;
      maxMessages = from.maxMessages;
      maxMessageBytes = from.maxMessageBytes;
      maxUnsettledPerConsumer = from.maxUnsettledPerConsumer;
      maxRedeliveries = from.maxRedeliveries;
      maxTtl = from.maxTtl;
      respectTtl = from.respectTtl;
      deadMessageQueue = from.deadMessageQueue;
      ingressDisabled = from.ingressDisabled;
      egressDisabled = from.egressDisabled;
      redelivery = from.redelivery;
      onReject = from.onReject;
      onDead = from.onDead;
      countReleased = from.countReleased;
      fair = from.fair;
    }

    public Builder accessType(AccessType value) {
      accessType = value;
      return this;
    }

    public Builder maxBytes(long value) {
      maxBytes = value;
      return this;
    }

    public Builder maxMessages(long value) {
      maxMessages = value;
      return this;
    }

    public Builder maxMessageBytes(int value) {
      maxMessageBytes = value;
      return this;
    }

    public Builder maxUnsettledPerConsumer(int value) {
      maxUnsettledPerConsumer = value;
      return this;
    }

    public Builder maxRedeliveries(int value) {
      maxRedeliveries = value;
      return this;
    }

    public Builder maxTtl(Duration value) {
      maxTtl = value;
      return this;
    }

    public Builder respectTtl(boolean value) {
      respectTtl = value;
      return this;
    }

    public Builder deadMessageQueue(@Nullable QueueName value) {
      deadMessageQueue = value;
      return this;
    }

    public Builder ingressDisabled(boolean value) {
      ingressDisabled = value;
      return this;
    }

    public Builder egressDisabled(boolean value) {
      egressDisabled = value;
      return this;
    }

    public Builder redelivery(Redelivery value) {
      redelivery = value;
      return this;
    }

    public Builder onReject(OnReject value) {
      onReject = value;
      return this;
    }

    public Builder onDead(OnDead value) {
      onDead = value;
      return this;
    }

    public Builder countReleased(boolean value) {
      countReleased = value;
      return this;
    }

    public Builder fair(boolean value) {
      fair = value;
      return this;
    }

    public QueueSettings build() {
      return new QueueSettings(
          accessType,
          maxBytes,
          maxMessages,
          maxMessageBytes,
          maxUnsettledPerConsumer,
          maxRedeliveries,
          maxTtl,
          respectTtl,
          deadMessageQueue,
          ingressDisabled,
          egressDisabled,
          redelivery,
          onReject,
          onDead,
          countReleased,
          fair);
    }
  }
}
