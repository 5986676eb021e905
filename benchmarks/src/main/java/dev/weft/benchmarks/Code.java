// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/** Descriptor codes of AMQP 1.0 that the generator meets. Source: AMQP 1.0, parts 2, 3 and 5. */
final class Code {
  static final int OPEN = 0x10;
  static final int BEGIN = 0x11;
  static final int ATTACH = 0x12;
  static final int FLOW = 0x13;
  static final int TRANSFER = 0x14;
  static final int DISPOSITION = 0x15;
  static final int DETACH = 0x16;
  static final int END = 0x17;
  static final int CLOSE = 0x18;
  static final int ERROR = 0x1d;

  static final int ACCEPTED = 0x24;
  static final int RELEASED = 0x26;
  static final int SOURCE = 0x28;
  static final int TARGET = 0x29;

  static final int SASL_MECHANISMS = 0x40;
  static final int SASL_INIT = 0x41;
  static final int SASL_OUTCOME = 0x44;

  static final int HEADER = 0x70;
  static final int PROPERTIES = 0x73;
  static final int DATA = 0x75;

  /** Frame type byte of AMQP and of SASL frames. */
  static final int AMQP_FRAME = 0;

  static final int SASL_FRAME = 1;

  private Code() {}
}
