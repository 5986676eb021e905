// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What peers write for their products to read. */
class PeerConfigurationTest {
  private static final Path WORK = Path.of("/w/rabbitmq-quorum");

  private final JsonMapper json = JsonMapper.shared();

  @Test
  void rabbitListensOnOnePortOfTheLoopback() {
    assertThat(RabbitPeer.configuration(WORK, 4711))
        .contains("listeners.tcp.1 = 127.0.0.1:4711\n")
        .contains("load_definitions = /w/rabbitmq-quorum/definitions.json\n")
        .contains("amqp1_0.default_user = guest\n");
  }

  @ParameterizedTest
  @EnumSource
  void rabbitHasOneDurableQueueOfItsKind(RabbitPeer.Kind kind) {
    JsonNode queue = json.readTree(RabbitPeer.definitions(kind)).path("queues").path(0);

    assertThat(queue.path("durable").booleanValue()).isTrue();
    assertThat(queue.path("arguments").path("x-queue-type").stringValue())
        .isEqualToIgnoringCase(kind.name());
  }

  /** Two nodes at once, and the system's service beside them, must share nothing. */
  @Test
  void rabbitsNodesAreApart() {
    var quorum = RabbitPeer.environment(WORK, RabbitPeer.Kind.QUORUM, 1, 2);
    var classic = RabbitPeer.environment(Path.of("/w/other"), RabbitPeer.Kind.CLASSIC, 3, 4);

    assertThat(quorum)
        .containsEntry("RABBITMQ_MNESIA_BASE", "/w/rabbitmq-quorum/mnesia")
        .containsEntry("RABBITMQ_LOG_BASE", "/w/rabbitmq-quorum/log")
        .containsEntry("HOME", "/w/rabbitmq-quorum")
        .containsEntry("RABBITMQ_DIST_PORT", "1")
        .containsEntry("ERL_EPMD_PORT", "2")
        .containsEntry("RABBITMQ_CONF_ENV_FILE", "/dev/null");
    assertThat(quorum.get("RABBITMQ_NODENAME")).isNotEqualTo(classic.get("RABBITMQ_NODENAME"));
  }

  @Test
  void brokerJSpeaksAmqpOverWebSocketAndKeepsItsQueueInBerkeleyDb() {
    JsonNode configuration = json.readTree(BrokerJPeer.configuration(4711));

    JsonNode port = configuration.path("ports").path(0);
    assertThat(port.path("port").intValue()).isEqualTo(4711);
    assertThat(port.path("transports").path(0).stringValue()).isEqualTo("WS");
    assertThat(port.path("protocols").path(0).stringValue()).isEqualTo("AMQP_1_0");
    JsonNode host =
        json.readTree(
            configuration
                .path("virtualhostnodes")
                .path(0)
                .path("virtualHostInitialConfiguration")
                .stringValue());
    assertThat(host.path("type").stringValue()).isEqualTo("BDB");
    assertThat(host.path("queues").path(0).path("durable").booleanValue()).isTrue();
  }

  @Test
  void ourLandscapeHasTheQueuesThatACellAsksFor() {
    String landscape =
        WeftPeer.landscape(
            123,
            List.of(
                new Demand.ExtraQueue("fan-0", "fan", false),
                new Demand.ExtraQueue("returns", null, true)));

    assertThat(landscape)
        .endsWith(
            """
                  - name: acme/bench/one/load
                    maxQueueSizeInBytes: 123
                  - name: acme/bench/one/fan-0
                    subscriptions: [acme/bench/one/fan]
                  - name: acme/bench/one/returns
                    redelivery: immediate
            """);
  }

  @Test
  void anUnknownPeerIsNamedWithThoseThatAreKnown(@TempDir Path work) {
    assertThatThrownBy(() -> Roster.of(List.of("kafka"), new Roster.Place(Path.of(""), work, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no peer 'kafka'")
        .hasMessageContaining("rabbitmq-classic");
  }
}
