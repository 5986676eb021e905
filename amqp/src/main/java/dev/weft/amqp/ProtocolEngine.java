// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import java.util.Map;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.engine.sasl.SaslServerListener;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/**
 * protonj2's engine for one connection: takes the rare frames, writes its answers among our own.
 * Belongs to the connection's event loop.
 */
final class ProtocolEngine {
  private final Engine engine;
  private final FrameWriter out;

  /**
   * @param login null when the peer skips SASL
   */
  ProtocolEngine(
      FrameWriter out,
      EngineTap tap,
      EngineTap.Arrival arrival,
      @Nullable SaslServerListener login) {
    this.out = out;
    engine =
        login == null
            ? EngineFactory.PROTON.createNonSaslEngine()
            : EngineFactory.PROTON.createEngine();
    tap.install(engine.pipeline(), arrival);
    engine.outputHandler(this::write);
    if (login != null) {
      engine.saslDriver().server().setListener(login);
    }
  }

  /** What our open will say (wire reference 4.3). */
  void introduce(AmqpSettings settings, String containerId) {
    connection()
        .setContainerId(containerId)
        .setMaxFrameSize(settings.frameSizeMax())
        .setChannelMax(settings.channelMax())
        .setIdleTimeout(settings.idleTimeout().toMillis())
        .setOfferedCapabilities(Symbol.valueOf("ANONYMOUS-RELAY"))
        .setProperties(Map.of(Symbol.valueOf("product"), "Weft"));
  }

  /** Where events of connection, sessions and links are listened to. */
  Connection connection() {
    return engine.connection();
  }

  /**
   * @param whenFailed the engine wrote a close, if it could, and is of no use any more
   */
  void start(Runnable whenFailed) {
    engine.errorHandler(_ -> whenFailed.run());
    engine.start();
  }

  /** Why it failed. */
  String failure() {
    Throwable cause = engine.failureCause();
    return cause == null ? "" : String.valueOf(cause.getMessage());
  }

  /** A whole frame or header; copied, as the engine may keep it. */
  void ingest(byte[] bytes, int at, int end) {
    engine.ingest(ProtonBufferAllocator.defaultAllocator().copy(bytes, at, end - at));
  }

  /** Writes a close with the reason. */
  void close(String condition, @Nullable String description) {
    connection().setCondition(new ErrorCondition(Symbol.valueOf(condition), description));
    connection().close();
  }

  private void write(ProtonBuffer buffer, @Nullable Runnable done) {
    byte[] bytes = new byte[buffer.getReadableBytes()];
    buffer.readBytes(bytes, 0, bytes.length);
    out.raw(bytes, 0, bytes.length);
    buffer.close();
    if (done != null) {
      done.run();
    }
  }
}
