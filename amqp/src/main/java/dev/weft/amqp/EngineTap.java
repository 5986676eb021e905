// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import org.apache.qpid.protonj2.engine.EngineHandler;
import org.apache.qpid.protonj2.engine.EngineHandlerContext;
import org.apache.qpid.protonj2.engine.EnginePipeline;
import org.apache.qpid.protonj2.engine.IncomingAMQPEnvelope;
import org.apache.qpid.protonj2.engine.OutgoingAMQPEnvelope;
import org.apache.qpid.protonj2.engine.exceptions.EngineFailedException;
import org.apache.qpid.protonj2.engine.exceptions.ProtocolViolationException;
import org.apache.qpid.protonj2.engine.exceptions.ProtonException;
import org.apache.qpid.protonj2.engine.impl.ProtonConstants;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.Begin;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/**
 * Listens in the protocol engine's pipeline for what its interfaces do not tell and the frames of
 * established links need: channels, handles and initial counts. Each value is of the frame that the
 * engine handles at this moment. Belongs to the connection's event loop.
 */
final class EngineTap implements EngineHandler {
  private static final String NAME = "weft";

  /** Hears of an attach before the engine does, and may change it. */
  interface Arrival {
    void arriving(Attach attach, int channel);
  }

  /**
   * Behind this character stands what makes a link's name unique for the engine, which keeps links
   * by name. No peer ever sees it.
   */
  private static final char MARK = '\0';

  private Begin remoteBegin = new Begin();
  private Attach remoteAttach = new Attach();
  private int remoteChannel;
  private int localChannel;
  private int localHandle;
  private Arrival arrival = (_, _) -> {};
  private @Nullable RuntimeException ownFailure;

  /** Puts itself between the engine's state machines, which come first, and its codecs. */
  void install(EnginePipeline pipeline, Arrival hearsAttaches) {
    arrival = hearsAttaches;
    EngineHandler stateMachines = pipeline.find(ProtonConstants.AMQP_PERFORMATIVE_HANDLER);
    pipeline.remove(stateMachines);
    pipeline.addFirst(NAME, this);
    pipeline.addFirst(ProtonConstants.AMQP_PERFORMATIVE_HANDLER, stateMachines);
    pipeline.addFirst(NAME + "-failures", new Failures());
  }

  /** Lets the engine take the attach for another link than one of the same name that lingers. */
  static void makeUnique(Attach attach) {
    attach.setName(attach.getName() + MARK + attach.getHandle());
  }

  /** The name as the peer gave it. */
  static String ownName(String name) {
    int mark = name.indexOf(MARK);
    return mark < 0 ? name : name.substring(0, mark);
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

  /** What failed in our handling of a frame, not in the peer's bytes; null normally. */
  @Nullable RuntimeException ownFailure() {
    return ownFailure;
  }

  /**
   * Gives the engine's close the condition that fits: what its codec cannot read is the peer's
   * mistake, whatever the codec throws. Stands first, where failures begin their way.
   */
  private final class Failures implements EngineHandler {
    @Override
    public void engineFailed(EngineHandlerContext context, EngineFailedException failure) {
      AmqpFault fault = AmqpFault.in(failure);
      boolean violation =
          failure.getCause() instanceof ProtocolViolationException named
              && named.getErrorCondition() != null;
      if (fault == null && ownFailure == null && !violation) {
        fault = AmqpFault.decoding(String.valueOf(failure.getMessage()));
      }
      if (fault != null) {
        context
            .engine()
            .connection()
            .setCondition(
                new ErrorCondition(Symbol.valueOf(fault.condition()), fault.getMessage()));
      }
      context.fireFailed(failure);
    }
  }

  @Override
  public void handleRead(EngineHandlerContext context, IncomingAMQPEnvelope envelope) {
    try {
      note(envelope);
      context.fireRead(envelope);
    } catch (AmqpFault | ProtonException peersFault) {
      throw peersFault;
    } catch (RuntimeException failure) {
      ownFailure = failure;
      throw failure;
    }
  }

  private void note(IncomingAMQPEnvelope envelope) {
    switch (envelope.getBody()) {
      case Begin begin -> {
        remoteBegin = begin;
        remoteChannel = envelope.getChannel();
      }
      case Attach attach -> {
        if (attach.getName() == null || !attach.hasHandle() || !attach.hasRole()) {
          throw AmqpFault.decoding("An attach has no name, handle or role");
        }
        arrival.arriving(attach, envelope.getChannel());
        remoteAttach = attach;
      }
      default -> {
        // The engine knows the rest.
      }
    }
  }

  @Override
  public void handleWrite(EngineHandlerContext context, OutgoingAMQPEnvelope envelope) {
    switch (envelope.getBody()) {
      case Begin _ -> {
        localChannel = envelope.getChannel();
        context.fireWrite(envelope);
      }
      case Attach attach -> {
        localHandle = (int) attach.getHandle();
        String engineName = attach.getName();
        attach.setName(ownName(engineName));
        context.fireWrite(envelope);
        attach.setName(engineName);
      }
      default -> context.fireWrite(envelope);
    }
  }
}
