// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A queue from its declaration to its deletion, as its clients know it. */
final class QueueLife {
  final QueueName name;

  /** Every definition that held or may have held; the last one is what was asked for last. */
  final List<QueueSettings> settings = new ArrayList<>();

  /** Messages whose home it is, in the order in which they were published. */
  final List<Copy> copies = new ArrayList<>();

  /** Highest sequence handed out for the first time since the engine was opened. */
  long freshSequence;

  /** Hand-outs that nobody saw: one may hide behind each leave of a consumer and each stop. */
  int unseenHandOuts;

  QueueLife(QueueName name, QueueSettings first) {
    this.name = name;
    settings.add(first);
  }

  QueueSettings current() {
    return settings.getLast();
  }

  boolean constant() {
    return settings.size() == 1;
  }

  /** Whether it held at any time. */
  boolean ever(Predicate<QueueSettings> condition) {
    return settings.stream().anyMatch(condition);
  }
}
