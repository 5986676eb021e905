// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import dev.weft.access.AccessControl;
import dev.weft.access.Caller;
import dev.weft.access.InvalidToken;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.sasl.SaslOutcome;
import org.apache.qpid.protonj2.engine.sasl.SaslServerContext;
import org.apache.qpid.protonj2.engine.sasl.SaslServerListener;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.transport.AMQPHeader;
import org.jspecify.annotations.Nullable;

/**
 * SASL of one connection. Over WebSocket the token was checked before and ANONYMOUS is the only
 * mechanism: offered PLAIN, a client of the vendor would log in as guest (wire reference, rule 13).
 * Over TCP it is PLAIN with client id and secret.
 */
final class Login implements SaslServerListener {
  private static final Symbol ANONYMOUS = Symbol.valueOf("ANONYMOUS");
  private static final Symbol PLAIN = Symbol.valueOf("PLAIN");

  private final AmqpConnection connection;
  private final AccessControl access;
  private final Symbol mechanism;

  Login(AmqpConnection connection, AccessControl access, boolean authenticated) {
    this.connection = connection;
    this.access = access;
    this.mechanism = authenticated ? ANONYMOUS : PLAIN;
  }

  @Override
  public void handleSaslHeader(SaslServerContext context, AMQPHeader header) {
    context.sendMechanisms(new Symbol[] {mechanism});
  }

  @Override
  public void handleSaslInit(
      SaslServerContext context, Symbol chosen, @Nullable ProtonBuffer response) {
    if (!mechanism.equals(chosen)) {
      refuse(context, "mechanism not offered");
    } else if (mechanism.equals(ANONYMOUS)) {
      context.sendOutcome(SaslOutcome.SASL_OK, null);
    } else {
      plain(context, response);
    }
  }

  private void plain(SaslServerContext context, @Nullable ProtonBuffer response) {
    String text = response == null ? "" : response.toString(StandardCharsets.UTF_8);
    String[] parts = text.split("\0", -1);
    if (parts.length != 3) {
      refuse(context, "no PLAIN response");
      return;
    }
    connection.suspendFor(
        () -> authenticate(parts[1], parts[2]),
        caller -> {
          if (caller.isPresent() && connection.admit(caller.get())) {
            context.sendOutcome(SaslOutcome.SASL_OK, null);
          } else {
            refuse(context, "not allowed");
          }
        },
        failure -> refuse(context, String.valueOf(failure.getMessage())));
  }

  private Optional<Caller> authenticate(String clientId, String secret) {
    try {
      Caller caller = access.authenticate(clientId, secret);
      return caller.instance().messaging() ? Optional.of(caller) : Optional.empty();
    } catch (InvalidToken refused) {
      return Optional.empty();
    }
  }

  private void refuse(SaslServerContext context, String why) {
    context.sendOutcome(SaslOutcome.SASL_AUTH, null);
    connection.loginRefused(why);
  }

  @Override
  public void handleSaslResponse(SaslServerContext context, ProtonBuffer response) {
    throw AmqpFault.framing("A SASL response came without a challenge");
  }
}
