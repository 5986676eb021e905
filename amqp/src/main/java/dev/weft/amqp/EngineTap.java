// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import org.apache.qpid.protonj2.engine.EngineHandler;
import org.apache.qpid.protonj2.engine.EngineHandlerContext;
import org.apache.qpid.protonj2.engine.EnginePipeline;
import org.apache.qpid.protonj2.engine.IncomingAMQPEnvelope;
import org.apache.qpid.protonj2.engine.OutgoingAMQPEnvelope;
import org.apache.qpid.protonj2.engine.impl.ProtonConstants;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.Begin;

/**
 * Listens in the protocol engine's pipeline for what its interfaces do not tell and the frames of
 * established links need: channels, handles and initial counts. Each value is of the frame that the
 * engine handles at this moment. Belongs to the connection's event loop.
 */
final class EngineTap implements EngineHandler {
  private static final String NAME = "weft";

  private Begin remoteBegin = new Begin();
  private Attach remoteAttach = new Attach();
  private int remoteChannel;
  private int localChannel;
  private int localHandle;

  /** Puts itself between the engine's state machines, which come first, and its codecs. */
  void install(EnginePipeline pipeline) {
    EngineHandler stateMachines = pipeline.find(ProtonConstants.AMQP_PERFORMATIVE_HANDLER);
    pipeline.remove(stateMachines);
    pipeline.addFirst(NAME, this);
    pipeline.addFirst(ProtonConstants.AMQP_PERFORMATIVE_HANDLER, stateMachines);
  }

  /** The begin that the peer sent last, on {@link #remoteChannel()}. */
  Begin remoteBegin() {
    return remoteBegin;
  }

  /** The attach that the peer sent last. */
  Attach remoteAttach() {
    return remoteAttach;
  }

  int remoteChannel() {
    return remoteChannel;
  }

  /** The channel of the begin that we sent last. */
  int localChannel() {
    return localChannel;
  }

  /** The handle of the attach that we sent last. */
  int localHandle() {
    return localHandle;
  }

  @Override
  public void handleRead(EngineHandlerContext context, IncomingAMQPEnvelope envelope) {
    switch (envelope.getBody()) {
      case Begin begin -> {
        remoteBegin = begin;
        remoteChannel = envelope.getChannel();
      }
      case Attach attach -> remoteAttach = attach;
      default -> {
        // The engine knows the rest.
      }
    }
    context.fireRead(envelope);
  }

  @Override
  public void handleWrite(EngineHandlerContext context, OutgoingAMQPEnvelope envelope) {
    switch (envelope.getBody()) {
      case Begin _ -> localChannel = envelope.getChannel();
      case Attach attach -> localHandle = (int) attach.getHandle();
      default -> {
        // Nothing to learn.
      }
    }
    context.fireWrite(envelope);
  }
}
