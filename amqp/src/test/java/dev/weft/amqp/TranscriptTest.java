// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Header;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.security.SaslMechanisms;
import org.apache.qpid.protonj2.types.security.SaslOutcome;
import org.apache.qpid.protonj2.types.transport.Attach;
import org.apache.qpid.protonj2.types.transport.Begin;
import org.apache.qpid.protonj2.types.transport.Close;
import org.apache.qpid.protonj2.types.transport.Disposition;
import org.apache.qpid.protonj2.types.transport.Flow;
import org.apache.qpid.protonj2.types.transport.Open;
import org.apache.qpid.protonj2.types.transport.Role;
import org.apache.qpid.protonj2.types.transport.Transfer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes as the vendor's Node.js client sent them (wire reference 4.2, appendix A), replayed. */
class TranscriptTest {
  private static final String BEGIN =
      "00000028 02000001 005311 d0 00000018 00000008 40 43 70000003e8 70000003e8 700000ffff 40 40 40";
  private static final String ATTACH =
      """
      00000052 02000001 005312 d0 00000042 0000000e a111616363657074616e63652d73656e646572 5201 42
      5000 5000 40 005329 d0 0000000c 00000007 a100 40 40 40 40 40 40  40 40 43 80 0000000001000000
      40 40 40""";
  private static final String TRANSFER =
      """
      00000083 02000001 005314 d0 00000019 0000000b 5201 43 a0087461672d00000001 43 42 40 42 40 40 40 40
      005370 c00605 40 40 40 40 43
      005373 d0 00000038 0000000d 40 40 a115746f7069633a61636d652f73686f702f6f6e652f78 40 40 40
      a3106170706c69636174696f6e2f6a736f6e 40 40 40 40 40 40
      005375 b0 00000007 7b226e223a307d""";
  private static final String REJECTED =
      """
      00000060 02000001 005315 d0 00000050 00000006 41 43 40 41
      005325 d0 0000003f 00000001 00531d d0 00000033 00000003 a313616d71703a696e7465726e616c2d6572726f72
      a117616363657074616e636520746573742072656a65637473 40  40""";
  private static final String ACCEPTED =
      "0000001e 02000001 005315 d0 0000000e 00000006 41 5201 40 41 005324 45 40";
  private static final String CLOSE = "0000000c 02000000 005318 45";

  @TempDir Path directory;

  @Test
  void nodeClientPublishesConsumesRejectsAcceptsAndLeaves() {
    try (var mesh = DoorUnderTest.open(directory);
        RawPeer peer = mesh.peer()) {
      peer.send(RawPeer.SASL_HEADER).send(RawPeer.SASL_ANONYMOUS).send(RawPeer.AMQP_HEADER);
      peer.expectText(RawPeer.SASL_HEADER);
      assertThat(peer.expect(SaslMechanisms.class).getSaslServerMechanisms())
          .extracting(Object::toString)
          .containsExactly("ANONYMOUS");
      SaslOutcome outcome = peer.expect(SaslOutcome.class);
      assertThat(outcome.getCode().getValue().intValue()).isZero();
      assertThat(outcome.getAdditionalData()).isNull();
      peer.expectText(RawPeer.AMQP_HEADER);
      peer.send(0, new Open().setContainerId("10.0.0.1-4711-1").setMaxFrameSize(4294967295L));
      Open open = peer.expect(Open.class);
      assertThat(open.getMaxFrameSize()).isEqualTo(1 << 20);
      assertThat(open.getChannelMax()).isGreaterThanOrEqualTo(255);
      assertThat(open.getIdleTimeout()).isEqualTo(120_000);
      assertThat(open.getOfferedCapabilities())
          .extracting(Object::toString)
          .containsExactly("ANONYMOUS-RELAY");

      peer.send(BEGIN);
      assertThat(peer.expect(Begin.class).getRemoteChannel()).isEqualTo(1);
      peer.send(ATTACH);
      Attach attach = peer.expect(Attach.class);
      assertThat(attach.getName()).isEqualTo("acceptance-sender");
      assertThat(attach.getRole()).isEqualTo(Role.RECEIVER);
      assertThat(attach.<Target>getTarget().getAddress()).isEmpty();
      Flow flow = peer.expect(Flow.class);
      assertThat(flow.getLinkCredit()).isEqualTo(1_000);
      assertThat(flow.getHandle()).isEqualTo(attach.getHandle());

      peer.send(TRANSFER);
      Disposition stored = peer.expect(Disposition.class);
      assertThat(stored.getState()).isInstanceOf(Accepted.class);
      assertThat(stored.getSettled()).isTrue();
      assertThat(stored.getRole()).isEqualTo(Role.RECEIVER);
      assertThat(stored.getFirst()).isZero();

      consume(mesh, peer);
      peer.send(CLOSE);
      peer.expect(Close.class);
      assertThat(peer.awaitClosed()).isEqualTo(1000);
    }
  }

  private static void consume(DoorUnderTest mesh, RawPeer peer) {
    peer.send(1, RawPeer.subscriber("orders", 2, RawPeer.source("queue:" + DoorUnderTest.ORDERS)));
    Attach attach = peer.expect(Attach.class);
    assertThat(attach.getRole()).isEqualTo(Role.SENDER);
    assertThat(attach.getInitialDeliveryCount()).isZero();
    assertThat(attach.hasInitialDeliveryCount()).isTrue();
    assertThat(attach.<Target>getTarget()).isNull();
    peer.send(1, RawPeer.credit(2, 0, 255));

    RawPeer.Heard first = peer.next();
    assertThat(((Transfer) first.body()).getSettled()).isFalse();
    assertThat(RawPeer.section(first.payload(), Header.class).getDeliveryCount()).isZero();
    Properties properties = RawPeer.section(first.payload(), Properties.class);
    assertThat(properties.getTo()).isEqualTo("topic:acme/shop/one/x");
    assertThat(properties.getSubject()).isEqualTo("acme/shop/one/x");
    assertThat(properties.getContentType()).isEqualTo("application/json");
    assertThat(properties.getMessageId()).isNotNull();
    assertThat(RawPeer.section(first.payload(), Data.class).getValue())
        .isEqualTo(HexFormat.of().parseHex("7b226e223a307d"));

    peer.send(REJECTED);
    RawPeer.Heard second = peer.next();
    assertThat(((Transfer) second.body()).getDeliveryId()).isEqualTo(1);
    assertThat(RawPeer.section(second.payload(), Header.class).getDeliveryCount()).isEqualTo(1);
    peer.send(ACCEPTED);
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  // Rule 12: a message may hold several frames, or parts of them.
  @Test
  void anyCuttingOfTheBytesIsRead() {
    String all = RawPeer.SASL_HEADER + RawPeer.SASL_ANONYMOUS + RawPeer.AMQP_HEADER;
    byte[] open = RawPeer.frame(0, new Open().setContainerId("cut"), new byte[0]);
    byte[] rest = RawPeer.hex(BEGIN + ATTACH);
    byte[] start = RawPeer.hex(all);
    byte[] bytes = new byte[start.length + open.length + rest.length];
    System.arraycopy(start, 0, bytes, 0, start.length);
    System.arraycopy(open, 0, bytes, start.length, open.length);
    System.arraycopy(rest, 0, bytes, start.length + open.length, rest.length);
    for (int size : new int[] {1, 3, 7, 64, bytes.length}) {
      try (var mesh = DoorUnderTest.open(directory);
          RawPeer peer = mesh.peer()) {
        for (int at = 0; at < bytes.length; at += size) {
          peer.send(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
        peer.expectText(RawPeer.SASL_HEADER);
        peer.expect(SaslMechanisms.class);
        peer.expect(SaslOutcome.class);
        peer.expectText(RawPeer.AMQP_HEADER);
        peer.expect(Open.class);
        peer.expect(Begin.class);
        peer.expect(Attach.class);
        peer.expect(Flow.class);
      }
    }
  }
}
