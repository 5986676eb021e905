// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One running server, started by {@code weft up} in a folder of its own. Starting again in the same
 * folder finds the same landscape and the same data.
 */
public final class WeftServer implements AutoCloseable {
  private static final long READY_WITHIN_SECONDS = 60;

  /** The promise of {@code weft up}: a clean stop within ten seconds of SIGTERM. */
  private static final long STOP_WITHIN_SECONDS = 10;

  private final Path folder;
  private final Path log;
  private final Process process;
  private final JsonNode ready;

  private WeftServer(Path folder, Path log, Process process, JsonNode ready) {
    this.folder = folder;
    this.log = log;
    this.process = process;
    this.ready = ready;
  }

  /** Writes the landscape into the folder and starts; returns when the server says it is ready. */
  public static WeftServer start(Path folder, String landscape, String... options) {
    writeLandscape(folder, landscape);
    return startAgain(folder, options);
  }

  /** Writes the landscape into the folder, where starts find it even after a power loss. */
  public static void writeLandscape(Path folder, String landscape) {
    Path file = folder.resolve("landscape.yaml");
    try {
      Files.writeString(
          file,
          landscape,
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.DSYNC);
      try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts with the landscape and the data that lie in the folder. */
  public static WeftServer startAgain(Path folder, String... options) {
    return startLogging(folder, folder.resolve("server.log"), options);
  }

  /** The same with the log in another place, for folders that come to harm. */
  public static WeftServer startLogging(Path folder, Path log, String... options) {
    Process process = WeftProcess.start(WeftProcess.up(folder, options), log);
    CompletableFuture<String> firstLine = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> drain(process, firstLine));
    try {
      String line = firstLine.get(READY_WITHIN_SECONDS, TimeUnit.SECONDS);
      JsonNode ready = JsonMapper.shared().readTree(line);
      if (!ready.path("ready").asBoolean(false)) {
        throw new IllegalStateException("not ready: " + line);
      }
      return new WeftServer(folder, log, process, ready);
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      process.destroyForcibly();
      throw new IllegalStateException("the server did not start: " + text(log), e);
    }
  }

  private static void drain(Process process, CompletableFuture<String> firstLine) {
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        firstLine.complete(line);
      }
    } catch (IOException e) {
      firstLine.completeExceptionally(e);
    }
    firstLine.completeExceptionally(new IOException("standard output ended"));
  }

  private static String text(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** What the server said when it was ready. */
  public JsonNode ready() {
    return ready;
  }

  public URI url() {
    return URI.create(ready.path("url").asString());
  }

  /** The plain TCP port of {@code --amqp-port}. */
  public int amqpPort() {
    return ready.path("amqpPort").asInt();
  }

  public Path folder() {
    return folder;
  }

  public Path caFile() {
    return folder.resolve("keys").resolve("ca.pem");
  }

  /** The service key as the server wrote it. */
  public ServiceKeyFile key(String instance, String key) {
    return ServiceKeyFile.read(folder.resolve("keys").resolve(instance + "." + key + ".json"));
  }

  public Mesh mesh(String instance, String key) {
    ServiceKeyFile file = key(instance, key);
    return Mesh.connect(
        file, url().getScheme().equals("https") ? Certificates.trust(caFile()) : null);
  }

  /** What the server wrote to standard error so far. */
  public String log() {
    return text(log);
  }

  /** For those who do harm to it. */
  public Process process() {
    return process;
  }

  /** Sends SIGTERM and waits for the end. */
  public int stop() {
    process.destroy();
    @Nullable Integer code = exitCodeWithin(STOP_WITHIN_SECONDS);
    if (code == null) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "no clean stop within " + STOP_WITHIN_SECONDS + " s: " + log());
    }
    return code;
  }

  /** Sends SIGSTOP: no thread of it runs until {@link #resume}. */
  public void suspend() {
    signal("STOP");
  }

  /** Sends SIGCONT. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("sh", "-c", "kill -" + name + " " + process.pid()).start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("SIG" + name + " is not possible");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends SIGKILL and waits for the end. */
  public void kill() {
    process.destroyForcibly();
    if (exitCodeWithin(STOP_WITHIN_SECONDS) == null) {
      throw new IllegalStateException("SIGKILL did not end the server");
    }
  }

  private @Nullable Integer exitCodeWithin(long seconds) {
    try {
      return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : null;
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
  }
}
