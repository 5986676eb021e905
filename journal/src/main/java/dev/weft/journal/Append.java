// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.AppendListener;
import dev.weft.queue.MeshException;
import dev.weft.queue.Message;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One message for all its queues (hops 4 to 7): one record, or a refusal for all of them.
 */
final class Append implements JournalCommand, Entering {
  private static final Logger LOG = LoggerFactory.getLogger(Append.class);

  private final QueueState[] queues;
  private final Message message;
  private final AppendListener listener;
  private final int payloadBytes;
  private long sequence;
  private long location;
  private long appendedAtMillis;

  Append(QueueState[] queues, Message message, AppendListener listener) {
    this.queues = queues;
    this.message = message;
    this.listener = listener;
    this.payloadBytes = Records.messageBytes(queues.length, message);
  }

  int bytes() {
    return message.size();
  }

  @Override
  public boolean urgent() {
    return true;
  }

  @Override
  public boolean leavesReserve() {
    return true;
  }

  @Override
  public int recordBytes() {
    return LogWriter.recordBytes(payloadBytes);
  }

  @Override
  public void write(JournalLoop journal) throws IOException {
    MeshException refusal = refusal(journal);
    if (refusal != null) {
      journal.appendDone(this);
      refuse(refusal);
      return;
    }
    int at = journal.begin(payloadBytes);
    appendedAtMillis = journal.nowMillis();
    Records.message(journal.buffer(), at, appendedAtMillis, queues, message);
    sequence = journal.end(RecordType.MESSAGE, payloadBytes, this);
    location = journal.hold(queues.length, message.size());
    for (QueueState queue : queues) {
      queue.admit(message.size());
    }
  }

  static MeshException.StorageFull storageFull() {
    return new MeshException.StorageFull("no room for another segment of the journal");
  }

  private @Nullable MeshException refusal(JournalLoop journal) {
    if (journal.isStorageFull()) {
      return storageFull();
    }
    if (Math.max(recordBytes(), message.size()) > journal.recordBytesMax()) {
      return new MeshException.MessageTooLarge(message.size(), journal.recordBytesMax());
    }
    for (QueueState queue : queues) {
      MeshException refusal = refusal(queue);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private @Nullable MeshException refusal(QueueState queue) {
    QueueSettings settings = queue.settings;
    if (queue.deleted) {
      return new MeshException.UnknownQueue(queue.name);
    }
    if (settings.ingressDisabled()) {
      return new MeshException.IngressDisabled(queue.name);
    }
    if (message.size() > settings.maxMessageBytes()) {
      return new MeshException.MessageTooLarge(message.size(), settings.maxMessageBytes());
    }
    return queue.roomFor(message.size());
  }

  @Override
  public void durable(JournalLoop journal) {
    journal.appendDone(this);
    long told = 0;
    for (QueueState queue : queues) {
      long bit = 1L << queue.loop.number;
      if ((told & bit) == 0) {
        told |= bit;
        journal.enqueue(queue.loop, this);
      }
    }
  }

  @Override
  public void enter(QueueLoop loop) {
    for (QueueState queue : queues) {
      if (queue.loop == loop) {
        queue.enter(
            new NewEntry(
                queue,
                sequence,
                location,
                message.size(),
                appendedAtMillis,
                message.ttlMillis(),
                message));
      }
    }
  }

  // One caller's fault must not end the log of the others, so what a listener throws stays here.

  @Override
  public void answer() {
    try {
      listener.stored();
    } catch (RuntimeException | AssertionError e) {
      LOG.atError().setCause(e).log("append listener failed");
    }
  }

  @Override
  public void abandon(MeshException reason) {
    refuse(reason);
  }

  private void refuse(MeshException reason) {
    try {
      listener.refused(reason);
    } catch (RuntimeException | AssertionError e) {
      LOG.atError().setCause(e).log("append listener failed");
    }
  }
}
