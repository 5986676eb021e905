// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import dev.weft.access.TopicPattern;
import dev.weft.queue.MeshException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One SUBSCRIBE or UNSUBSCRIBE at work: filter after filter, as if each had come alone (MQTT 3.1.1,
 * 3.8.4). Works on a copy of the session's filters, so that a session with a queue can have it done
 * on a worker; the session takes the result over on its event loop. One thread at a time.
 */
final class FilterChange {
  static final byte REFUSED = (byte) 0x80;

  /** Where filters lead; may block for what is stored. */
  interface Places {
    /**
     * @throws MeshException.NotAllowed if no rule covers the pattern
     * @throws MeshException.LimitReached if there are too many
     */
    LiveSubscription openLive(TopicPattern pattern, int qos);

    /** Whether filters of QoS 1 feed a queue. */
    boolean hasQueue();

    /**
     * @throws MeshException.NotAllowed if no rule covers the pattern
     * @throws MeshException.LimitReached if there are too many
     */
    void store(TopicPattern pattern);

    void unstore(TopicPattern pattern);

    /** Keeps what is live, in a session with a queue. */
    void saveLive(List<TopicPattern> patterns);
  }

  /**
   * Where a filter leads.
   *
   * @param live null when it feeds the session's queue
   */
  record Place(int qos, @Nullable LiveSubscription live) {}

  private final Places places;
  private final int filtersMax;
  private final Map<TopicPattern, Place> filters;
  private final List<LiveSubscription> closing = new ArrayList<>();
  private boolean liveChanged;

  FilterChange(Places places, int filtersMax, Map<TopicPattern, Place> filters) {
    this.places = places;
    this.filtersMax = filtersMax;
    this.filters = new LinkedHashMap<>(filters);
  }

  /** The filters as they are now. */
  Map<TopicPattern, Place> filters() {
    return filters;
  }

  /** Those to close once the result is taken over: what replaces them is open. */
  List<LiveSubscription> closing() {
    return closing;
  }

  /** The code of the SUBACK. */
  byte subscribe(@Nullable TopicPattern pattern, int requested) {
    if (pattern == null || (filters.size() >= filtersMax && !filters.containsKey(pattern))) {
      return REFUSED;
    }
    int qos = Math.min(requested, 1);
    Place before = filters.get(pattern);
    try {
      if (qos == 1 && places.hasQueue()) {
        store(pattern, before);
      } else {
        live(pattern, before, qos);
      }
      return (byte) qos;
    } catch (MeshException refused) {
      if (refused instanceof MeshException.NotAllowed
          || refused instanceof MeshException.LimitReached) {
        return REFUSED;
      }
      throw refused;
    }
  }

  private void store(TopicPattern pattern, @Nullable Place before) {
    if (before == null || before.live != null) {
      places.store(pattern);
      filters.put(pattern, new Place(1, null));
      close(before);
    }
  }

  private void live(TopicPattern pattern, @Nullable Place before, int qos) {
    if (before != null && before.live != null) {
      filters.put(pattern, new Place(qos, before.live));
      return;
    }
    filters.put(pattern, new Place(qos, places.openLive(pattern, qos)));
    liveChanged = true;
    if (before != null) {
      places.unstore(pattern);
    }
  }

  void unsubscribe(@Nullable TopicPattern pattern) {
    if (pattern == null) {
      return;
    }
    Place before = filters.remove(pattern);
    if (before == null) {
      return;
    }
    if (before.live == null) {
      places.unstore(pattern);
    } else {
      close(before);
    }
  }

  private void close(@Nullable Place before) {
    if (before != null && before.live != null) {
      closing.add(Objects.requireNonNull(before.live));
      liveChanged = true;
    }
  }

  /** Makes durable what has to be. */
  void save() {
    if (liveChanged && places.hasQueue()) {
      places.saveLive(livePatterns(filters));
    }
  }

  static List<TopicPattern> livePatterns(Map<TopicPattern, Place> filters) {
    List<TopicPattern> live = new ArrayList<>();
    filters.forEach(
        (pattern, place) -> {
          if (place.live != null) {
            live.add(pattern);
          }
        });
    return live;
  }
}
