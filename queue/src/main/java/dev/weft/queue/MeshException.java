// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import org.jspecify.annotations.Nullable;

/**
 * Everything expected that goes wrong, with its facts as fields. Each door maps this family once to
 * its protocol's own form. Programmer errors are not members: they are assertions and argument
 * checks.
 */
public abstract sealed class MeshException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private MeshException(String message, @Nullable Throwable cause) {
    // Expected outcomes carry no stack trace: they are answers, and some are as frequent as
    // messages.
    super(message, cause, false, false);
  }

  private MeshException(String message) {
    this(message, null);
  }

  /** Whether the same request may succeed later without a change by the caller. */
  public boolean retryHelps() {
    return false;
  }

  /** A rule of the caller's service instance forbids it. */
  public static final class NotAllowed extends MeshException {
    private static final long serialVersionUID = 1L;

    /**
     * @param action what was tried, e.g. {@code publish to topic}
     * @param name the queue or topic
     * @param rule the filter that had to allow it, e.g. {@code topicRules.publishFilter}
     */
    public NotAllowed(String action, String name, String rule) {
      super(action + " '" + name + "' is not allowed by " + rule);
    }
  }

  /** There is no such queue. */
  public static final class UnknownQueue extends MeshException {
    private static final long serialVersionUID = 1L;
    private final transient QueueName queue;

    public UnknownQueue(QueueName queue) {
      super("Queue does not exist: " + queue);
      this.queue = queue;
    }

    public QueueName queue() {
      return queue;
    }
  }

  /** The queue was deleted while in use. */
  public static final class QueueDeleted extends MeshException {
    private static final long serialVersionUID = 1L;

    public QueueDeleted(QueueName queue) {
      super("Queue was deleted: " + queue);
    }
  }

  /** A name, address or pattern is not well-formed. */
  public static final class MalformedName extends MeshException {
    private static final long serialVersionUID = 1L;

    /**
     * @param kind {@code queue}, {@code topic}, {@code topic pattern}, {@code address} …
     * @param why the rule it breaks, as a clause
     */
    public MalformedName(String kind, String name, String why) {
      super("'" + shortened(name) + "' is no valid " + kind + " name: " + why);
    }

    private static String shortened(String name) {
      return name.length() <= 200 ? name : name.substring(0, 200) + "…";
    }
  }

  /** The bytes are not a message the mesh can read. */
  public static final class MalformedMessage extends MeshException {
    private static final long serialVersionUID = 1L;

    public MalformedMessage(String why) {
      super("The message cannot be read: " + why);
    }
  }

  /** The message is larger than a limit. */
  public static final class MessageTooLarge extends MeshException {
    private static final long serialVersionUID = 1L;

    public MessageTooLarge(long bytes, long bytesMax) {
      super("The message has " + bytes + " bytes, at most " + bytesMax + " are allowed");
    }
  }

  /** A queue has no room. */
  public static final class QueueFull extends MeshException {
    private static final long serialVersionUID = 1L;

    /**
     * @param limit the limit reached, e.g. {@code maxQueueMessageCount 10}
     */
    public QueueFull(QueueName queue, String limit) {
      super("Queue or Topic spool limit exceeded: " + queue + " reached " + limit);
    }

    @Override
    public boolean retryHelps() {
      return true;
    }
  }

  /** The queue refuses appends by its settings. */
  public static final class IngressDisabled extends MeshException {
    private static final long serialVersionUID = 1L;

    public IngressDisabled(QueueName queue) {
      super("Queue accepts no messages: ingressDisabled is set on " + queue);
    }

    @Override
    public boolean retryHelps() {
      return true;
    }
  }

  /** A limit of the service instance is reached. */
  public static final class LimitReached extends MeshException {
    private static final long serialVersionUID = 1L;

    public LimitReached(String limit, long max) {
      super("Limit reached: at most " + max + " " + limit);
    }

    @Override
    public boolean retryHelps() {
      return true;
    }
  }

  /** The engine takes no more for the moment: slow down. */
  public static final class EngineOverloaded extends MeshException {
    private static final long serialVersionUID = 1L;

    public EngineOverloaded(String what) {
      super("Too much at once: " + what);
    }

    @Override
    public boolean retryHelps() {
      return true;
    }
  }

  /** The disk has no room for new messages; consumers can still drain. */
  public static final class StorageFull extends MeshException {
    private static final long serialVersionUID = 1L;

    public StorageFull(String what) {
      super("Storage is full: " + what);
    }

    @Override
    public boolean retryHelps() {
      return true;
    }
  }

  /** The engine stopped or failed. */
  public static final class EngineUnavailable extends MeshException {
    private static final long serialVersionUID = 1L;

    public EngineUnavailable(String why, @Nullable Throwable cause) {
      super(why, cause);
    }

    @Override
    public boolean retryHelps() {
      return true;
    }
  }

  /** An object of the catalogue that the request names does not exist. */
  public static final class NotFound extends MeshException {
    private static final long serialVersionUID = 1L;

    /**
     * @param kind e.g. {@code webhook}, {@code service instance}
     */
    public NotFound(String kind, String name) {
      super("There is no " + kind + " '" + name + "'");
    }
  }

  /** An object of that name exists already. */
  public static final class Conflict extends MeshException {
    private static final long serialVersionUID = 1L;

    public Conflict(String kind, String name) {
      super("The " + kind + " '" + name + "' exists already");
    }
  }

  /** A value in a request is not valid. */
  public static final class InvalidValue extends MeshException {
    private static final long serialVersionUID = 1L;
    private final String path;

    /**
     * @param path where it stands, e.g. {@code maxRedeliveryCount}
     * @param why what is wrong, as a clause
     */
    public InvalidValue(String path, String why) {
      super(path + ": " + why);
      this.path = path;
    }

    public String path() {
      return path;
    }
  }
}
