// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.Administration;
import dev.weft.broker.MessageContent;
import dev.weft.broker.QueueAttributes;
import dev.weft.queue.AccessType;
import dev.weft.queue.AppendListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sessions that outlive their connection. Each is a queue below its instance's namespace, which
 * collects what the client misses, visible to management like any other; and a document. The
 * document comes first and goes last: a queue without one is never deleted.
 *
 * <p>Safe for any thread; what is not said to be otherwise blocks, and belongs on workers.
 */
final class PersistentSessions {
  private static final Logger LOG = LoggerFactory.getLogger(PersistentSessions.class);
  private static final String FOLDER = "/mqtt-session/";
  private static final long STORE_SECONDS_MAX = 30;

  /**
   * Sends again at once, as the protocol wants after a reconnect; forgets what is older than the
   * vendor's longest life of a message; and hands all to the one client.
   */
  private static final QueueAttributes QUEUE =
      new QueueAttributes(
          AccessType.EXCLUSIVE,
          null,
          null,
          null,
          null,
          null,
          Duration.ofDays(7).toSeconds(),
          true,
          null,
          null,
          null,
          Redelivery.IMMEDIATE,
          null,
          QueueSettings.OnDead.DISCARD,
          null,
          null);

  /**
   * A session ready for its client.
   *
   * @param present whether there was one before
   * @param stored filters of QoS 1, which feed the queue
   * @param live filters of QoS 0
   */
  record Resumed(
      QueueName queue, boolean present, List<TopicPattern> stored, List<TopicPattern> live) {}

  private final Administration administration;
  private final LatestMessages documents;
  private final Duration expiry;
  private final InstantSource clock;

  /** One change of sessions at a time. */
  private final ReentrantLock changes = new ReentrantLock();

  PersistentSessions(
      Administration administration,
      LatestMessages documents,
      Duration expiry,
      InstantSource clock) {
    this.administration = administration;
    this.documents = documents;
    this.expiry = expiry;
    this.clock = clock;
  }

  /**
   * The queue of a client's session: letters, digits, {@code -} and {@code .} of its id as they
   * are, other bytes as {@code _} and two hex digits; what is too long for a name as a digest.
   */
  static QueueName queueOf(ServiceInstance instance, String clientId) {
    String prefix = instance.namespace() + FOLDER;
    StringBuilder name = new StringBuilder();
    for (byte b : clientId.getBytes(UTF_8)) {
      boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9');
      if (plain || b == '-' || b == '.') {
        name.append((char) b);
      } else {
        name.append('_').append(HexFormat.of().toHexDigits(b));
      }
    }
    if (prefix.length() + name.length() > QueueName.LENGTH_MAX || name.length() > 109) {
      name = new StringBuilder("_h").append(digest(clientId));
    }
    return new QueueName(prefix + name);
  }

  private static String digest(String clientId) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(clientId.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  /** Whether the client has one. Does not block. */
  boolean exists(ServiceInstance instance, String clientId) {
    return document(queueOf(instance, clientId)) != null;
  }

  private @Nullable SessionDocument document(QueueName queue) {
    Message message = documents.of(address(queue));
    return message == null ? null : SessionDocument.read(message);
  }

  private static String address(QueueName queue) {
    return new Address.OfQueue(queue).toString();
  }

  /**
   * Finds the session, or makes one. A queue of its name without a document, as a restored
   * catalogue has it, is taken for the session's.
   *
   * @throws MeshException.LimitReached if the instance has as many queues as it may
   */
  Resumed open(ServiceInstance instance, String clientId) {
    QueueName queue = queueOf(instance, clientId);
    return serially(
        () -> {
          SessionDocument document = document(queue);
          List<TopicPattern> stored = subscriptions(instance, queue);
          if (stored == null) {
            save(queue, new SessionDocument(SessionDocument.CONNECTED, List.of()));
            create(instance, queue);
            return new Resumed(queue, false, List.of(), List.of());
          }
          List<TopicPattern> live = document == null ? List.of() : document.live();
          save(queue, new SessionDocument(SessionDocument.CONNECTED, live));
          List<TopicPattern> allowed =
              stored.stream().filter(each -> isStillAllowed(instance, queue, each)).toList();
          return new Resumed(queue, true, allowed, live);
        });
  }

  private void create(ServiceInstance instance, QueueName queue) {
    try {
      administration.putQueue(instance, queue, QUEUE);
    } catch (MeshException refused) {
      forget(queue);
      throw refused;
    }
  }

  /** Null when there is no queue. */
  private @Nullable List<TopicPattern> subscriptions(ServiceInstance instance, QueueName queue) {
    try {
      return administration.subscriptions(instance, queue);
    } catch (MeshException.UnknownQueue none) {
      return null;
    }
  }

  private boolean isStillAllowed(ServiceInstance instance, QueueName queue, TopicPattern pattern) {
    try {
      administration.putSubscription(instance, queue, pattern);
      return true;
    } catch (MeshException.NotAllowed withdrawn) {
      unsubscribe(instance, queue, pattern);
      return false;
    }
  }

  /** Ends the client's session, if it has one, with all it kept. */
  void discard(ServiceInstance instance, String clientId) {
    QueueName queue = queueOf(instance, clientId);
    serially(
        () -> {
          if (document(queue) != null) {
            delete(instance, queue);
          }
          return queue;
        });
  }

  private void delete(ServiceInstance instance, QueueName queue) {
    try {
      administration.deleteQueue(instance, queue);
    } catch (MeshException.UnknownQueue gone) {
      // Deleted by hand: the document is left to forget.
      LOG.atDebug().addKeyValue("queue", queue).log("The session's queue was gone already");
    }
    forget(queue);
  }

  /**
   * @throws MeshException.NotAllowed if no rule covers the pattern
   * @throws MeshException.LimitReached if the instance has as many subscriptions as it may
   */
  void subscribe(ServiceInstance instance, QueueName queue, TopicPattern pattern) {
    administration.putSubscription(instance, queue, pattern);
  }

  void unsubscribe(ServiceInstance instance, QueueName queue, TopicPattern pattern) {
    try {
      administration.deleteSubscription(instance, queue, pattern);
    } catch (MeshException.NotFound | MeshException.UnknownQueue gone) {
      LOG.atDebug().addKeyValue("queue", queue).log("The subscription was gone already");
    }
  }

  /** Keeps the filters of QoS 0 of a session that has a connection. */
  void saveLive(QueueName queue, List<TopicPattern> live) {
    save(queue, new SessionDocument(SessionDocument.CONNECTED, live));
  }

  /** The session's connection ended. Does not block. */
  void disconnected(QueueName queue, List<TopicPattern> live) {
    if (documents.of(address(queue)) == null) {
      return;
    }
    markSeen(queue, live);
  }

  private void markSeen(QueueName queue, List<TopicPattern> live) {
    documents.put(
        address(queue),
        new SessionDocument(clock.millis(), live).toMessage(queue),
        new AppendListener() {
          @Override
          public void stored() {
            // The session can expire from now on.
          }

          @Override
          public void refused(MeshException reason) {
            // It counts as connected until the next start, which is no loss.
            LOG.atDebug().addKeyValue("queue", queue).setCause(reason).log("Session not marked");
          }
        });
  }

  /**
   * Ends sessions whose client stayed away for too long.
   *
   * @param instances all there are
   * @param atStart whether nobody can be connected: the time of those that were begins now
   */
  void expire(List<ServiceInstance> instances, boolean atStart) {
    List<QueueName> queues = new ArrayList<>();
    documents.forEach(
        (address, _) -> {
          if (Address.parse(address) instanceof Address.OfQueue(QueueName queue)) {
            queues.add(queue);
          }
        });
    for (QueueName queue : queues) {
      serially(
          () -> {
            expire(instances, queue, atStart);
            return queue;
          });
    }
  }

  private void expire(List<ServiceInstance> instances, QueueName queue, boolean atStart) {
    SessionDocument document = document(queue);
    if (document == null) {
      return;
    }
    ServiceInstance owner =
        instances.stream().filter(one -> one.owns(queue.value())).findFirst().orElse(null);
    if (owner == null) {
      forget(queue);
    } else if (document.lastSeenMillis() == SessionDocument.CONNECTED) {
      if (atStart) {
        // Not waited for: a start with many sessions must not take long.
        markSeen(queue, document.live());
      }
    } else if (clock.millis() - document.lastSeenMillis() > expiry.toMillis()) {
      LOG.atInfo().addKeyValue("queue", queue).log("MQTT session expired");
      delete(owner, queue);
    }
  }

  private void forget(QueueName queue) {
    Message nothing =
        MessageContent.of(null, new byte[0])
            .toMessage(new Address.OfQueue(queue), true, Message.NO_TTL);
    put(queue, nothing);
  }

  private void save(QueueName queue, SessionDocument document) {
    put(queue, document.toMessage(queue));
  }

  /** Returns when it is durable. */
  private void put(QueueName queue, Message message) {
    CompletableFuture<Void> durable = new CompletableFuture<>();
    documents.put(
        address(queue),
        message,
        new AppendListener() {
          @Override
          public void stored() {
            durable.complete(null);
          }

          @Override
          public void refused(MeshException reason) {
            durable.completeExceptionally(reason);
          }
        });
    try {
      durable.orTimeout(STORE_SECONDS_MAX, TimeUnit.SECONDS).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof MeshException reason) {
        throw reason;
      }
      throw new MeshException.EngineUnavailable("The session was not stored", e);
    }
  }

  private interface Change<T> {
    T make();
  }

  private <T> T serially(Change<T> change) {
    changes.lock();
    try {
      return change.make();
    } finally {
      changes.unlock();
    }
  }
}
