// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The peers that take part, in the order they were asked for, and those that cannot.
 *
 * @param peers made and ready to be started
 * @param skipped reason by name
 */
record Roster(List<Peer> peers, Map<String, String> skipped) implements AutoCloseable {
  /** What a peer is made from. */
  record Place(Path repository, Path work, long waitingBytes) {}

  private static final Map<String, Function<Place, Peer>> KNOWN = known();

  Roster {
    peers = List.copyOf(peers);
  }

  private static Map<String, Function<Place, Peer>> known() {
    Map<String, Function<Place, Peer>> known = new LinkedHashMap<>();
    known.put(
        "weft",
        place ->
            new WeftPeer(
                ServerLaunch.arguments(place.repository()), place.work(), place.waitingBytes()));
    known.put(
        "artemis",
        place -> new ArtemisPeer(place.repository(), place.work(), ArtemisPeer.Journal.NIO));
    known.put(
        "artemis-aio",
        place -> new ArtemisPeer(place.repository(), place.work(), ArtemisPeer.Journal.AIO));
    known.put("rabbitmq-quorum", place -> new RabbitPeer(place.work(), RabbitPeer.Kind.QUORUM));
    known.put("rabbitmq-classic", place -> new RabbitPeer(place.work(), RabbitPeer.Kind.CLASSIC));
    known.put("broker-j", place -> new BrokerJPeer(place.repository(), place.work()));
    return known;
  }

  /** Names that a peer may have. */
  static List<String> names() {
    return List.copyOf(KNOWN.keySet());
  }

  /**
   * Makes the peers of these names; one whose product is not on this machine is skipped.
   *
   * @throws IllegalArgumentException for a name that is not known
   */
  static Roster of(List<String> names, Place place) {
    for (String name : names) {
      if (!KNOWN.containsKey(name)) {
        throw new IllegalArgumentException(
            "no peer '" + name + "': known are " + String.join(", ", KNOWN.keySet()));
      }
    }
    List<Peer> peers = new ArrayList<>();
    Map<String, String> skipped = new LinkedHashMap<>();
    for (String name : names) {
      Function<Place, Peer> maker = KNOWN.get(name);
      try {
        if (maker != null) {
          peers.add(maker.apply(place));
        }
      } catch (Peer.Missing e) {
        skipped.put(name, "skipped: " + e.getMessage());
      }
    }
    return new Roster(peers, skipped);
  }

  @Override
  public void close() {
    peers.forEach(Peer::close);
  }
}
