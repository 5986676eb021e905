// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.producer;

import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * A kind of event that an S/4HANA system raises.
 *
 * @param type CloudEvents type
 * @param topicSuffix {@code ce/…}: follows the topic space
 * @param sourcePattern CloudEvents source with {@code {instanceId}}
 * @param typeConfidence how sure the name is, {@code A} (seen at the vendor) to {@code D}; the
 *     catalogue explains them
 * @param dataConfidence how sure the fields are
 * @param extensions CloudEvents extension attributes the kind carries, with an example value each
 * @param exampleData an example of its data; do not change it
 */
public record CatalogueEvent(
    String name,
    String type,
    String topicSuffix,
    String sourcePattern,
    char typeConfidence,
    char dataConfidence,
    Map<String, Object> extensions,
    ObjectNode exampleData) {
  public CatalogueEvent {
    extensions = Map.copyOf(extensions);
  }

  /** Where a channel with that topic space publishes it. */
  public String topic(String topicSpace) {
    return topicSpace + "/" + topicSuffix;
  }

  /** CloudEvents source for a system, e.g. {@code S4DCLNT100}. */
  public String source(String instanceId) {
    return sourcePattern.replace("{instanceId}", instanceId);
  }
}
