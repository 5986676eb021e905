// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.util.List;

/**
 * What an instance's clients may name (wire reference 1.6), {@code ${namespace}} already replaced.
 * An empty list allows nothing.
 */
public record Rules(
    List<TopicPattern> queuePublish,
    List<TopicPattern> queueSubscribe,
    List<TopicPattern> topicPublish,
    List<TopicPattern> topicSubscribe) {
  public static final Rules NONE = new Rules(List.of(), List.of(), List.of(), List.of());

  public Rules {
    queuePublish = List.copyOf(queuePublish);
    queueSubscribe = List.copyOf(queueSubscribe);
    topicPublish = List.copyOf(topicPublish);
    topicSubscribe = List.copyOf(topicSubscribe);
  }
}
