// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftProcess;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start that can't succeed: one sentence, an exit code of its own, nothing touched. */
class StartRefusalsTest {
  private static final int LANDSCAPE_INVALID = 2;
  private static final int PORT_IN_USE = 4;
  private static final int DATA_IN_USE = 5;
  private static final int STORE_CORRUPT = 6;
  private static final int STORE_UNREADABLE = 7;

  @TempDir Path folder;

  @BeforeEach
  void writeTheLandscape() throws IOException {
    Files.writeString(folder.resolve("landscape.yaml"), SharedWeft.LANDSCAPE);
  }

  private WeftProcess.Exit up(String... options) throws IOException {
    return WeftProcess.run(folder, WeftProcess.up(folder, options));
  }

  /** One line for a person, none for a program. */
  private static void assertOneSentence(WeftProcess.Exit exit) {
    assertThat(exit.out()).isEmpty();
    assertThat(exit.err().strip().lines()).as(exit.err()).hasSize(1);
  }

  @Test
  void aTypoInTheLandscapeIsNamedWithItsPlaceAndTheNearestWord() throws IOException {
    Files.writeString(
        folder.resolve("landscape.yaml"), SharedWeft.LANDSCAPE.replace(" queues:", " quues:"));

    WeftProcess.Exit exit = up("--port", "0", "--tls", "off");

    assertThat(exit.code()).isEqualTo(LANDSCAPE_INVALID);
    assertOneSentence(exit);
    int line =
        (int) SharedWeft.LANDSCAPE.lines().takeWhile(l -> !l.contains("queues:")).count() + 1;
    int column = "    queues:".indexOf("queues") + 1;
    assertThat(exit.err())
        .contains("landscape.yaml:" + line + ":" + column)
        .contains("quues")
        .contains("queues");
    assertThat(folder.resolve("data")).doesNotExist();
    assertThat(folder.resolve("keys")).doesNotExist();
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      WeftProcess.Exit exit = up("--tls", "off", "--port", Integer.toString(other.getLocalPort()));

      assertThat(exit.code()).isEqualTo(PORT_IN_USE);
      assertOneSentence(exit);
      assertThat(exit.err()).contains(Integer.toString(other.getLocalPort()));
    }
  }

  @Test
  void aDataDirectoryInUseIsLeftAlone() throws IOException {
    try (WeftServer server = WeftServer.startAgain(folder, "--port", "0", "--tls", "off")) {
      Map<String, String> before = Fingerprint.of(folder.resolve("keys"));

      WeftProcess.Exit exit = up("--port", "0", "--tls", "off");

      assertThat(exit.code()).isEqualTo(DATA_IN_USE);
      assertOneSentence(exit);
      assertThat(exit.err()).contains(folder.resolve("data").toString());
      assertThat(Fingerprint.of(folder.resolve("keys"))).isEqualTo(before);
      Mesh mesh = server.mesh("shop", "default");
      assertThat(mesh.putQueue(mesh.named("still-there"), "{}").statusCode()).isEqualTo(201);
    }
  }

  @Test
  void aCorruptStoreIsLeftAlone() throws IOException {
    // a damaged record that is followed by good ones is no torn tail.
    String marker = "the first of many messages";
    try (WeftServer server = WeftServer.startAgain(folder, "--port", "0", "--tls", "off")) {
      Mesh mesh = server.mesh("shop", "default");
      String queue = mesh.declare(mesh.named("orders"), "{}");
      mesh.publishToQueue(queue, marker);
      for (int i = 0; i < 20; i++) {
        assertThat(mesh.publishToQueue(queue, "message " + i).statusCode()).isEqualTo(204);
      }
    }
    damage(marker);
    Map<String, String> before = Fingerprint.of(folder.resolve("data"));

    WeftProcess.Exit exit = up("--port", "0", "--tls", "off");

    assertThat(exit.code()).isEqualTo(STORE_CORRUPT);
    assertOneSentence(exit);
    assertThat(Fingerprint.of(folder.resolve("data"))).isEqualTo(before);
  }

  /** Flips one bit in the only file that holds the text. */
  private void damage(String marker) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("data"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] bytes = Files.readAllBytes(file);
        int at = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(marker);
        if (at >= 0) {
          bytes[at] ^= 1;
          Files.write(file, bytes);
          return;
        }
      }
    }
    throw new IllegalStateException("no file holds the message");
  }

  @Test
  void anUnreadableStoreIsLeftAlone() throws IOException {
    // A file where the folder should be: unreadable for every user, root included.
    Files.writeString(folder.resolve("data"), "not a folder");

    WeftProcess.Exit exit = up("--port", "0", "--tls", "off");

    assertThat(exit.code()).isEqualTo(STORE_UNREADABLE);
    assertOneSentence(exit);
    assertThat(folder.resolve("data")).hasContent("not a folder");
  }
}
