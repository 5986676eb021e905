// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import java.util.ArrayDeque;
import java.util.random.RandomGenerator;

/**
 * What one publisher publishes: fresh messages, and now and then one again whose answer never came.
 * Belongs to the publisher's thread.
 */
final class Publication {
  /** Too large for the first queue: refused, and then delivered to nobody. */
  private static final int OVERSIZE_BYTES = Scene.ORDER_BYTES_MAX + 500;

  private static final int RETRIES_MAX = 64;

  private final int publisher;
  private final Verifier verifier;
  private final RandomGenerator random;
  private final ArrayDeque<Item> unknown = new ArrayDeque<>();
  private int published;

  /** One message on its way. */
  record Item(MessageId id, String topic, byte[] body) {}

  Publication(int publisher, Verifier verifier, RandomGenerator random) {
    this.publisher = publisher;
    this.verifier = verifier;
    this.random = random;
  }

  /** The next one, reported as sent. */
  Item next() {
    Item item = !unknown.isEmpty() && random.nextInt(4) == 0 ? unknown.poll() : fresh();
    verifier.publishing(item.id(), Payload.hash(item.body()), Scene.queuesOf(item.topic()));
    return item;
  }

  private Item fresh() {
    MessageId id = new MessageId(publisher, published++);
    String topic = random.nextInt(6) == 0 ? Scene.BOTH_TOPIC : Scene.ORDER_TOPIC;
    boolean oversize = random.nextInt(100) == 0;
    int fillerBytes = oversize ? OVERSIZE_BYTES : random.nextInt(1500);
    return new Item(id, topic, Payload.of(id, fillerBytes, random));
  }

  void answered(Item item, Verifier.Answer answer) {
    verifier.answered(item.id(), answer);
    // Every second one is left alone, so that both fates of an unknown publish are seen.
    if (answer == Verifier.Answer.UNKNOWN && unknown.size() < RETRIES_MAX && random.nextBoolean()) {
      unknown.add(item);
    }
  }
}
