// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

/**
 * An address as it stands in the properties of a stored message, encoded once for many messages.
 * Immutable.
 */
public final class Destination {
  private final Address address;
  private final String to;

  /** AMQP strings, constructor included. */
  final byte[] encodedTo;

  final byte[] encodedSubject;

  public Destination(Address address) {
    this.address = address;
    this.to = address.toString();
    this.encodedTo = new AmqpWriter(to.length() + 5).string(to).toBytes();
    String subject = subject(address);
    this.encodedSubject = new AmqpWriter(subject.length() + 5).string(subject).toBytes();
  }

  /** The name without prefix, which becomes the subject (wire reference, rule 16). */
  static String subject(Address address) {
    return switch (address) {
      case Address.OfQueue(var queue) -> queue.value();
      case Address.OfTopic(var topic) -> topic.value();
    };
  }

  public Address address() {
    return address;
  }

  /** Whether the UTF-8 text is this address, prefix included. */
  boolean is(byte[] bytes, int at, int length) {
    int own = to.length();
    if (length != own) {
      return false;
    }
    // Names are ASCII: one character is one byte.
    for (int i = own - 1; i >= 0; i--) {
      if (bytes[at + i] != to.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return to;
  }
}
