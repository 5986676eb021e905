// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.AmqpConnections;
import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftServer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.client.Client;
import org.apache.qpid.protonj2.client.Connection;
import org.apache.qpid.protonj2.client.Delivery;
import org.apache.qpid.protonj2.client.Message;
import org.apache.qpid.protonj2.client.Receiver;
import org.apache.qpid.protonj2.client.Sender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * T-311 for real: the process stands still for {@value #SECONDS_PER_BUILD} seconds, {@code
 * -Dweft.suspend.seconds=130} for longer than every idle time-out, {@code -Dweft.suspend.seed=…}
 * repeats the clients' part of a run.
 */
class SuspensionTest {
  private static final int SECONDS_PER_BUILD = 4;
  private static final int MESSAGES = 100;

  /** Clients of the tests give a silent connection up after sixty seconds. */
  private static final int CLIENTS_STAY_SECONDS = 25;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path folder;

  private static Duration suspension() {
    return Duration.ofSeconds(Integer.getInteger("weft.suspend.seconds", SECONDS_PER_BUILD));
  }

  //
  @Test
  void aSuspendedServerGoesOnAndKeepsEveryPromise() {
    long seed = Long.getLong("weft.suspend.seed", RandomGenerator.getDefault().nextLong());
    Duration duration = suspension();
    System.out.println("suspend: weft.suspend.seed=" + seed + " for " + duration);
    CrashHarness harness =
        new CrashHarness(
            folder, folder.resolve("server.log"), new Kill(), new SplittableRandom(seed));

    harness.suspend(1, duration, duration.toSeconds() > CLIENTS_STAY_SECONDS);

    System.out.println("suspend: " + harness.summary());
    assertThat(harness.faults())
        .as("%s; troubles %s; see %s", harness.summary(), harness.troubles(), folder)
        .isEmpty();
    assertThat(harness.troubles()).as("%s; see %s", harness.summary(), folder).isEmpty();
  }

  //
  @Test
  void messagesThatLiveLongerThanTheSuspensionAreNotExpiredByIt() throws Exception {
    Duration duration = suspension();
    long ttlMillis = duration.multipliedBy(2).plusSeconds(60).toMillis();
    try (Client client = Client.create();
        WeftServer server =
            WeftServer.start(folder, Scene.LANDSCAPE, "--port", "0", "--tls", "off")) {
      Mesh mesh = server.mesh(Scene.INSTANCE, Scene.KEY);
      try (Connection connection = AmqpConnections.open(client, mesh);
          Sender sender = connection.openSender("topic:" + Scene.ORDER_TOPIC)) {
        for (int number = 0; number < MESSAGES; number++) {
          byte[] body = Integer.toString(number).getBytes(StandardCharsets.US_ASCII);
          sender
              .send(Message.create(body).durable(true).timeToLive(ttlMillis))
              .awaitAccepted(30, TimeUnit.SECONDS);
        }
      }

      server.suspend();
      assertThat(new CountDownLatch(1).await(duration.toMillis(), TimeUnit.MILLISECONDS)).isFalse();
      server.resume();

      List<String> got = new ArrayList<>();
      try (Connection connection = AmqpConnections.open(client, mesh);
          Receiver receiver = connection.openReceiver("queue:" + Scene.ORDERS)) {
        while (got.size() < MESSAGES) {
          Delivery delivery = receiver.receive(10, TimeUnit.SECONDS);
          assertThat(delivery).as("after %s", got).isNotNull();
          Message<byte[]> message = delivery.message();
          got.add(new String(message.body(), StandardCharsets.US_ASCII));
        }
      }
      assertThat(got).hasSize(MESSAGES).doesNotHaveDuplicates();
      assertThat(mesh.messageCount(Scene.DEAD)).isZero();
    }
  }
}
