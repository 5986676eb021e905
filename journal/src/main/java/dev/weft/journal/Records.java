// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import dev.weft.queue.Message;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Payloads of the record types, all little endian; {@code at} is where the payload begins.
 *
 * <pre>
 * MESSAGE     i64 appendedAt ms, i64 ttl ms, u8 durable, u8 priority, u16 0, u32 n, n × u32 queue, bytes of the message
 * SETTLED     u32 queue, u32 n, n × (i64 first, i64 last)      entries of that queue within the ranges are gone
 * RETURNED    u32 queue, u32 n, n × (i64 sequence, u32 failed, u32 acquired, u32 0, u16 dead, u16 pauses, i64 dueAt ms)
 * MOVED       u32 from, u32 to, i64 sequence, i64 movedAt ms   the record's own sequence is the entry's in the other queue
 * DECLARED    u32 queue, u16 length, name, settings as text
 * DELETED     u32 queue
 * HANDED_OUT  u32 queue, i64 sequence, u32 acquired
 * CLOSED      nothing
 * COPIED      u32 queue, u32 failed, i64 sequence, u32 acquired, u16 flags, u16 pauses, i64 dueAt ms, then as MESSAGE with n = 0
 *             flags: 1 has counters, 2 dead, 4 handed out, 8 its time to live does not count
 * </pre>
 *
 * An entry of a queue is named by the sequence of the record that put it there.
 */
final class Records {
  static final int SETTLED_ITEM = 16;
  static final int RETURNED_ITEM = 32;
  static final int LIST_HEADER = 8;
  static final int MOVED_BYTES = 24;
  static final int HANDED_OUT_BYTES = 16;

  /** Bytes of a COPIED payload in front of what looks like a MESSAGE payload. */
  static final int COPIED_FIXED = 32;

  private static final int MESSAGE_FIXED = 24;
  private static final QueueState[] NO_QUEUES = {};

  private Records() {}

  static int messageBytes(int queues, Message message) {
    return MESSAGE_FIXED + 4 * queues + message.encoded().length;
  }

  static void message(
      ByteBuffer to, int at, long appendedAtMillis, QueueState[] queues, Message message) {
    to.putLong(at, appendedAtMillis)
        .putLong(at + 8, message.ttlMillis())
        .put(at + 16, (byte) (message.durable() ? 1 : 0))
        .put(at + 17, (byte) message.priority())
        .putShort(at + 18, (short) 0)
        .putInt(at + 20, queues.length);
    int position = at + MESSAGE_FIXED;
    for (QueueState queue : queues) {
      to.putInt(position, queue.id);
      position += 4;
    }
    to.put(position, message.encoded());
  }

  static long appendedAtMillis(ByteBuffer from, int at) {
    return from.getLong(at);
  }

  static long ttlMillis(ByteBuffer from, int at) {
    return from.getLong(at + 8);
  }

  static int queueCount(ByteBuffer from, int at) {
    return from.getInt(at + 20);
  }

  static int queueId(ByteBuffer from, int at, int index) {
    return from.getInt(at + MESSAGE_FIXED + 4 * index);
  }

  static void copied(ByteBuffer to, int at, Copy.Entry entry, Message message) {
    Copy.Counters counters = entry.counters();
    int flags =
        (counters != null ? 1 : 0)
            | (entry.dead() ? 2 : 0)
            | (entry.out() ? 4 : 0)
            | (entry.mortal() ? 0 : 8);
    to.putInt(at, entry.queue().id)
        .putInt(at + 4, counters == null ? 0 : counters.failed())
        .putLong(at + 8, entry.sequence())
        .putInt(at + 16, counters == null ? 0 : counters.acquired())
        .putShort(at + 20, (short) flags)
        .putShort(at + 22, (short) (counters == null ? 0 : Math.min(counters.pauses(), 0xffff)))
        .putLong(at + 24, counters == null ? 0 : counters.dueAtMillis());
    message(to, at + COPIED_FIXED, entry.appendedAtMillis(), NO_QUEUES, message);
  }

  /** About what an entry takes that is written by itself. */
  static int storedBytes(int messageBytes) {
    return RecordFormat.HEADER_BYTES + COPIED_FIXED + MESSAGE_FIXED + messageBytes;
  }

  /** Bytes of a MESSAGE payload in front of the message. */
  static int fixedBytes(ByteBuffer from, int at) {
    return MESSAGE_FIXED + 4 * queueCount(from, at);
  }

  /** Bytes of a payload without those of a message at its end. */
  static int bytesBeforeMessage(RecordType type, ByteBuffer from, int at, int bytes) {
    return switch (type) {
      case MESSAGE -> fixedBytes(from, at);
      case COPIED -> COPIED_FIXED + MESSAGE_FIXED;
      default -> bytes;
    };
  }

  /** Bytes of the message in a record of that length. */
  static int messageSize(ByteBuffer from, int at, int recordLength) {
    return recordLength - RecordFormat.HEADER_BYTES - fixedBytes(from, at);
  }

  static Message message(ByteBuffer from, int at, int recordLength) {
    byte[] encoded = new byte[messageSize(from, at, recordLength)];
    from.get(at + fixedBytes(from, at), encoded);
    return new Message(
        from.get(at + 16) != 0,
        Byte.toUnsignedInt(from.get(at + 17)),
        ttlMillis(from, at),
        encoded);
  }

  /** Whether the counts in the payload fit its length, so that a reader may trust them. */
  static boolean isWellFormed(RecordType type, ByteBuffer from, int at, int bytes) {
    return switch (type) {
      case MESSAGE ->
          bytes >= MESSAGE_FIXED
              && from.getInt(at + 20) > 0
              && from.getInt(at + 20) <= (bytes - MESSAGE_FIXED) / 4;
      case SETTLED -> isList(from, at, bytes, SETTLED_ITEM);
      case RETURNED -> isList(from, at, bytes, RETURNED_ITEM);
      case MOVED -> bytes == MOVED_BYTES;
      case DECLARED -> bytes >= 6 && Short.toUnsignedInt(from.getShort(at + 4)) <= bytes - 6;
      case DELETED -> bytes == 4;
      case HANDED_OUT -> bytes == HANDED_OUT_BYTES;
      case CLOSED -> bytes == 0;
      case COPIED ->
          bytes >= COPIED_FIXED + MESSAGE_FIXED && queueCount(from, at + COPIED_FIXED) == 0;
    };
  }

  private static boolean isList(ByteBuffer from, int at, int bytes, int item) {
    return bytes >= LIST_HEADER
        && (bytes - LIST_HEADER) % item == 0
        && from.getInt(at + 4) == (bytes - LIST_HEADER) / item;
  }

  static byte[] declared(int queueId, QueueName name, QueueSettings settings) {
    byte[] nameBytes = name.value().getBytes(StandardCharsets.UTF_8);
    byte[] text = SettingsCodec.encode(settings).getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(6 + nameBytes.length + text.length).order(ByteOrder.LITTLE_ENDIAN);
    return bytes
        .putInt(queueId)
        .putShort((short) nameBytes.length)
        .put(nameBytes)
        .put(text)
        .array();
  }

  static QueueName declaredName(ByteBuffer from, int at) {
    return new QueueName(text(from, at + 6, Short.toUnsignedInt(from.getShort(at + 4))));
  }

  static QueueSettings declaredSettings(ByteBuffer from, int at, int bytes) {
    int start = 6 + Short.toUnsignedInt(from.getShort(at + 4));
    return SettingsCodec.decode(text(from, at + start, bytes - start));
  }

  private static String text(ByteBuffer from, int at, int bytes) {
    byte[] text = new byte[bytes];
    from.get(at, text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
