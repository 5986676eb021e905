// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.TopicPattern;
import dev.weft.mqtt.FilterChange.Place;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The filters of one session, oldest first. Belongs to the connection's event loop.
 *
 * <p>A message that several of them match is sent once, with the highest QoS of these (MQTT 3.1.1,
 * 3.3.5): the oldest one that heard it sends it, or the session's queue.
 */
final class Subscriptions {
  private Map<TopicPattern, Place> filters = new LinkedHashMap<>(4);

  Map<TopicPattern, Place> filters() {
    return filters;
  }

  void add(TopicPattern pattern, int qos, @Nullable LiveSubscription live) {
    filters.put(pattern, new Place(qos, live));
  }

  /** Takes over what was changed. */
  void become(FilterChange change) {
    filters = change.filters();
    filters.forEach(
        (_, place) -> {
          LiveSubscription live = place.live();
          if (live != null) {
            live.grant(place.qos());
          }
        });
    change.closing().forEach(LiveSubscription::close);
  }

  List<TopicPattern> livePatterns() {
    return FilterChange.livePatterns(filters);
  }

  /** Whether {@link #qosFor} has to know the topic. */
  boolean mayOverlap() {
    return filters.size() > 1;
  }

  /**
   * The QoS to send the message with, -1 when another filter or the queue sends it.
   *
   * @param heardBy one of ours
   */
  int qosFor(String topic, LiveSubscription heardBy) {
    int qos = -1;
    LiveSubscription oldest = null;
    for (Map.Entry<TopicPattern, Place> each : filters.entrySet()) {
      if (!each.getKey().matches(topic)) {
        continue;
      }
      LiveSubscription live = each.getValue().live();
      if (live == null) {
        return -1;
      }
      oldest = oldest == null ? live : oldest;
      qos = Math.max(qos, live.qos());
    }
    return oldest == heardBy ? qos : -1;
  }

  void close() {
    for (Place place : filters.values()) {
      LiveSubscription live = place.live();
      if (live != null) {
        live.close();
      }
    }
    filters = new LinkedHashMap<>(4);
  }
}
