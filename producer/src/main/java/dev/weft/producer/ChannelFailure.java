// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import org.jspecify.annotations.Nullable;

/** A channel could not do what it was asked to. The message is fit for a person to read. */
public final class ChannelFailure extends Exception {
  private static final long serialVersionUID = 1L;

  /** How far the channel came, in the order of a connection check. */
  public enum Step {
    /** The service key is not usable. */
    KEY,
    /** The token endpoint was not reached or refused. */
    TOKEN,
    /** The gateway was not reached or refused the connection. */
    CONNECT,
    /** The broker did not accept the event. */
    PUBLISH
  }

  private final Step step;

  public ChannelFailure(Step step, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.step = step;
  }

  public ChannelFailure(Step step, String message) {
    this(step, message, null);
  }

  public Step step() {
    return step;
  }
}
