// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/**
 * One load, as the launcher asks the generator for it.
 *
 * @param publishers connections that publish
 * @param consumers connections that consume
 * @param size bytes of a message's body
 * @param window messages a publisher may have unsettled; it also stops while twice as many of its
 *     messages are with no consumer yet (when there are consumers), so that a closed loop is closed
 * @param credit of a consumer's link; renewed when half of it is used
 * @param warmupMillis before the measured window; not for {@code messages > 0}
 * @param measureMillis of the measured window; 0 when {@code messages > 0}
 * @param ratePerSecond of all publishers together, kept whatever the server does (open loop); 0 =
 *     as fast as windows and credit allow (closed loop)
 * @param messages to publish (without consumers) or to consume (without publishers), then stop; the
 *     window lasts from the first to the last. 0 = by time
 * @param resume whether the messages of earlier loads count as sent: they outlived a restart
 * @param again whether every message of the earlier loads is due once more, from another queue
 * @param last whether every message sent must have been received when this load ends
 * @param serverPid whose CPU and memory are read
 */
record LoadOrder(
    Target target,
    int publishers,
    int consumers,
    int size,
    int window,
    int credit,
    int warmupMillis,
    int measureMillis,
    int ratePerSecond,
    long messages,
    boolean resume,
    boolean again,
    boolean last,
    long serverPid) {

  /** Publishers and consumers for a time, all checked at the end. */
  static LoadOrder timed(
      Target target, int publishers, int consumers, int size, Settings settings, int rate) {
    return new LoadOrder(
        target,
        publishers,
        consumers,
        size,
        settings.window(),
        settings.credit(),
        settings.warmupMillis(),
        settings.measureMillis(),
        rate,
        0,
        false,
        false,
        true,
        settings.serverPid());
  }

  /** Publishes a number of messages and leaves them there. */
  static LoadOrder fill(Target target, int publishers, int size, long messages, Settings settings) {
    return new LoadOrder(
        target,
        publishers,
        0,
        size,
        settings.window(),
        settings.credit(),
        0,
        0,
        0,
        messages,
        false,
        false,
        false,
        settings.serverPid());
  }

  /** Consumes a number of messages of earlier loads. */
  static LoadOrder receive(
      Target target, int consumers, long messages, boolean last, Settings settings) {
    return new LoadOrder(
        target,
        0,
        consumers,
        Envelope.BODY_MIN,
        settings.window(),
        settings.credit(),
        0,
        0,
        0,
        messages,
        true,
        false,
        last,
        settings.serverPid());
  }

  /** The same for the next queue that got a copy of every message. */
  LoadOrder forAnotherQueue() {
    return new LoadOrder(
        target,
        publishers,
        consumers,
        size,
        window,
        credit,
        warmupMillis,
        measureMillis,
        ratePerSecond,
        messages,
        resume,
        true,
        last,
        serverPid);
  }

  /** What orders of one cell have in common; see the components of the order. */
  record Settings(int window, int credit, int warmupMillis, int measureMillis, long serverPid) {}
}
