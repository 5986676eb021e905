// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.landscape;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON Schema of the landscape file, and its findings put into words. Thread-safe. */
public final class LandscapeSchema {
  private static final String RESOURCE = "landscape.schema.json";

  private final JsonNode document;
  private final Schema schema;

  public LandscapeSchema() {
    try (InputStream in = LandscapeSchema.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is not on the class path");
      }
      this.document = JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(document);
  }

  /** The schema itself, for publication. */
  public JsonNode document() {
    return document;
  }

  List<InvalidLandscape.Problem> problems(LocatedDocument landscape) {
    List<InvalidLandscape.Problem> problems = new ArrayList<>();
    for (Error error : schema.validate(landscape.root())) {
      problems.add(problem(landscape, error));
    }
    return problems;
  }

  private InvalidLandscape.Problem problem(LocatedDocument landscape, Error error) {
    String path = path(error.getInstanceLocation());
    JsonNode rule = rule(error);
    return switch (error.getKeyword()) {
      case "additionalProperties" -> {
        String key = String.valueOf(error.getProperty());
        yield landscape.atKey(
            path.isEmpty() ? key : path + "." + key,
            "unknown key '" + key + "'" + NearestWord.hint(siblings(error), key));
      }
      case "required" ->
          landscape.atValue(path, "the key '" + error.getProperty() + "' is missing");
      case "enum" -> {
        List<String> words = words(rule);
        String given = error.getInstanceNode().asString("");
        yield landscape.atValue(
            path,
            "'"
                + given
                + "' is not one of "
                + String.join(", ", words)
                + NearestWord.hint(words, given));
      }
      case "type" -> landscape.atValue(path, "must be of type " + typeNames(rule));
      case "const" -> landscape.atValue(path, "must be " + rule);
      case "pattern" ->
          landscape.atValue(
              path,
              "'"
                  + error.getInstanceNode().asString("")
                  + "' is not what belongs here: "
                  + expected(error));
      default -> landscape.atValue(path, error.getMessage());
    };
  }

  /** What the schema says in words beside the broken keyword; every pattern has that. */
  private String expected(Error error) {
    String pointer = pointer(error);
    return document
        .at(pointer.substring(0, pointer.lastIndexOf('/')))
        .path("description")
        .asString("");
  }

  /** The value of the keyword that was broken. */
  private JsonNode rule(Error error) {
    return document.at(pointer(error));
  }

  /** The keys that would have been right where an unknown one was found. */
  private List<String> siblings(Error error) {
    String pointer = pointer(error);
    JsonNode object = document.at(pointer.substring(0, pointer.lastIndexOf('/')));
    return new ArrayList<>(object.path("properties").propertyNames());
  }

  private static String pointer(Error error) {
    return error.getSchemaLocation().getFragment().toString();
  }

  private static List<String> words(JsonNode values) {
    List<String> words = new ArrayList<>();
    values.forEach(value -> words.add(value.asString("")));
    return words;
  }

  private static String typeNames(JsonNode rule) {
    return rule.isArray() ? String.join(" or ", words(rule)) : rule.asString("");
  }

  static String path(NodePath location) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < location.getNameCount(); i++) {
      Object element = location.getElement(i);
      if (element instanceof Integer index) {
        path.append('[').append(index).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(element);
      }
    }
    return path.toString();
  }
}
