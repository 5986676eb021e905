// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The event form of the S/4 reference, section 2. */
class CloudEventTest {
  private static final EventCatalogue CATALOGUE = EventCatalogue.load();

  @Test
  void membersStandInTheObservedOrder() {
    CatalogueEvent kind =
        CATALOGUE.find("sap.s4.beh.businesspartner.v1.BusinessPartner.Changed.v1").orElseThrow();
    var data = JsonMapper.shared().createObjectNode().put("BusinessPartner", "1000667");
    CloudEvent event =
        CloudEvent.of(
            kind,
            "S4HCLNT100",
            UUID.fromString("0894ef4a-5d3f-1edf-9c8f-1b2c3d4e5f60"),
            Instant.parse("2025-03-04T09:15:27.999Z"),
            data);

    assertThat(new String(event.encoded(), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"sap.s4.beh.businesspartner.v1.BusinessPartner.Changed.v1\","
                + "\"specversion\":\"1.0\",\"source\":\"/default/sap.s4.beh/S4HCLNT100\","
                + "\"id\":\"0894ef4a-5d3f-1edf-9c8f-1b2c3d4e5f60\","
                + "\"time\":\"2025-03-04T09:15:27Z\",\"datacontenttype\":\"application/json\","
                + "\"data\":{\"BusinessPartner\":\"1000667\"}}");
  }

  @Test
  void extensionsStandBeforeTheData() {
    CloudEvent event =
        new CloudEvent(
            "a.b",
            "/default/x/y",
            new UUID(1, 2),
            Instant.EPOCH,
            Map.of("xsapcompanycode", "1010", "additionalnumber", 7),
            JsonMapper.shared().createObjectNode());

    assertThat(new String(event.encoded(), StandardCharsets.UTF_8))
        .endsWith(
            "\"datacontenttype\":\"application/json\",\"additionalnumber\":7,"
                + "\"xsapcompanycode\":\"1010\",\"data\":{}}");
  }

  @Test
  void everyCatalogueEntryHasATopicThatFitsAChannelOfTheLongestNamespace() {
    assertThat(CATALOGUE.events()).hasSize(266);
    String namespace = "n".repeat(24);
    for (CatalogueEvent kind : CATALOGUE.events()) {
      // Topic limits of the S/4 reference, section 2.3.
      assertThat(kind.topic(namespace))
          .hasSizeLessThanOrEqualTo(150)
          .matches("[a-zA-Z0-9_.-]+(/[a-zA-Z0-9_.-]+){1,19}");
      assertThat(kind.topicSuffix()).isEqualTo("ce/" + kind.type().replace('.', '/'));
      assertThat("ABCD").contains(String.valueOf(kind.typeConfidence()));
    }
  }

  @Test
  void idsAreTimeBasedLowerCaseAndNeverEqual() {
    Instant now = Instant.parse("2026-01-02T03:04:05.678Z");
    EventIds ids = new EventIds(InstantSource.fixed(now), new Random(7));

    UUID first = ids.next();
    UUID second = ids.next();

    assertThat(first.version()).isEqualTo(1);
    assertThat(first.variant()).isEqualTo(2);
    assertThat(second.timestamp()).isEqualTo(first.timestamp() + 1);
    assertThat(first.timestamp() / 10_000_000 - 12_219_292_800L).isEqualTo(now.getEpochSecond());
    assertThat(first.toString()).isLowerCase();
  }
}
