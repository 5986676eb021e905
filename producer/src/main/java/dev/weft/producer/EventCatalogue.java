// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The known event kinds, compiled from public facts; the resource {@code s4-events.json} names the
 * sources and the confidence of each. Immutable.
 */
public final class EventCatalogue {
  private final Map<String, CatalogueEvent> byType;

  private EventCatalogue(Map<String, CatalogueEvent> byType) {
    this.byType = byType;
  }

  /** Reads the catalogue that ships with this module. */
  public static EventCatalogue load() {
    try (InputStream in = EventCatalogue.class.getResourceAsStream("s4-events.json")) {
      if (in == null) {
        throw new IllegalStateException("s4-events.json is not on the class path");
      }
      return of(JsonMapper.shared().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static EventCatalogue of(JsonNode document) {
    Map<String, CatalogueEvent> byType = new LinkedHashMap<>();
    for (JsonNode event : document.path("events")) {
      CatalogueEvent entry =
          new CatalogueEvent(
              event.path("name").asString(),
              event.path("type").asString(),
              event.path("topicSuffix").asString(),
              event.path("sourcePattern").asString(),
              event.path("confidence").path("type").asString().charAt(0),
              event.path("confidence").path("data").asString().charAt(0),
              extensions(event.path("extensionAttributes")),
              (ObjectNode) event.path("exampleData"));
      byType.put(entry.type(), entry);
    }
    return new EventCatalogue(byType);
  }

  /** The catalogue gives the kinds of the attributes; the values are examples of that kind. */
  private static Map<String, Object> extensions(JsonNode kinds) {
    Map<String, Object> extensions = new LinkedHashMap<>();
    kinds.forEachEntry(
        (name, kind) -> extensions.put(name, kind.asString().equals("number") ? 1 : "text"));
    return extensions;
  }

  public List<CatalogueEvent> events() {
    return new ArrayList<>(byType.values());
  }

  public Optional<CatalogueEvent> find(String type) {
    return Optional.ofNullable(byType.get(type));
  }
}
