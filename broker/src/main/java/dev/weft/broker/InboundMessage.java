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

  private InboundMessage(byte[] bytes) {
    this.sections = AmqpSections.scan(bytes);
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
    return new InboundMessage(bytes);
  }

  private void readHeader() {
    AmqpReader header = new AmqpReader(bytes, sections.header, sections.bytes.length);
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
   * value as Data. Shares the given bytes when they are in that form already.
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
    } else if (body && sections.stored == 0) {
      encoded = bytes;
    } else {
      encoded = Arrays.copyOfRange(bytes, sections.stored, bytes.length);
    }
    return new Message(durable, priority, ttlMillis, body ? encoded : withFinalBody(encoded));
  }

  private boolean sameField(int field, byte[] encoded) {
    return fieldCount > field
        && Arrays.equals(bytes, fieldAt[field], fieldAt[field + 1], encoded, 0, encoded.length);
  }

  private byte[] withProperties(Destination destination, @Nullable MessageIds ids) {
    boolean present = sections.properties >= 0;
    int from =
        present
            ? sections.properties - AmqpSections.DESCRIPTOR_LENGTH
            : sections.applicationProperties >= 0
                ? sections.applicationProperties - AmqpSections.DESCRIPTOR_LENGTH
                : sections.body >= 0 ? sections.body : sections.footer;
    int behind = present ? sections.propertiesEnd : from;

    AmqpWriter fields = new AmqpWriter(fieldsEnd - fieldAt[0] + 256);
    if (ids != null && isNull(MESSAGE_ID)) {
      fields.string(ids.next());
    } else {
      field(fields, MESSAGE_ID);
    }
    field(fields, 1);
    fields.raw(destination.encodedTo, 0, destination.encodedTo.length);
    fields.raw(destination.encodedSubject, 0, destination.encodedSubject.length);
    int rest = fieldAt[SUBJECT + 1];
    fields.raw(bytes, rest, fieldsEnd - rest);

    int before = from - Math.min(from, sections.stored);
    AmqpWriter out = new AmqpWriter(before + fields.length() + 16 + bytes.length - behind);
    return out.raw(bytes, from - before, before)
        .section(AmqpSections.PROPERTIES)
        .compound(0xc0, 0xd0, Math.max(fieldCount, SUBJECT + 1), fields)
        .raw(bytes, behind, bytes.length - behind)
        .toBytes();
  }

  private void field(AmqpWriter out, int field) {
    if (fieldCount > field) {
      out.raw(bytes, fieldAt[field], fieldAt[field + 1] - fieldAt[field]);
    } else {
      out.nothing();
    }
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
    int tail = bytes.length - (sections.body >= 0 ? sections.body : sections.footer);
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
