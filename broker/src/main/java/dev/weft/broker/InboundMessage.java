// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.MeshException.MalformedMessage;
import dev.weft.queue.Message;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A message as a publisher sent it: the bytes, and what the mesh has to know of them. Turning it
 * into the stored form copies bytes and decodes no body (hop 1, wire reference 4.8). Belongs to one
 * thread.
 */
public final class InboundMessage {
  /** Fields of the properties section (AMQP 1.0, messaging, 3.2.4). */
  private static final int FIELDS_MAX = 13;

  private static final int MESSAGE_ID = 0;
  private static final int USER_ID = 1;
  private static final int TO = 2;
  private static final int SUBJECT = 3;

  private static final byte[] EMPTY_DATA = {0, 0x53, AmqpSections.DATA, (byte) 0xa0, 0};

  private final AmqpSections sections;
  private final byte[] bytes;
  private boolean durable;
  private int priority = Message.DEFAULT_PRIORITY;
  private long ttlMillis = Message.NO_TTL;

  private int fieldCount;

  /** Where the fields of the properties list begin, one more for the end of the last. */
  private final int[] fieldAt = new int[SUBJECT + 2];

  private int fieldsEnd;

  private InboundMessage(byte[] bytes, int start, int end) {
    this.sections = AmqpSections.scan(bytes, start, end);
    this.bytes = sections.bytes;
    if (sections.header >= 0) {
      readHeader();
    }
    if (sections.properties >= 0) {
      readProperties();
    }
  }

  /**
   * @param bytes all sections of one message, as they came; not copied, so not to be changed
   *     afterwards
   * @throws MalformedMessage if they are no message
   */
  public static InboundMessage read(byte[] bytes) {
    return new InboundMessage(bytes, 0, bytes.length);
  }

  /**
   * The same, of a part of an array that its owner will use again: the message made of it shares
   * nothing with the array then.
   *
   * @throws MalformedMessage if this part is no message
   */
  public static InboundMessage read(byte[] bytes, int start, int end) {
    return new InboundMessage(bytes, start, end);
  }

  private void readHeader() {
    AmqpReader header = new AmqpReader(bytes, sections.header, sections.end);
    int fields = header.enter();
    if (fields > 0) {
      durable = header.bool(false);
    }
    if (fields > 1) {
      priority = header.ubyte(Message.DEFAULT_PRIORITY);
    }
    if (fields > 2) {
      ttlMillis = header.uint(Message.NO_TTL);
    }
  }

  private void readProperties() {
    AmqpReader reader = new AmqpReader(bytes, sections.properties, sections.propertiesEnd);
    fieldCount = reader.enter();
    if (fieldCount > FIELDS_MAX) {
      throw new MalformedMessage("its properties have " + fieldCount + " fields");
    }
    for (int i = 0; i < fieldCount; i++) {
      if (i < fieldAt.length) {
        fieldAt[i] = reader.at();
      }
      reader.skip();
    }
    if (!reader.atEnd()) {
      throw new MalformedMessage("its properties are longer than their fields");
    }
    fieldsEnd = reader.at();
    for (int i = fieldCount; i < fieldAt.length; i++) {
      fieldAt[i] = fieldsEnd;
    }
    requireText(TO);
    requireText(SUBJECT);
  }

  private void requireText(int field) {
    if (fieldCount > field) {
      int code = bytes[fieldAt[field]] & 0xff;
      if (code != 0x40 && code != 0xa1 && code != 0xb1) {
        throw new MalformedMessage("its properties have no string in field " + field);
      }
    }
  }

  public boolean durable() {
    return durable;
  }

  public int priority() {
    return priority;
  }

  /** Milliseconds, {@link Message#NO_TTL} when the publisher gave none. */
  public long ttlMillis() {
    return ttlMillis;
  }

  /** The address in the properties, null when absent; not checked in any way. */
  public @Nullable String to() {
    if (isNull(TO)) {
      return null;
    }
    int at = textAt(TO);
    return new String(bytes, at, fieldAt[TO + 1] - at, StandardCharsets.UTF_8);
  }

  /** Whether {@link #to()} is this destination; without making a string. */
  public boolean isTo(Destination destination) {
    if (isNull(TO)) {
      return false;
    }
    int at = textAt(TO);
    return destination.is(bytes, at, fieldAt[TO + 1] - at);
  }

  private boolean isNull(int field) {
    return fieldCount <= field || bytes[fieldAt[field]] == 0x40;
  }

  private int textAt(int field) {
    return fieldAt[field] + ((bytes[fieldAt[field]] & 0xff) == 0xa1 ? 2 : 5);
  }

  /** As {@link #toMessage(Destination, MessageIds)}, but a missing message id stays missing. */
  public Message toMessage(Address address) {
    return toMessage(new Destination(address), null);
  }

  /**
   * The stored form: no header and no delivery-annotations; properties with {@code to} and {@code
   * subject} of the destination, every other field as published; a body of one string or binary
   * value as Data. Shares the given array when all of it is in that form already.
   *
   * @param ids gives an id to a message without one; null leaves it so
   */
  public Message toMessage(Destination destination, @Nullable MessageIds ids) {
    boolean body = bodyIsFinal();
    boolean named =
        sameField(TO, destination.encodedTo)
            && sameField(SUBJECT, destination.encodedSubject)
            && (ids == null || !isNull(MESSAGE_ID));
    byte[] encoded;
    if (!named) {
      encoded = withProperties(destination, ids);
    } else if (body && sections.stored == 0 && sections.end == bytes.length) {
      encoded = bytes;
    } else {
      encoded = Arrays.copyOfRange(bytes, sections.stored, sections.end);
    }
    return new Message(durable, priority, ttlMillis, body ? encoded : withFinalBody(encoded));
  }

  private boolean sameField(int field, byte[] encoded) {
    return fieldCount > field
        && Arrays.equals(bytes, fieldAt[field], fieldAt[field + 1], encoded, 0, encoded.length);
  }

  private byte[] withProperties(Destination destination, @Nullable MessageIds ids) {
    int from = propertiesFrom();
    int behind = sections.properties >= 0 ? sections.propertiesEnd : from;
    int before = from - Math.min(from, sections.stored);
    byte[] id = ids == null || !isNull(MESSAGE_ID) ? null : ids.nextEncoded();
    int idLength = id == null ? fieldLength(MESSAGE_ID) : id.length;
    int rest = fieldAt[SUBJECT + 1];
    int fields =
        idLength
            + fieldLength(USER_ID)
            + destination.encodedTo.length
            + destination.encodedSubject.length
            + fieldsEnd
            - rest;
    boolean wide = fields > 254;
    int listHeader = wide ? 9 : 3;

    byte[] out =
        new byte
            [before + AmqpSections.DESCRIPTOR_LENGTH + listHeader + fields + sections.end - behind];
    int at = copy(bytes, from - before, before, out, 0);
    at = listHeader(out, at, wide, fields, Math.max(fieldCount, SUBJECT + 1));
    at = id == null ? field(MESSAGE_ID, out, at) : copy(id, 0, id.length, out, at);
    at = field(USER_ID, out, at);
    at = copy(destination.encodedTo, 0, destination.encodedTo.length, out, at);
    at = copy(destination.encodedSubject, 0, destination.encodedSubject.length, out, at);
    at = copy(bytes, rest, fieldsEnd - rest, out, at);
    copy(bytes, behind, sections.end - behind, out, at);
    return out;
  }

  /** Where the properties section begins, or has to. */
  private int propertiesFrom() {
    if (sections.properties >= 0) {
      return sections.properties - AmqpSections.DESCRIPTOR_LENGTH;
    }
    if (sections.applicationProperties >= 0) {
      return sections.applicationProperties - AmqpSections.DESCRIPTOR_LENGTH;
    }
    return sections.body >= 0 ? sections.body : sections.footer;
  }

  private static int listHeader(byte[] out, int from, boolean wide, int size, int count) {
    int at = from;
    out[at++] = 0;
    out[at++] = 0x53;
    out[at++] = AmqpSections.PROPERTIES;
    if (wide) {
      out[at++] = (byte) 0xd0;
      at = fourBytes(out, at, size + 4);
      return fourBytes(out, at, count);
    }
    out[at++] = (byte) 0xc0;
    out[at++] = (byte) (size + 1);
    out[at++] = (byte) count;
    return at;
  }

  private static int fourBytes(byte[] out, int at, int value) {
    out[at] = (byte) (value >> 24);
    out[at + 1] = (byte) (value >> 16);
    out[at + 2] = (byte) (value >> 8);
    out[at + 3] = (byte) value;
    return at + 4;
  }

  private static int copy(byte[] source, int at, int count, byte[] out, int outAt) {
    System.arraycopy(source, at, out, outAt, count);
    return outAt + count;
  }

  /** Bytes of a field that is kept, null when the publisher left it out. */
  private int fieldLength(int field) {
    return fieldCount > field ? fieldAt[field + 1] - fieldAt[field] : 1;
  }

  private int field(int field, byte[] out, int at) {
    if (fieldCount > field) {
      return copy(bytes, fieldAt[field], fieldAt[field + 1] - fieldAt[field], out, at);
    }
    out[at] = 0x40;
    return at + 1;
  }

  private boolean bodyIsFinal() {
    return switch (sections.bodyCode) {
      case 0 -> false;
      case AmqpSections.VALUE -> dataCode() == 0;
      default -> true;
    };
  }

  /** The binary type of the same length as a value of type string or binary, or 0. */
  private int dataCode() {
    return switch (bytes[sections.body + AmqpSections.DESCRIPTOR_LENGTH] & 0xff) {
      case 0xa0, 0xa1 -> 0xa0;
      case 0xb0, 0xb1 -> 0xb0;
      default -> 0;
    };
  }

  /** Changes the body in place, or adds an empty one: the encoded array is not shared yet. */
  private byte[] withFinalBody(byte[] encoded) {
    int tail = sections.end - (sections.body >= 0 ? sections.body : sections.footer);
    int at = encoded.length - tail;
    if (sections.body >= 0) {
      encoded[at + 2] = AmqpSections.DATA;
      encoded[at + AmqpSections.DESCRIPTOR_LENGTH] = (byte) dataCode();
      return encoded;
    }
    return new AmqpWriter(encoded.length + EMPTY_DATA.length)
        .raw(encoded, 0, at)
        .raw(EMPTY_DATA, 0, EMPTY_DATA.length)
        .raw(encoded, at, tail)
        .toBytes();
  }
}
