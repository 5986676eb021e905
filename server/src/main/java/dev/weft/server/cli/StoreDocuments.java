// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.broker.CatalogueCopy;
import dev.weft.journal.StoreReport;
import dev.weft.server.node.StoreCheck;
import java.io.PrintWriter;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What was found in a store, as a document and as text. */
final class StoreDocuments {
  private StoreDocuments() {}

  static ObjectNode document(StoreCheck check) {
    ObjectNode document = JsonMapper.shared().createObjectNode();
    document.put("sound", check.code().code() == 0);
    document.put("exitCode", check.code().code());
    StoreReport journal = check.journal();
    if (journal != null) {
      addJournal(document.putObject("journal"), journal);
    }
    CatalogueCopy.Contents catalogue = check.catalogue();
    if (catalogue != null) {
      document
          .putObject("catalogue")
          .put("schema", catalogue.schema())
          .put("instances", catalogue.instances())
          .put("queues", catalogue.queues())
          .put("webhooks", catalogue.webhooks());
    }
    ArrayNode troubles = document.putArray("troubles");
    check.troubles().forEach(trouble -> troubles.add(trouble.text()));
    ArrayNode exposed = document.putArray("openToOthers");
    check.exposed().forEach(file -> exposed.add(file.toString()));
    ArrayNode remarks = document.putArray("remarks");
    if (journal != null) {
      journal.remarks().forEach(remarks::add);
    }
    check.remarks().forEach(remarks::add);
    return document;
  }

  private static void addJournal(ObjectNode into, StoreReport report) {
    into.put("storeId", report.storeId());
    into.put("epoch", report.epoch());
    into.put("segments", report.segments());
    into.put("bytes", report.bytes());
    into.put("records", report.records());
    ObjectNode types = into.putObject("recordsByType");
    report.recordsByType().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .forEach(type -> types.put(type.getKey(), type.getValue()));
    into.put("cleanStop", report.clean());
    into.put("unprovenRecords", report.unproven());
    into.put("tornBytes", report.tornBytes());
    into.put("tornAt", report.tornAt());
    ArrayNode queues = into.putArray("queues");
    for (StoreReport.QueueContent queue : report.queues()) {
      queues
          .addObject()
          .put("name", queue.name())
          .put("messages", queue.messages())
          .put("bytes", queue.bytes());
    }
    addDamages(into, report.damages());
  }

  static void addDamages(ObjectNode into, List<StoreReport.Damage> found) {
    ArrayNode damages = into.putArray("damages");
    for (StoreReport.Damage damage : found) {
      ObjectNode entry = damages.addObject();
      entry.put("file", damage.file());
      entry.put("fromOffset", damage.fromOffset());
      entry.put("toOffset", damage.toOffset());
      entry.put("firstSequence", damage.firstSequence());
      entry.put("lastSequence", damage.lastSequence());
      ArrayNode names = entry.putArray("queues");
      damage.queues().forEach(names::add);
      entry.put("allQueuesKnown", damage.allQueuesKnown());
      entry.put("reason", damage.reason());
    }
  }

  /** For people, in the order in which they want to know it. */
  static void print(PrintWriter out, Output output, StoreCheck check) {
    ObjectNode document = document(check);
    StoreReport journal = check.journal();
    if (journal != null) {
      out.println("segments: " + journal.segments() + " (" + mib(journal.bytes()) + ")");
      out.println("records: " + journal.records() + typesOf(document));
      out.println("stopped: " + (journal.clean() ? "in order" : "without an end, or running"));
      if (journal.unproven() > 0) {
        out.println("unproven: " + journal.unproven() + " records at the end, kept by a start");
      }
      if (journal.tornBytes() > 0) {
        out.println(
            "torn: "
                + journal.tornBytes()
                + " bytes of an unfinished write in "
                + journal.tornAt()
                + ", never promised");
      }
    }
    CatalogueCopy.Contents catalogue = check.catalogue();
    if (catalogue != null) {
      out.println(
          "catalogue: "
              + catalogue.instances()
              + " instances, "
              + catalogue.queues()
              + " queues, "
              + catalogue.webhooks()
              + " webhooks, schema "
              + catalogue.schema());
    }
    if (journal != null && !journal.queues().isEmpty()) {
      out.println();
      output.rows(out, document.path("journal").path("queues"), "name", "messages", "bytes");
      out.println();
    }
    document.path("remarks").forEach(remark -> out.println("remark: " + remark.asString()));
    if (journal != null) {
      journal.damages().forEach(damage -> out.println("damage: " + text(damage)));
    }
    check.troubles().forEach(trouble -> out.println("trouble: " + trouble.text()));
    check.exposed().forEach(file -> out.println("open to others: " + file));
    out.println(verdict(check));
    out.flush();
  }

  private static String typesOf(ObjectNode document) {
    String types =
        document
            .path("journal")
            .path("recordsByType")
            .propertyStream()
            .map(type -> type.getKey() + " " + type.getValue())
            .collect(java.util.stream.Collectors.joining(", "));
    return types.isEmpty() ? "" : " (" + types + ")";
  }

  static String mib(long bytes) {
    return (bytes + 1024 * 1024 - 1) / (1024 * 1024) + " MiB";
  }

  static String text(StoreReport.Damage damage) {
    StringBuilder text = new StringBuilder(damage.reason());
    if (!damage.file().isEmpty()) {
      text.append(": ").append(damage.file());
      if (damage.toOffset() > damage.fromOffset()) {
        text.append(" from ").append(damage.fromOffset()).append(" to ").append(damage.toOffset());
      }
    }
    if (damage.firstSequence() > 0) {
      text.append(", records ").append(damage.firstSequence());
      text.append(" to ").append(damage.lastSequence());
    }
    if (!damage.queues().isEmpty()) {
      text.append(", queues ").append(String.join(", ", damage.queues()));
    }
    if (damage.firstSequence() > 0 && !damage.allQueuesKnown()) {
      text.append(damage.queues().isEmpty() ? ", any queue" : " and perhaps others");
    }
    return text.toString();
  }

  private static String verdict(StoreCheck check) {
    return switch (check.code()) {
      case OK -> "The store is sound.";
      case STORE_CORRUPT -> "The store is damaged or incomplete.";
      case STORE_EXPOSED -> "The store is sound, but others may read it.";
      default -> "The store cannot be used as it is.";
    };
  }

  /** The first thing that is wrong, as a sentence; null when nothing is. */
  static @Nullable String firstTrouble(StoreCheck check) {
    StoreReport journal = check.journal();
    if (journal != null && !journal.isSound()) {
      return text(journal.damages().getFirst());
    }
    if (!check.troubles().isEmpty()) {
      return check.troubles().getFirst().text();
    }
    return check.exposed().isEmpty() ? null : "Others may read " + check.exposed().getFirst();
  }
}
