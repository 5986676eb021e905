// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.access.Caller;
import dev.weft.queue.AppendListener;
import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.Consumer;
import dev.weft.queue.ConsumerSettings;
import dev.weft.queue.DeliveryListener;
import dev.weft.queue.Message;
import dev.weft.queue.QueueEngine;
import dev.weft.queue.QueueName;
import java.util.List;

/** Hops 2 to 4. */
@SuppressWarnings({"DoNotCallSuggester", "InlineMeSuggester", "UnusedVariable"}) // Bodies follow.
public final class FrontDoor {
  public FrontDoor(QueueEngine engine, Routing routing, BrokerLimits limits) {}

  public void publish(Caller caller, Address address, Message message, AppendListener listener) {
    throw new UnsupportedOperationException();
  }

  public Consumer consume(
      Caller caller, Address address, ConsumerSettings settings, DeliveryListener listener) {
    throw new UnsupportedOperationException();
  }

  public List<BrowsedMessage> browse(Caller caller, QueueName queue, long from, int limit) {
    throw new UnsupportedOperationException();
  }

  public int messageSizeMax() {
    throw new UnsupportedOperationException();
  }

  /** Publishes to topics that nobody subscribes, since the start. */
  public long unrouted() {
    throw new UnsupportedOperationException();
  }
}
