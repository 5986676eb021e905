// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/**
 * The frames of a client, each as one call. Windows and credit follow what the vendor's clients ask
 * for, except that session windows never limit: the link's credit does. Source: AMQP 1.0, part 2.
 */
final class Performatives {
  /** Channel and handle of the one session and the one link of a connection. */
  static final int CHANNEL = 0;

  /** Longest frame the generator takes; the figure of the qpid clients. */
  static final int FRAME_MAX = 1 << 20;

  /** Session windows, in transfers. */
  private static final int WINDOW = Integer.MAX_VALUE;

  /** The eight bytes that open the SASL layer and the AMQP layer. */
  static final byte[] SASL_HEADER = {'A', 'M', 'Q', 'P', 3, 1, 0, 0};

  static final byte[] AMQP_HEADER = {'A', 'M', 'Q', 'P', 0, 1, 0, 0};

  private Performatives() {}

  static AmqpWriter saslInit(AmqpWriter out) {
    return out.clear()
        .frame(Code.SASL_FRAME, CHANNEL, Code.SASL_INIT)
        .symbol("ANONYMOUS")
        .performativeEnd()
        .frameEnd();
  }

  static AmqpWriter open(AmqpWriter out, String container, String host) {
    return out.clear()
        .frame(Code.AMQP_FRAME, CHANNEL, Code.OPEN)
        .string(container)
        .string(host)
        .uint(FRAME_MAX)
        .ushort(255)
        .performativeEnd()
        .frameEnd();
  }

  static AmqpWriter begin(AmqpWriter out) {
    return out.clear()
        .frame(Code.AMQP_FRAME, CHANNEL, Code.BEGIN)
        .nothing()
        .uint(0)
        .uint(WINDOW)
        .uint(WINDOW)
        .uint(65535)
        .performativeEnd()
        .frameEnd();
  }

  static AmqpWriter attachSender(AmqpWriter out, String name, String address) {
    out.clear().frame(Code.AMQP_FRAME, CHANNEL, Code.ATTACH);
    out.string(name).uint(0).bool(false).ubyte(0).ubyte(0);
    out.list(Code.SOURCE).end();
    out.list(Code.TARGET).string(address).end();
    return out.nothing(2).uint(0).performativeEnd().frameEnd();
  }

  static AmqpWriter attachReceiver(AmqpWriter out, String name, String address) {
    out.clear().frame(Code.AMQP_FRAME, CHANNEL, Code.ATTACH);
    out.string(name).uint(0).bool(true).ubyte(0).ubyte(0);
    out.list(Code.SOURCE).string(address).end();
    out.list(Code.TARGET).end();
    return out.performativeEnd().frameEnd();
  }

  /**
   * A receiver's flow.
   *
   * @param nextIncoming the session's next incoming transfer id
   * @param deliveryCount the link's, as the receiver has it
   * @param credit deliveries allowed from here
   */
  static AmqpWriter flow(AmqpWriter out, int nextIncoming, int deliveryCount, int credit) {
    return out.clear()
        .frame(Code.AMQP_FRAME, CHANNEL, Code.FLOW)
        .uint(nextIncoming)
        .uint(WINDOW)
        .uint(0)
        .uint(WINDOW)
        .uint(0)
        .uint(deliveryCount)
        .uint(credit)
        .performativeEnd()
        .frameEnd();
  }

  /** A sender's answer to a flow that asked for an echo. */
  static AmqpWriter echo(AmqpWriter out, int nextOutgoing) {
    return out.clear()
        .frame(Code.AMQP_FRAME, CHANNEL, Code.FLOW)
        .uint(0)
        .uint(WINDOW)
        .uint(nextOutgoing)
        .uint(WINDOW)
        .performativeEnd()
        .frameEnd();
  }

  /** Accepts and settles the deliveries {@code first} to {@code last}. */
  static AmqpWriter accept(AmqpWriter out, int first, int last) {
    return settle(out, first, last, Code.ACCEPTED);
  }

  /** Gives the deliveries {@code first} to {@code last} back and settles them. */
  static AmqpWriter release(AmqpWriter out, int first, int last) {
    return settle(out, first, last, Code.RELEASED);
  }

  private static AmqpWriter settle(AmqpWriter out, int first, int last, int outcome) {
    out.clear().frame(Code.AMQP_FRAME, CHANNEL, Code.DISPOSITION);
    out.bool(true).uint(first).uint(last).bool(true);
    return out.list(outcome).end().performativeEnd().frameEnd();
  }

  /** Ends the link for good. */
  static AmqpWriter detach(AmqpWriter out) {
    return out.clear()
        .frame(Code.AMQP_FRAME, CHANNEL, Code.DETACH)
        .uint(0)
        .bool(true)
        .performativeEnd()
        .frameEnd();
  }

  static AmqpWriter close(AmqpWriter out) {
    return out.clear().frame(Code.AMQP_FRAME, CHANNEL, Code.CLOSE).performativeEnd().frameEnd();
  }
}
