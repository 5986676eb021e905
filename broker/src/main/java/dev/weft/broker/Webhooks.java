// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.Sealer;
import dev.weft.broker.Catalogue.StoredWebhook;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The webhook subscriptions there are, their secrets in clear, and whoever pushes. Changes come
 * under the lock of {@link Administration}, which checks them; reads take none.
 */
final class Webhooks {
  private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

  private record Key(String instanceId, String name) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byInstance = instanceId.compareTo(other.instanceId);
      return byInstance == 0 ? name.compareTo(other.name) : byInstance;
    }
  }

  private final Catalogue catalogue;
  private final Sealer sealer;
  private final NavigableMap<Key, WebhookSubscription> all = new ConcurrentSkipListMap<>();

  /** Receivers that agreed; the catalogue follows. */
  private final Set<Key> agreed = ConcurrentHashMap.newKeySet();

  private volatile @Nullable WebhookPusher pusher;

  Webhooks(Catalogue catalogue, Sealer sealer) {
    this.catalogue = catalogue;
    this.sealer = sealer;
  }

  void load() {
    for (StoredWebhook stored : catalogue.webhooks()) {
      String objectId = objectId(stored.instanceId(), stored.name());
      WebhookAuth auth = WebhookDocument.readAuth(sealer.unseal(stored.sealedAuth(), objectId));
      WebhookSubscription webhook =
          WebhookDocument.restore(stored.instanceId(), stored.document(), auth, stored.paused());
      all.put(keyOf(webhook), webhook);
      if (stored.agreed()) {
        agreed.add(keyOf(webhook));
      }
    }
  }

  void attach(WebhookPusher who) {
    pusher = who;
    who.remember(this::answered);
    all.forEach((key, webhook) -> who.known(webhook, agreed.contains(key)));
  }

  private void answered(String instanceId, String name, boolean yes) {
    var key = new Key(instanceId, name);
    if (all.containsKey(key) && (yes ? agreed.add(key) : agreed.remove(key))) {
      // The caller is an event loop, and the catalogue blocks.
      Thread.startVirtualThread(() -> keep(key));
    }
  }

  /** Writes what is true by now, so that the last of several writes is the right one. */
  private void keep(Key key) {
    synchronized (agreed) {
      try {
        catalogue.updateAgreement(key.instanceId(), key.name(), agreed.contains(key));
      } catch (MeshException stopping) {
        // The receiver is asked again at the next start, that is all.
        LOG.atDebug().addKeyValue("webhook", key.name()).log("agreement not kept");
      }
    }
  }

  /** By name. */
  List<WebhookSubscription> of(String instanceId) {
    return all.tailMap(new Key(instanceId, "")).values().stream()
        .takeWhile(webhook -> webhook.instanceId().equals(instanceId))
        .toList();
  }

  @Nullable WebhookSubscription find(String instanceId, String name) {
    return all.get(new Key(instanceId, name));
  }

  WebhookSubscription require(String instanceId, String name) {
    WebhookSubscription webhook = find(instanceId, name);
    if (webhook == null) {
      throw new MeshException.NotFound("webhook", name);
    }
    return webhook;
  }

  void add(WebhookSubscription webhook) {
    byte[] sealed =
        sealer.seal(
            WebhookDocument.write(webhook.auth()), objectId(webhook.instanceId(), webhook.name()));
    catalogue.insertWebhook(
        new StoredWebhook(
            webhook.instanceId(),
            webhook.name(),
            webhook.queue(),
            webhook.document(),
            sealed,
            webhook.paused(),
            false));
    agreed.remove(keyOf(webhook));
    put(webhook, "webhook created");
  }

  void pause(WebhookSubscription webhook, boolean paused) {
    if (webhook.paused() != paused) {
      catalogue.updateWebhook(webhook.instanceId(), webhook.name(), paused);
      put(webhook.withPaused(paused), paused ? "webhook paused" : "webhook resumed");
    }
  }

  private void put(WebhookSubscription webhook, String event) {
    all.put(keyOf(webhook), webhook);
    log(webhook, event);
    WebhookPusher who = pusher;
    if (who != null) {
      who.changed(webhook);
    }
  }

  void delete(WebhookSubscription webhook) {
    catalogue.deleteWebhook(webhook.instanceId(), webhook.name());
    forget(webhook);
  }

  /** The catalogue dropped them with their queue. */
  void forgetQueue(QueueName queue) {
    for (WebhookSubscription webhook : all.values()) {
      if (webhook.queue().equals(queue)) {
        forget(webhook);
      }
    }
  }

  private void forget(WebhookSubscription webhook) {
    all.remove(keyOf(webhook));
    agreed.remove(keyOf(webhook));
    log(webhook, "webhook deleted");
    WebhookPusher who = pusher;
    if (who != null) {
      who.removed(webhook.instanceId(), webhook.name());
    }
  }

  void handshake(WebhookSubscription webhook) {
    WebhookPusher who = pusher;
    if (who == null) {
      throw new MeshException.EngineUnavailable("Webhooks are not running yet", null);
    }
    who.handshake(webhook.instanceId(), webhook.name());
  }

  WebhookStatus status(WebhookSubscription webhook) {
    WebhookPusher who = pusher;
    return who == null ? WebhookStatus.UNKNOWN : who.status(webhook.instanceId(), webhook.name());
  }

  private static Key keyOf(WebhookSubscription webhook) {
    return new Key(webhook.instanceId(), webhook.name());
  }

  private static String objectId(String instanceId, String name) {
    return "webhook:" + instanceId + "/" + name;
  }

  private static void log(WebhookSubscription webhook, String event) {
    LOG.atInfo()
        .addKeyValue("webhook", webhook.name())
        .addKeyValue("queue", webhook.queue())
        .log(event);
  }
}
