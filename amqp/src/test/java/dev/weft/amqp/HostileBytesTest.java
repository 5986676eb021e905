// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.apache.qpid.protonj2.types.messaging.Released;
import org.apache.qpid.protonj2.types.transport.Begin;
import org.apache.qpid.protonj2.types.transport.Close;
import org.apache.qpid.protonj2.types.transport.Detach;
import org.apache.qpid.protonj2.types.transport.Disposition;
import org.apache.qpid.protonj2.types.transport.Role;
import org.apache.qpid.protonj2.types.transport.Transfer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A conversation with changed bytes: whatever they say, the door answers by the protocol, its own
 * mistake ({@code amqp:internal-error}) is never the reason, and others are served.
 */
class HostileBytesTest {
  private static final int SEEDS = 150;

  @TempDir Path directory;

  private static List<byte[]> conversation() {
    Properties to = new Properties();
    to.setTo(DoorUnderTest.TOPIC);
    byte[] message = RawPeer.encode(to, new Data("{}".getBytes(StandardCharsets.UTF_8)));
    List<byte[]> frames = new ArrayList<>();
    frames.add(
        frame(1, new Begin().setNextOutgoingId(0).setIncomingWindow(9).setOutgoingWindow(9)));
    frames.add(frame(0, RawPeer.publisher("p", 0, RawPeer.target(""))));
    frames.add(
        frame(0, RawPeer.subscriber("s", 1, RawPeer.source("queue:" + DoorUnderTest.ORDERS))));
    for (int i = 0; i < 3; i++) {
      frames.add(
          RawPeer.frame(
              0,
              new Transfer()
                  .setHandle(0)
                  .setDeliveryId(i)
                  .setDeliveryTag(new byte[] {(byte) i})
                  .setMessageFormat(0),
              message));
      frames.add(frame(0, RawPeer.credit(1, i, 2)));
      frames.add(
          frame(
              0,
              new Disposition()
                  .setRole(Role.RECEIVER)
                  .setFirst(0)
                  .setLast(i)
                  .setSettled(i == 2)
                  .setState(i == 1 ? Released.getInstance() : Accepted.getInstance())));
    }
    frames.add(frame(0, new Detach().setHandle(1).setClosed(true)));
    return frames;
  }

  private static byte[] frame(int channel, Object performative) {
    return RawPeer.frame(channel, performative, new byte[0]);
  }

  @Test
  void changedBytesEndTheirOwnConnectionAtMost() {
    try (var mesh = DoorUnderTest.open(directory)) {
      for (int seed = 0; seed < SEEDS; seed++) {
        Random random = new Random(seed);
        var bytes = new ByteArrayOutputStream();
        for (byte[] frame : conversation()) {
          if (random.nextInt(4) == 0) {
            int from = random.nextInt(4) == 0 ? 0 : 8;
            for (int i = random.nextInt(3); i >= 0; i--) {
              frame[from + random.nextInt(frame.length - from)] = (byte) random.nextInt();
            }
          }
          bytes.writeBytes(frame);
        }
        try (RawPeer peer = mesh.peer().begun()) {
          peer.send(bytes.toByteArray());
          peer.send(0, new Close());
          Object heard = peer.nextOrClosed();
          while (heard != null && !(heard instanceof Close)) {
            heard = peer.nextOrClosed();
          }
          if (heard instanceof Close close && close.getError() != null) {
            assertThat(close.getError().getCondition().toString())
                .as("seed " + seed)
                .isNotEqualTo("amqp:internal-error");
          }
        }
      }
      await().atMost(DoorUnderTest.PATIENCE).until(() -> mesh.door.connections() == 0);
      mesh.awaitQueue(stats -> stats.consumers() == 0 && stats.unsettledMessages() == 0);
    }
  }
}
