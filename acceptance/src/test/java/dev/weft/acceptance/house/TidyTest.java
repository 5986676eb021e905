// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every file of the repository, read once. Limits only go down. */
class TidyTest {
  private static final Set<String> NOT_OURS =
      Set.of("target", "node_modules", ".git", ".weft", ".idea", ".vscode", ".settings");
  // The rules and their samples name what they forbid.
  private static final String THIS_PACKAGE =
      "acceptance/src/test/java/dev/weft/acceptance/house/Tidy";

  /** A relative link of Markdown, without its anchor. */
  private static final Pattern LINK = Pattern.compile("]\\((?![a-z]+:|#)([^)#\\s]+)(?:#[^)]*)?\\)");

  @Test
  void everyFileIsTidy() throws IOException {
    Path root = repository();
    List<String> findings = new ArrayList<>();
    int files = 0;
    for (Path file : filesBelow(root)) {
      String path = root.relativize(file).toString().replace('\\', '/');
      if (!path.startsWith(THIS_PACKAGE)) {
        findings.addAll(Tidy.findings(path, text(file)));
        files++;
      }
    }
    assertThat(files).isGreaterThan(30);
    assertThat(findings).isEmpty();
  }

  @Test
  void everyLinkOfAPageLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : filesBelow(repository())) {
      if (page.toString().endsWith(".md")) {
        Matcher link = LINK.matcher(text(page));
        while (link.find()) {
          if (!Files.exists(page.resolveSibling(link.group(1)))) {
            broken.add(repository().relativize(page) + ": " + link.group(1));
          }
        }
      }
    }
    assertThat(broken).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "unbounded queue | queue/src/main/java/A.java | new LinkedBlockingQueue<Runnable>()",
        "unbounded queue | queue/src/main/java/A.java | new ConcurrentLinkedQueue<>()",
        "unbounded queue | queue/src/main/java/A.java | new LinkedTransferQueue<>()",
        "stray print | queue/src/main/java/A.java | System.out.println(1)",
        "sleep | queue/src/test/java/A.java | Thread.sleep(1)",
        "wall clock | queue/src/main/java/A.java | System.currentTimeMillis()",
        "wall clock | queue/src/main/java/A.java | Instant.now()",
        "sun.misc.Unsafe | queue/src/main/java/A.java | import sun.misc.Unsafe",
        "Lombok | queue/src/main/java/A.java | import lombok.Data",
        "to-do without an issue | docs/a.md | TODO later",
        "to-do without an issue | queue/src/main/java/A.java | // FIXME",
        "machine path | docs/a.md | see /home/jane/weft",
      })
  void theRuleCatchesASampleThatBreaksIt(String says, String path, String line) {
    String header = "// SPDX-License-Identifier: Apache-2.0\n";

    assertThat(Tidy.findings(path, header + line)).containsExactly(path + ":2: " + says);
    assertThat(Tidy.findings(path, header + line + " // tidy: a sample")).isEmpty();
  }

  @Test
  void printsBelongToTheCommandLine() {
    String path = "server/src/main/java/dev/weft/server/cli/A.java";

    assertThat(Tidy.findings(path, "// SPDX-License-Identifier: Apache-2.0\nSystem.out")).isEmpty();
  }

  @Test
  void aSourceWithoutHeaderIsFound() {
    assertThat(Tidy.findings("queue/pom.xml", "<project/>"))
        .containsExactly("queue/pom.xml:1: no SPDX header");
    assertThat(Tidy.findings("weft", "#!/bin/sh\n")).containsExactly("weft:1: no SPDX header");
    assertThat(Tidy.findings("README.md", "Weft")).isEmpty();
  }

  @Test
  void longFilesAndLongMethodsAreFound() {
    String path = "queue/src/main/java/A.java";
    String header = "// SPDX-License-Identifier: Apache-2.0\n";
    String longMethod = "class A {\n  void a() {\n" + "    a();\n".repeat(70) + "  }\n}\n";
    String longFile = "class A {\n" + "\n".repeat(500) + "}\n";

    assertThat(Tidy.findings(path, header + longMethod))
        .containsExactly(path + ":3: method of 72 lines");
    assertThat(Tidy.findings(path, header + longMethod.replace("  void", "  // tidy: why\n  void")))
        .isEmpty();
    assertThat(Tidy.findings(path, header + longFile))
        .containsExactly(path + ":1: 503 lines, and the header says no reason");
    assertThat(Tidy.findings(path, header + "// tidy: one table\n" + longFile)).isEmpty();
  }

  /** Maven starts a module's tests in the module's folder. */
  static Path repository() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
      Path parent = folder.getParent();
      if (parent == null) {
        throw new IllegalStateException(
            "not inside the repository: " + Path.of("").toAbsolutePath());
      }
      folder = parent;
    }
    return folder;
  }

  private static List<Path> filesBelow(Path root) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return NOT_OURS.contains(folder.getFileName().toString())
                ? FileVisitResult.SKIP_SUBTREE
                : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!NOT_OURS.contains(file.getFileName().toString())) {
              files.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return files;
  }

  /** The text of the file, nothing when it is no text. */
  private static String text(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (MalformedInputException binary) {
      return "";
    }
  }
}
