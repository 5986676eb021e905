// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.weft.access.TopicPattern;
import dev.weft.broker.Address;
import dev.weft.broker.MessageContent;
import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import java.util.ArrayList;
import java.util.List;

/**
 * What is kept of a persistent session besides its queue and the queue's subscriptions, which are
 * the session's filters of QoS 1.
 *
 * @param lastSeenMillis end of its last connection, epoch; {@link #CONNECTED} while it has one
 * @param live its filters of QoS 0, for which nothing is stored
 */
record SessionDocument(long lastSeenMillis, List<TopicPattern> live) {
  static final long CONNECTED = 0;

  private static final String VERSION = "1";

  SessionDocument {
    live = List.copyOf(live);
  }

  static SessionDocument read(Message message) {
    String[] lines = new String(MessageContent.read(message).body(), UTF_8).split("\n", -1);
    if (lines.length < 2 || !lines[0].equals(VERSION)) {
      throw new IllegalStateException("A session was written by another version of this server");
    }
    List<TopicPattern> live = new ArrayList<>();
    for (int i = 2; i < lines.length; i++) {
      live.add(new TopicPattern(lines[i]));
    }
    return new SessionDocument(Long.parseLong(lines[1]), live);
  }

  /** One line each: version, last seen, the filters. */
  Message toMessage(QueueName queue) {
    StringBuilder text = new StringBuilder(VERSION).append('\n').append(lastSeenMillis);
    for (TopicPattern pattern : live) {
      text.append('\n').append(pattern);
    }
    return MessageContent.of("text/plain", text.toString().getBytes(UTF_8))
        .toMessage(new Address.OfQueue(queue), true, Message.NO_TTL);
  }
}
