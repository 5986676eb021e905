// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.mqtt.MqttConnectReturnCode;
import io.netty.handler.codec.mqtt.MqttMessageType;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * What the codec lets pass and the specification does not: reserved bits, lengths, and text that is
 * no UTF-8. Works on the bytes of one whole packet, before they are decoded. Source: MQTT 3.1.1,
 * sections 1.5.3, 2.2.2 and the packets of chapter 3.
 */
final class PacketChecks {
  private static final byte[] NAME = {0, 4, 'M', 'Q', 'T', 'T'};
  private static final byte[] FORMER_NAME = {0, 6, 'M', 'Q', 'I', 's', 'd', 'p'};
  private static final int LEVEL = 4;
  private static final int FLAGS_RESERVED = 0b10;

  private final ByteBuf in;
  private int at;
  private final int end;

  private PacketChecks(ByteBuf in, int at, int end) {
    this.in = in;
    this.at = at;
    this.end = end;
  }

  /**
   * Judges the first byte of a packet.
   *
   * @throws Violation if a client may not send it
   */
  static MqttMessageType type(int first) {
    int flags = first & 0xf;
    return switch (first >> 4) {
      case 1 -> flagged(MqttMessageType.CONNECT, flags, 0);
      case 3 -> publish(flags);
      case 4 -> flagged(MqttMessageType.PUBACK, flags, 0);
      case 8 -> flagged(MqttMessageType.SUBSCRIBE, flags, FLAGS_RESERVED);
      case 10 -> flagged(MqttMessageType.UNSUBSCRIBE, flags, FLAGS_RESERVED);
      case 12 -> flagged(MqttMessageType.PINGREQ, flags, 0);
      case 14 -> flagged(MqttMessageType.DISCONNECT, flags, 0);
      case 5, 6, 7 -> throw Violation.protocol("Packets of QoS 2 are not supported");
      default -> throw Violation.protocol("Packet type " + (first >> 4) + " is not for clients");
    };
  }

  private static MqttMessageType flagged(MqttMessageType type, int flags, int expected) {
    if (flags != expected) {
      throw Violation.protocol("The flags of " + type + " are not those reserved for it");
    }
    return type;
  }

  private static MqttMessageType publish(int flags) {
    int qos = (flags >> 1) & 0b11;
    if (qos == 0b11) {
      throw Violation.protocol("QoS 3 does not exist");
    }
    if (qos == 2) {
      throw Violation.protocol("QoS 2 is not supported");
    }
    if (qos == 0 && (flags & 0b1000) != 0) {
      throw Violation.protocol("A PUBLISH of QoS 0 has DUP set");
    }
    return MqttMessageType.PUBLISH;
  }

  /**
   * Judges the remaining length, before its bytes have come.
   *
   * @throws Violation if packets of this type cannot have it
   */
  static void length(MqttMessageType type, int length) {
    boolean fits =
        switch (type) {
          case PUBACK -> length == 2;
          case PINGREQ, DISCONNECT -> length == 0;
          default -> length > 0;
        };
    if (!fits) {
      throw Violation.protocol("A " + type + " cannot have a remaining length of " + length);
    }
  }

  /**
   * Judges the bytes behind the fixed header.
   *
   * @throws Violation if they break a rule that the codec does not know
   */
  static void content(MqttMessageType type, ByteBuf in, int at, int end) {
    PacketChecks checks = new PacketChecks(in, at, end);
    switch (type) {
      case CONNECT -> checks.connect();
      case PUBLISH -> checks.text();
      case SUBSCRIBE -> checks.subscribe();
      case UNSUBSCRIBE -> checks.unsubscribe();
      default -> {}
    }
  }

  private void connect() {
    if (startsWith(FORMER_NAME)) {
      throw unacceptableLevel();
    }
    if (!startsWith(NAME)) {
      throw Violation.protocol("The protocol is not MQTT");
    }
    at += NAME.length;
    require(4);
    if (in.getUnsignedByte(at) != LEVEL) {
      throw unacceptableLevel();
    }
    int flags = in.getUnsignedByte(at + 1);
    connectFlags(flags);
    at += 4;
    text();
    if ((flags & 0b100) != 0) {
      text();
      binary();
    }
    if ((flags & 0x80) != 0) {
      text();
    }
    if ((flags & 0x40) != 0) {
      binary();
    }
    if (at != end) {
      throw Violation.protocol("Bytes follow the payload of CONNECT");
    }
  }

  private static Violation unacceptableLevel() {
    return Violation.connect(
        MqttConnectReturnCode.CONNECTION_REFUSED_UNACCEPTABLE_PROTOCOL_VERSION,
        "Only protocol level 4 (MQTT 3.1.1) is supported");
  }

  private static void connectFlags(int flags) {
    if ((flags & 1) != 0) {
      throw Violation.protocol("The reserved flag of CONNECT is set");
    }
    int willQos = (flags >> 3) & 0b11;
    boolean will = (flags & 0b100) != 0;
    if (willQos == 0b11) {
      throw Violation.protocol("The will has QoS 3");
    }
    if (!will && (flags & 0b11_1000) != 0) {
      throw Violation.protocol("There is a QoS or a retain flag for a will, and no will");
    }
    if ((flags & 0xc0) == 0x40) {
      throw Violation.protocol("There is a password and no user name");
    }
  }

  private void subscribe() {
    at += 2;
    if (at >= end) {
      throw Violation.protocol("A SUBSCRIBE names no topic filter");
    }
    while (at < end) {
      text();
      require(1);
      if (in.getUnsignedByte(at) > 2) {
        throw Violation.protocol("A requested QoS is not 0, 1 or 2");
      }
      at++;
    }
  }

  private void unsubscribe() {
    at += 2;
    if (at >= end) {
      throw Violation.protocol("An UNSUBSCRIBE names no topic filter");
    }
    while (at < end) {
      text();
    }
  }

  private boolean startsWith(byte[] expected) {
    if (end - at < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if (in.getByte(at + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private void require(int bytes) {
    if (end - at < bytes) {
      throw Violation.protocol("A packet ends too early");
    }
  }

  private void binary() {
    require(2);
    int length = in.getUnsignedShort(at);
    at += 2;
    require(length);
    at += length;
  }

  private void text() {
    int start = at + 2;
    binary();
    boolean ascii = true;
    for (int i = start; i < at; i++) {
      byte b = in.getByte(i);
      if (b == 0) {
        throw Violation.protocol("A text has the character U+0000");
      }
      ascii &= b > 0;
    }
    if (!ascii) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(in.nioBuffer(start, at - start));
      } catch (CharacterCodingException malformed) {
        throw Violation.protocol("A text is no UTF-8");
      }
    }
  }
}
