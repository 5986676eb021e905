// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftProcess;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The commands that look into a store, copy it and save it, by what they say and end with.
 */
class StoreToolsTest {
  private static final int USAGE = 2;
  private static final int DAMAGED = 6;
  private static final int UNREADABLE = 7;
  private static final int EXPOSED = 9;

  @TempDir static Path pristine;
  @TempDir Path folder;

  /** A server lived here, with keys, a queue and three messages, and was stopped in order. */
  @BeforeAll
  static void aStoreThatWasUsed() {
    try (WeftServer server =
        WeftServer.start(
            pristine, SharedWeft.LANDSCAPE, "--port", "0", "--tls", "off", "--segment-mib", "1")) {
      Mesh mesh = server.mesh("shop", "default");
      String queue = mesh.declare(mesh.named("orders"), "{}");
      for (String body : List.of("one", "two", "three")) {
        mesh.publishToQueue(queue, body);
      }
    }
  }

  @BeforeEach
  void aCopyOfIt() throws IOException {
    Files.walkFileTree(
        pristine,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(
                copyOf(found),
                PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(found)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path found, BasicFileAttributes attributes)
              throws IOException {
            Files.copy(found, copyOf(found), java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private Path copyOf(Path found) {
    return folder.resolve("store").resolve(pristine.relativize(found));
  }

  private Path data() {
    return folder.resolve("store/data");
  }

  private Path segment() {
    return data().resolve("journal/segment-0000000000000001.log");
  }

  private void damage() throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(segment().toFile(), "rw")) {
      file.seek(4096 + 45); // In the payload of the first record, which defines a queue.
      file.write('#');
    }
  }

  private WeftProcess.Exit weft(String... arguments) throws IOException {
    return WeftProcess.run(folder, List.of(arguments));
  }

  private WeftProcess.Exit verify() throws IOException {
    Map<String, Long> before = times();
    WeftProcess.Exit exit = weft("verify-store", data().toString(), "-o", "json");
    assertThat(times()).isEqualTo(before);
    return exit;
  }

  /** Nothing was written, made or deleted. */
  private Map<String, Long> times() throws IOException {
    Map<String, Long> times = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder.resolve("store"))) {
      for (Path file : files.toList()) {
        times.put(file.toString(), Files.getLastModifiedTime(file).toMillis());
      }
    }
    return times;
  }

  @Test
  void verifyTellsASoundStoreWithItsQueuesAndItsCatalogue() throws IOException {
    WeftProcess.Exit exit = verify();

    assertThat(exit.code()).as(exit.err()).isZero();
    JsonNode report = JsonMapper.shared().readTree(exit.out());
    assertThat(report.path("sound").asBoolean(false)).isTrue();
    assertThat(report.path("catalogue").path("queues").asInt()).isPositive();
    List<String> queues = new ArrayList<>();
    report
        .path("journal")
        .path("queues")
        .forEach(
            queue -> queues.add(queue.path("name").asString("") + " " + queue.path("messages")));
    assertThat(queues).anyMatch(queue -> queue.endsWith("/orders 3"));
  }

  @Test
  void verifyTellsDamageWithItsPlace() throws IOException {
    damage();

    WeftProcess.Exit exit = verify();

    assertThat(exit.code()).isEqualTo(DAMAGED);
    assertThat(exit.err()).contains("segment-0000000000000001.log from 4096").contains("records 1");
  }

  @Test
  void verifyTellsMissingPartsApart() throws IOException {
    Files.delete(folder.resolve("store/data.seal-key"));
    WeftProcess.Exit exit = verify();
    assertThat(exit.code()).as(exit.out()).isEqualTo(UNREADABLE);
    assertThat(exit.err()).contains("seal-key is missing");

    Files.delete(data().resolve("catalogue/catalogue.mv.db"));
    exit = verify();
    assertThat(exit.code()).isEqualTo(DAMAGED);
    assertThat(exit.err()).contains("no catalogue");
  }

  //
  @Test
  void verifyTellsWhatOthersMayRead() throws IOException {
    Files.setPosixFilePermissions(
        folder.resolve("store/data.operator"), PosixFilePermissions.fromString("rw-r--r--"));

    WeftProcess.Exit exit = verify();

    assertThat(exit.code()).as(exit.err()).isEqualTo(EXPOSED);
    assertThat(exit.err()).contains("data.operator");
  }

  @Test
  void backupIsRestoredToAnEmptyDirectoryOnly() throws IOException {
    Path backup = folder.resolve("backup");
    Path restored = folder.resolve("restored/data");
    WeftProcess.Exit made = weft("backup", backup.toString(), "--data", data().toString());
    assertThat(made.code()).as(made.err()).isZero();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
        .isEqualTo("rwx------");

    WeftProcess.Exit again = weft("backup", backup.toString(), "--data", data().toString());
    assertThat(again.code()).isEqualTo(1);
    assertThat(again.err()).contains("not empty");

    WeftProcess.Exit done = weft("restore", backup.toString(), restored.toString());
    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.out()).contains("/orders").contains("Restored to");
    assertThat(folder.resolve("restored/data.seal-key"))
        .hasSameBinaryContentAs(folder.resolve("store/data.seal-key"));

    WeftProcess.Exit refused = weft("restore", backup.toString(), restored.toString());
    assertThat(refused.code()).isEqualTo(USAGE);
    assertThat(refused.err()).contains("empty directory").hasLineCount(1);
  }

  @Test
  void unfinishedOrChangedBackupIsNotRestored() throws IOException {
    Path backup = folder.resolve("backup");
    Path restored = folder.resolve("restored/data");
    weft("backup", backup.toString(), "--data", data().toString());
    Files.writeString(backup.resolve("data.seal-key"), "another key\n");

    WeftProcess.Exit changed = weft("restore", backup.toString(), restored.toString());
    assertThat(changed.code()).isEqualTo(USAGE);
    assertThat(changed.err()).contains("seal-key is not as it was");

    Files.delete(backup.resolve("backup.json"));
    WeftProcess.Exit unfinished = weft("restore", backup.toString(), restored.toString());
    assertThat(unfinished.code()).isEqualTo(USAGE);
    assertThat(unfinished.err()).contains("no finished backup");
    assertThat(restored).doesNotExist();
  }

  //
  @Test
  void salvageSavesWhatIsWholeAndTellsWhatIsLost() throws IOException {
    damage();
    Map<String, Long> before = times();
    Path saved = folder.resolve("saved/data");

    WeftProcess.Exit exit = weft("salvage", data().toString(), saved.toString());

    assertThat(exit.code()).as(exit.err()).isZero();
    assertThat(times()).isEqualTo(before);
    assertThat(exit.out()).contains("lost 1,").contains("loss-report.json");
    JsonNode report =
        JsonMapper.shared()
            .readTree(Files.readString(folder.resolve("saved/data.loss-report.json")));
    assertThat(report.path("lostRecords").asInt()).isEqualTo(1);
    assertThat(report.path("damages").size()).isEqualTo(1);
  }
}
