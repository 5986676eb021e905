// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One business event as the vendor's systems write it: CloudEvents 1.0, structured JSON.
 *
 * @param time sent in UTC with seconds
 * @param extensions strings, numbers or booleans, written in the order of their names
 */
public record CloudEvent(
    String type,
    String source,
    UUID id,
    Instant time,
    Map<String, Object> extensions,
    ObjectNode data) {
  /** Media type on the wire, with the blank and the case that were captured. */
  public static final String CONTENT_TYPE = "application/cloudevents+json; charset=utf-8";

  private static final JsonMapper JSON = JsonMapper.shared();

  public CloudEvent {
    extensions = Map.copyOf(extensions);
    time = time.truncatedTo(ChronoUnit.SECONDS);
  }

  /** An event of a kind with the catalogue's example as data. */
  public static CloudEvent of(CatalogueEvent kind, String instanceId, UUID id, Instant time) {
    return of(kind, instanceId, id, time, kind.exampleData());
  }

  public static CloudEvent of(
      CatalogueEvent kind, String instanceId, UUID id, Instant time, ObjectNode data) {
    return new CloudEvent(kind.type(), kind.source(instanceId), id, time, kind.extensions(), data);
  }

  /** UTF-8 JSON; the members stand in the order observed on real systems. */
  public byte[] encoded() {
    ObjectNode event = JSON.createObjectNode();
    event.put("type", type);
    event.put("specversion", "1.0");
    event.put("source", source);
    event.put("id", id.toString());
    event.put("time", time.toString());
    event.put("datacontenttype", "application/json");
    new TreeMap<>(extensions).forEach((name, value) -> event.set(name, JSON.valueToTree(value)));
    event.set("data", data);
    return JSON.writeValueAsBytes(event);
  }
}
