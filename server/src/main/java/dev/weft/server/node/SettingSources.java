// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import dev.weft.server.landscape.InvalidLandscape;
import dev.weft.server.landscape.LocatedDocument;
import dev.weft.server.landscape.NearestWord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where settings come from, strongest first: flags, environment, {@code weft.yaml}, defaults. Each
 * value remembers its origin.
 */
public final class SettingSources {
  /** Looked for in the working directory unless {@code WEFT_CONFIG} names another. */
  public static final String FILE = "weft.yaml";

  /**
   * @param origin for people, e.g. {@code environment WEFT_PORT} or {@code weft.yaml:3}
   */
  public record Value(SettingKey key, String text, String origin) {
    /** Never a secret. */
    @Override
    public String toString() {
      return key.key() + "=" + (key.secret() && !text.isEmpty() ? "********" : text);
    }
  }

  private final Map<SettingKey, Value> values = new EnumMap<>(SettingKey.class);

  private SettingSources() {}

  /**
   * @param flags values given on the command line
   * @param environment of the process
   * @param directory where relative names start: the working directory
   */
  public static SettingSources read(
      Map<SettingKey, String> flags, Map<String, String> environment, Path directory)
      throws StartFailure {
    SettingSources sources = new SettingSources();
    for (SettingKey key : SettingKey.values()) {
      sources.put(key, key.defaultValue(), "default");
    }
    sources.readFile(environment, directory);
    sources.readEnvironment(environment, directory);
    flags.forEach((key, text) -> sources.put(key, text, "flag --" + key.key()));
    return sources;
  }

  private void put(SettingKey key, String text, String origin) {
    values.put(key, new Value(key, text, origin));
  }

  public Value value(SettingKey key) {
    Value value = values.get(key);
    if (value == null) {
      throw new IllegalStateException("no value of " + key);
    }
    return value;
  }

  private void readEnvironment(Map<String, String> environment, Path directory)
      throws StartFailure {
    for (SettingKey key : SettingKey.values()) {
      String text = environment.get(key.variable());
      String file = key.secret() ? environment.get(key.variable() + "_FILE") : null;
      if (file != null) {
        String origin = "environment " + key.variable() + "_FILE";
        put(key, secret(directory.resolve(file), origin), origin);
      }
      if (text != null) {
        put(key, text, "environment " + key.variable());
      }
    }
  }

  private void readFile(Map<String, String> environment, Path directory) throws StartFailure {
    @Nullable String named = environment.get("WEFT_CONFIG");
    Path file = directory.resolve(named == null ? FILE : named);
    if (named == null && !Files.exists(file)) {
      return;
    }
    String source = named == null ? FILE : named;
    try {
      LocatedDocument document = LocatedDocument.parse(Files.readString(file), source);
      for (Map.Entry<String, JsonNode> entry : document.root().properties()) {
        readEntry(document, entry.getKey(), entry.getValue(), directory);
      }
    } catch (IOException e) {
      throw new StartFailure(ExitCode.USAGE, source + " cannot be read.", e);
    } catch (InvalidLandscape e) {
      throw new StartFailure(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
    }
  }

  private void readEntry(LocatedDocument document, String word, JsonNode node, Path directory)
      throws StartFailure {
    boolean file = word.endsWith("-file");
    SettingKey key =
        SettingKey.of(file ? word.substring(0, word.length() - "-file".length()) : word)
            .filter(each -> !file || each.secret())
            .orElse(null);
    InvalidLandscape.Problem place = document.atKey(word, "");
    String origin = place.source() + ":" + place.line();
    if (key == null) {
      throw new StartFailure(
          ExitCode.USAGE,
          document.atKey(
                  word,
                  "unknown setting '" + word + "'" + NearestWord.hint(SettingKey.words(), word))
              + ".");
    }
    if (!node.isValueNode()) {
      throw new StartFailure(
          ExitCode.USAGE, document.atValue(word, "must be a single value") + ".");
    }
    String text = node.isBoolean() ? (node.asBoolean() ? "on" : "off") : node.asString("");
    put(key, file ? secret(directory.resolve(text), origin) : text, origin);
  }

  private static String secret(Path file, String origin) throws StartFailure {
    try {
      return Files.readString(file).stripTrailing();
    } catch (IOException e) {
      throw new StartFailure(ExitCode.USAGE, origin + ": the file " + file + " cannot be read.", e);
    }
  }
}
