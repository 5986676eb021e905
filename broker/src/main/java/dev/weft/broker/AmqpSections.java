// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.MeshException.MalformedMessage;
import java.nio.charset.StandardCharsets;

/**
 * Where the sections of one encoded message lie. One pass over the bytes; bodies and maps are
 * stepped over, never decoded. Every length is checked against what remains, and nesting costs no
 * stack, so that hostile bytes end in {@link MalformedMessage} and nothing else. Source: AMQP 1.0,
 * types, 1.6 and messaging, 3.2.
 */
final class AmqpSections {
  static final int HEADER = 0x70;
  static final int DELIVERY_ANNOTATIONS = 0x71;
  static final int MESSAGE_ANNOTATIONS = 0x72;
  static final int PROPERTIES = 0x73;
  static final int APPLICATION_PROPERTIES = 0x74;
  static final int DATA = 0x75;
  static final int SEQUENCE = 0x76;
  static final int VALUE = 0x77;
  static final int FOOTER = 0x78;

  /** Bytes of a descriptor in the form every client reads: {@code 00 53 code}. */
  static final int DESCRIPTOR_LENGTH = 3;

  private static final String[] SYMBOLS = {
    "amqp:header:list",
    "amqp:delivery-annotations:map",
    "amqp:message-annotations:map",
    "amqp:properties:list",
    "amqp:application-properties:map",
    "amqp:data:binary",
    "amqp:amqp-sequence:list",
    "amqp:amqp-value:*",
    "amqp:footer:map"
  };

  /** The bytes read; when a descriptor had another form, a rewritten copy of those given. */
  final byte[] bytes;

  /** Where the message begins and ends in them. */
  final int start;

  final int end;

  /** Value of the header section, -1 when there is none. */
  int header = -1;

  /** First section that is stored: whatever follows header and delivery-annotations. */
  int stored = -1;

  /** The properties section's value, -1 when there is none, and where the section ends. */
  int properties = -1;

  int propertiesEnd;

  /** Value of the application-properties section, -1 when there is none. */
  int applicationProperties = -1;

  /** First body section: its descriptor, -1 when there is none, and where the last one ends. */
  int body = -1;

  int bodyEnd;

  /** {@link #DATA}, {@link #SEQUENCE}, {@link #VALUE}, or 0 without a body. */
  int bodyCode;

  /** Where the sections behind the body begin: the footer, or the end. */
  int footer;

  private AmqpSections(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.footer = end;
  }

  /**
   * @throws MalformedMessage if the bytes are not sections in their order
   */
  static AmqpSections scan(byte[] bytes) {
    return scan(bytes, 0, bytes.length);
  }

  /**
   * @throws MalformedMessage if the bytes in this range are not sections in their order
   */
  static AmqpSections scan(byte[] bytes, int start, int end) {
    AmqpSections sections = new AmqpSections(bytes, start, end);
    return sections.scan() ? sections : scan(withShortDescriptors(bytes, start, end));
  }

  /** Whether all descriptors have the short form; if not, the scan stopped early. */
  private boolean scan() {
    if (end == start) {
      throw new MalformedMessage("it is empty");
    }
    int at = start;
    int last = 0;
    while (at < end) {
      if (bytes[at] != 0) {
        throw new MalformedMessage("no section begins at byte " + (at - start));
      }
      if (end - at > DESCRIPTOR_LENGTH && bytes[at + 1] != 0x53) {
        return false;
      }
      if (end - at <= DESCRIPTOR_LENGTH) {
        throw new MalformedMessage("it ends within a section's descriptor");
      }
      int code = bytes[at + 2] & 0xff;
      checkOrder(last, code, at - start);
      int value = at + DESCRIPTOR_LENGTH;
      int next = skip(bytes, value, end);
      checkType(code, bytes[value] & 0xff);
      note(code, at, value, next);
      last = code;
      at = next;
    }
    if (stored < 0) {
      stored = end;
    }
    return true;
  }

  private void note(int code, int at, int value, int next) {
    if (stored < 0 && code >= MESSAGE_ANNOTATIONS) {
      stored = at;
    }
    switch (code) {
      case HEADER -> header = value;
      case PROPERTIES -> {
        properties = value;
        propertiesEnd = next;
      }
      case APPLICATION_PROPERTIES -> applicationProperties = value;
      case DATA, SEQUENCE, VALUE -> {
        if (body < 0) {
          body = at;
          bodyCode = code;
        }
        bodyEnd = next;
      }
      case FOOTER -> footer = at;
      default -> {
        // Annotations are kept or dropped as they are.
      }
    }
  }

  private static void checkOrder(int last, int code, int at) {
    if (code < HEADER || code > FOOTER) {
      throw new MalformedMessage("the section at byte " + at + " is unknown");
    }
    boolean repeatable = code == DATA || code == SEQUENCE;
    boolean secondBody = code > DATA && code < FOOTER && last >= DATA && last != code;
    if (code < last || (code == last && !repeatable) || secondBody) {
      throw new MalformedMessage("the section at byte " + at + " is out of order");
    }
  }

  private static void checkType(int code, int type) {
    boolean right =
        switch (code) {
          case HEADER, PROPERTIES, SEQUENCE -> type == 0x45 || type == 0xc0 || type == 0xd0;
          case DATA -> type == 0xa0 || type == 0xb0;
          case VALUE -> true;
          default -> type == 0xc1 || type == 0xd1;
        };
    if (!right) {
      throw new MalformedMessage(SYMBOLS[code - HEADER] + " has a value of another type");
    }
  }

  /** Where the value that begins at {@code at} ends. Compound values are stepped over whole. */
  static int skip(byte[] bytes, int at, int end) {
    long position = at;
    int pending = 1;
    while (pending > 0) {
      if (position >= end) {
        throw truncated();
      }
      int code = bytes[(int) position] & 0xff;
      position++;
      if (code == 0) {
        // A described value: a descriptor and a value follow, each may be described again.
        pending++;
        continue;
      }
      position += lengthBehind(code, bytes, (int) position, end);
      pending--;
    }
    if (position > end) {
      throw truncated();
    }
    return (int) position;
  }

  private static long lengthBehind(int code, byte[] bytes, int at, int end) {
    return switch (code >> 4) {
      case 0x4 -> 0;
      case 0x5 -> 1;
      case 0x6 -> 2;
      case 0x7 -> 4;
      case 0x8 -> 8;
      case 0x9 -> 16;
      case 0xa, 0xc, 0xe -> {
        if (at >= end) {
          throw truncated();
        }
        yield 1 + (bytes[at] & 0xff);
      }
      case 0xb, 0xd, 0xf -> {
        if (end - at < 4) {
          throw truncated();
        }
        yield 4 + (readInt(bytes, at) & 0xffff_ffffL);
      }
      default -> throw new MalformedMessage("there is no type of code " + code);
    };
  }

  static MalformedMessage truncated() {
    return new MalformedMessage("a length exceeds what is there");
  }

  static int readInt(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }

  static long readLong(byte[] bytes, int at) {
    return (long) readInt(bytes, at) << 32 | (readInt(bytes, at + 4) & 0xffff_ffffL);
  }

  /**
   * The same sections with descriptors as short ulongs: some clients read no other form (wire
   * reference 4.12).
   */
  private static byte[] withShortDescriptors(byte[] bytes, int start, int end) {
    AmqpWriter out = new AmqpWriter(end - start);
    int at = start;
    while (at < end) {
      if (bytes[at] != 0) {
        throw new MalformedMessage("no section begins at byte " + (at - start));
      }
      int value = skip(bytes, at + 1, end);
      int next = skip(bytes, value, end);
      out.section(sectionCode(bytes, at + 1, value));
      out.raw(bytes, value, next - value);
      at = next;
    }
    return out.toBytes();
  }

  private static int sectionCode(byte[] bytes, int at, int end) {
    int type = bytes[at] & 0xff;
    if (type == 0x53) {
      return bytes[at + 1] & 0xff;
    }
    if (type == 0x80) {
      long code = readLong(bytes, at + 1);
      if (code >= HEADER && code <= FOOTER) {
        return (int) code;
      }
    }
    if (type == 0xa3 || type == 0xb3) {
      int text = at + (type == 0xa3 ? 2 : 5);
      String symbol = new String(bytes, text, end - text, StandardCharsets.US_ASCII);
      for (int i = 0; i < SYMBOLS.length; i++) {
        if (SYMBOLS[i].equals(symbol)) {
          return HEADER + i;
        }
      }
    }
    throw new MalformedMessage("a section of it is unknown");
  }
}
