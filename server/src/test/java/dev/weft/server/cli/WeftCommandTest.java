// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.server.node.Preparation;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the commands say and which code they end with when there is nothing to talk to. */
class WeftCommandTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesEveryVerb() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString())
        .contains(
            "demo",
            "up",
            "apply",
            "plan",
            "diff",
            "export",
            "key",
            "publish",
            "consume",
            "browse",
            "queues",
            "webhooks",
            "verify-store",
            "backup",
            "restore",
            "salvage",
            "config",
            "Exit codes")
        .doesNotContain("record-start");
  }

  @Test
  void anUnknownVerbOrFlagIsWrongUsage() {
    assertThat(run("qeues")).isEqualTo(2);
    assertThat(err.toString()).contains("Did you mean").contains("queues");
    assertThat(run("config", "--prot", "1")).isEqualTo(2);
    assertThat(err.toString()).contains("--prot");
  }

  @Test
  void configShowsWhereAValueComesFrom() {
    assertThat(run("config", "--origin", "--port", "4711")).isZero();
    assertThat(out.toString())
        .containsPattern("port +4711 +flag --port")
        .containsPattern("tls +on +default");
    assertThat(run("config", "-o", "json", "--tls", "perhaps")).isEqualTo(2);
    assertThat(err.toString()).contains("tls 'perhaps' (flag --tls) must be on or off.");
  }

  @Test
  void commandsWithoutAServerSaySo() {
    assertThat(run("queues", "--data", directory.resolve("none").toString())).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("weft: No server was started on this data directory:")
        .hasLineCount(1);
  }

  @Test
  void aLandscapeWithATypoIsRefusedBeforeAServerIsAsked() throws Exception {
    Path file = Files.writeString(directory.resolve("l.yaml"), "weft: 1\ninstanses: []\n");

    assertThat(run("plan", file.toString())).isEqualTo(2);
    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "weft: "
                + file
                + ":2:1: instanses: unknown key 'instanses', did you mean 'instances'?");
  }

  @Test
  void verifyStoreTellsADirectoryThatIsNoStore() {
    assertThat(run("verify-store", directory.resolve("none").toString())).isEqualTo(7);
    assertThat(err.toString()).startsWith("weft: There is no directory").hasLineCount(1);
  }

  private int run(String... arguments) {
    CommandLine line = WeftCommand.commandLine(Preparation::begin, arguments);
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(err, true));
    return line.execute(arguments);
  }
}
