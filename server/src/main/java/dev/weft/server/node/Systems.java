// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.broker.Catalogue;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The systems of the landscape as the file describes them, in the catalogue. Blocking. */
final class Systems {
  private static final String KIND = "system";

  private final Catalogue catalogue;

  Systems(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  /** By name. */
  SortedMap<String, ObjectNode> all() {
    SortedMap<String, ObjectNode> systems = new TreeMap<>();
    catalogue
        .parts(KIND)
        .forEach(
            (name, document) ->
                systems.put(name, (ObjectNode) JsonMapper.shared().readTree(document)));
    return systems;
  }

  void put(String name, ObjectNode document) {
    catalogue.putPart(KIND, name, document.toString());
  }

  void delete(String name) {
    catalogue.deletePart(KIND, name);
  }
}
