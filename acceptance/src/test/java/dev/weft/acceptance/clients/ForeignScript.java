// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import dev.weft.acceptance.wire.TestGroup;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client in another language: a script that takes one command and prints one JSON object.
 *
 * @param command the interpreter and the script
 * @param environment where the server is and who asks
 */
record ForeignScript(List<String> command, Map<String, String> environment)
    implements ForeignClient {
  private static final long EXIT_WITHIN_SECONDS = 120;

  /** What a process left behind. */
  private record Exit(int code, String out, String err) {}

  /** Skips the test with a reason when the runtime is missing, or fails it when it is required. */
  static void requireRuntime(String name, String reason, String... probe) {
    try {
      if (run(List.of(probe), Map.of(), Path.of("")).code == 0) {
        return;
      }
    } catch (IOException missing) {
      // No such program: the reason below says so.
    }
    TestGroup.skip(name, reason);
  }

  /** Runs a preparation, such as an installation, in a folder. */
  static void prepare(Path folder, String... command) throws IOException {
    Exit exit = run(List.of(command), Map.of(), folder);
    if (exit.code != 0) {
      throw new IllegalStateException(String.join(" ", command) + ": " + exit.out + exit.err);
    }
  }

  @Override
  public List<Attempt> rejectOnce(String topic, String queue, String body) throws IOException {
    List<Attempt> attempts = new ArrayList<>();
    ask("story", topic, queue, body)
        .path("attempts")
        .forEach(
            attempt ->
                attempts.add(
                    new Attempt(
                        attempt.path("deliveryCount").asInt(),
                        attempt.path("body").asString(),
                        attempt.path("to").asString(),
                        attempt.path("subject").asString())));
    return attempts;
  }

  @Override
  public String publish(String topic, int bytes) throws IOException {
    return ask("publish", topic, Integer.toString(bytes)).path("outcome").asString();
  }

  @Override
  public String consume(String queue) throws IOException {
    return ask("consume", queue).path("outcome").asString();
  }

  /** The script's answer to one command. */
  JsonNode ask(String... arguments) throws IOException {
    List<String> line = new ArrayList<>(command);
    line.addAll(List.of(arguments));
    Exit exit = run(line, environment, Path.of(""));
    if (exit.code != 0) {
      throw new IllegalStateException(
          String.join(" ", arguments) + " exited with " + exit.code + ": " + exit.err);
    }
    return JsonMapper.shared().readTree(exit.out);
  }

  private static Exit run(List<String> command, Map<String, String> environment, Path folder)
      throws IOException {
    Path err = Files.createTempFile("weft-script-", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toAbsolutePath().toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(EXIT_WITHIN_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(command + " runs for more than " + EXIT_WITHIN_SECONDS + " s");
      }
      return new Exit(process.exitValue(), out, Files.readString(err));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      process.destroyForcibly();
      Files.delete(err);
    }
  }
}
