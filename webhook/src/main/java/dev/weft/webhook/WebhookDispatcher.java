// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import dev.weft.broker.WebhookPusher;
import dev.weft.broker.WebhookStatus;
import dev.weft.broker.WebhookSubscription;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes the messages of all webhook subscriptions (wire reference 7). Safe for any thread: each
 * call is handed to the event loop that owns the subscription, in order.
 */
public final class WebhookDispatcher implements WebhookPusher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(WebhookDispatcher.class);

  /** How long closing waits for the event loops to give their messages back. */
  private static final long CLOSE_MILLIS = 2_000;

  private final List<Context> loops;
  private final AtomicInteger next = new AtomicInteger();
  private final Map<Key, Entry> entries = new ConcurrentHashMap<>();
  private final Tools tools;
  private final RandomGenerator random;
  private volatile Agreements agreements = (instanceId, name, agreed) -> {};

  private record Key(String instanceId, String name) {}

  private record Entry(Context owner, PushLoop loop) {}

  /** Call it on no event loop: it waits for the loops it asks for. */
  public WebhookDispatcher(
      Vertx vertx, QueueSource queues, WebhookSettings settings, InstantSource clock) {
    this(vertx, queues, settings, clock, Timers.of(vertx), RandomGenerator.of("L64X128MixRandom"));
  }

  WebhookDispatcher(
      Vertx vertx,
      QueueSource queues,
      WebhookSettings settings,
      InstantSource clock,
      Timers timers,
      RandomGenerator random) {
    tools =
        new Tools(
            queues, new Sender(vertx, settings, timers), settings, timers, clock, this::answered);
    this.random = random;
    loops = eventLoops(vertx);
  }

  /** One context of each event loop that matters: as many as processors. */
  private static List<Context> eventLoops(Vertx vertx) {
    List<Future<String>> deployed = new ArrayList<>();
    List<Context> contexts = new ArrayList<>();
    for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
      Deployable holder =
          context -> {
            synchronized (contexts) {
              contexts.add(context);
            }
            return Future.succeededFuture();
          };
      deployed.add(vertx.deployVerticle(holder));
    }
    Future.join(deployed).toCompletionStage().toCompletableFuture().join();
    synchronized (contexts) {
      return List.copyOf(contexts);
    }
  }

  private void answered(String instanceId, String name, boolean agreed) {
    agreements.answered(instanceId, name, agreed);
  }

  @Override
  public void remember(Agreements memory) {
    agreements = memory;
  }

  @Override
  public void changed(WebhookSubscription subscription) {
    known(subscription, false);
  }

  @Override
  public void known(WebhookSubscription subscription, boolean agreed) {
    Key key = new Key(subscription.instanceId(), subscription.name());
    Entry known = entries.get(key);
    if (known != null) {
      known.owner().runOnContext(handed -> known.loop().change(subscription));
      return;
    }
    Context owner = loops.get(Math.floorMod(next.getAndIncrement(), loops.size()));
    RandomGenerator own = new SplittableRandom(seed());
    Entry fresh = new Entry(owner, new PushLoop(tools, owner, own, subscription, agreed));
    entries.put(key, fresh);
    owner.runOnContext(handed -> fresh.loop().start());
  }

  private long seed() {
    synchronized (random) {
      return random.nextLong();
    }
  }

  @Override
  public void removed(String instanceId, String name) {
    Entry known = entries.remove(new Key(instanceId, name));
    if (known != null) {
      known.owner().runOnContext(handed -> known.loop().remove());
    }
  }

  @Override
  public void handshake(String instanceId, String name) {
    Entry known = entries.get(new Key(instanceId, name));
    if (known != null) {
      known.owner().runOnContext(handed -> known.loop().triggerHandshake());
    }
  }

  @Override
  public WebhookStatus status(String instanceId, String name) {
    Entry known = entries.get(new Key(instanceId, name));
    return known == null ? WebhookStatus.UNKNOWN : known.loop().status();
  }

  /** Gives all messages back and closes the connections. Call it on no event loop. */
  @Override
  public void close() {
    List<Entry> known = List.copyOf(entries.values());
    entries.clear();
    CountDownLatch left = new CountDownLatch(known.size());
    for (Entry entry : known) {
      entry
          .owner()
          .runOnContext(
              handed -> {
                try {
                  entry.loop().abandon();
                } finally {
                  left.countDown();
                }
              });
    }
    try {
      // An event loop that does not answer in time keeps nothing: the engine closes its consumers.
      if (!left.await(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        LOG.atWarn()
            .addKeyValue("subscriptions", left.getCount())
            .log("webhooks did not give back their messages in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    tools.sender().close();
  }
}
