// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher of DESIGN 5 in a clone of its own: JDKs and Maven are scripts that say what they
 * were asked to do.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a POSIX shell script")
class LauncherTest {
  private static final Path LAUNCHER = Path.of("..", "weft");

  @TempDir Path directory;
  private Path clone;

  @BeforeEach
  void cloneWithoutTheJdksOfThisMachine() throws IOException {
    clone = Files.createDirectories(directory.resolve("a clone"));
    String script = Files.readString(LAUNCHER);
    for (String folder : List.of("/usr/lib/jvm/*", "/usr/java/*", "/opt/java/*", "/opt/*jdk*")) {
      assertThat(script).contains(folder);
      script = script.replace(folder, "/nowhere/*");
    }
    executable(clone.resolve("weft"), script);
    Files.createDirectories(clone.resolve("server/src/main"));
    Files.writeString(clone.resolve("pom.xml"), "<project/>");
    Files.writeString(clone.resolve("server/pom.xml"), "<project/>");
    Files.writeString(clone.resolve("server/src/main/Some.java"), "class Some {}");
    maven("mkdir -p server/target; touch server/target/weft-server.jar");
  }

  @Test
  void withoutAJdk25OneSentenceAndExit3() throws Exception {
    jdk("old", "21.0.4");

    Result result = weft(Map.of("JAVA_HOME", home("old")), "up");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .startsWith("weft: there is no JDK 25 or newer here: install one");
    assertThat(result.out()).isEmpty();
  }

  @Test
  void theNamedJdkGoesBeforeTheOthers() throws Exception {
    jdk("named", "25.0.3");
    jdk("default", "26");

    Result result =
        weft(
            Map.of("WEFT_JAVA_HOME", home("named"), "JAVA_HOME", home("default")),
            "queues",
            "-o",
            "json");

    assertThat(result.code()).isZero();
    assertThat(result.out()).contains("named runs").contains("weft-server.jar queues -o json");
  }

  @Test
  void anOldDefaultIsPassedOver() throws Exception {
    jdk("named", "17");
    jdk("default", "25");

    Result result =
        weft(Map.of("WEFT_JAVA_HOME", home("named"), "JAVA_HOME", home("default")), "config");

    assertThat(result.out()).contains("default runs");
  }

  @Test
  void buildsQuietlyAndOnlyWhatIsOlderThanItsSources() throws Exception {
    jdk("jdk", "25");
    Map<String, String> environment = Map.of("JAVA_HOME", home("jdk"));

    assertThat(weft(environment, "config").out()).doesNotContain("maven");
    assertThat(mavenCalls())
        .containsExactly("jdk: -B -q -Dquick -Dmaven.test.skip=true -pl server -am package");
    weft(environment, "config");
    assertThat(mavenCalls()).hasSize(1);

    Files.setLastModifiedTime(
        clone.resolve("server/src/main/Some.java"),
        FileTime.from(Instant.now().plus(Duration.ofMinutes(1))));
    weft(environment, "config");
    assertThat(mavenCalls()).hasSize(2);
  }

  @Test
  void aFailedBuildSaysWhyAndIsTriedAgain() throws Exception {
    jdk("jdk", "25");
    maven("echo '[ERROR] Some.java:[1,2] is wrong'; exit 1");

    Result result = weft(Map.of("JAVA_HOME", home("jdk")), "config");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err()).contains("Some.java:[1,2] is wrong").contains("the build failed");
    assertThat(result.out()).isEmpty();
    weft(Map.of("JAVA_HOME", home("jdk")), "config");
    assertThat(mavenCalls()).hasSize(2);
  }

  @Test
  void testNamesSkippedGroupsAndARequiredOneFails() throws Exception {
    jdk("jdk", "25");
    maven(
        """
        sleep 0.1 # file times are exact to some milliseconds
        mkdir -p acceptance/target/surefire-reports
        printf '<testcase><skipped message="python: no qpid-proton"/></testcase>\\n%.0s' 1 2 \
          > acceptance/target/surefire-reports/TEST-x.xml
        """);
    Map<String, String> environment = Map.of("JAVA_HOME", home("jdk"));

    Result free = weft(environment, "test", "-pl", "acceptance");
    Result required = weft(environment, "test", "--require", "node,python");

    assertThat(free.code()).isZero();
    assertThat(free.out()).contains("skipped: python: no qpid-proton (tests: 2)");
    assertThat(required.code()).isEqualTo(1);
    assertThat(required.err()).contains("the required group python was skipped");
    assertThat(mavenCalls())
        .containsExactly(
            "jdk: -B verify -pl acceptance", "jdk: -B verify -Dweft.require=node,python");
  }

  @Test
  void nightlyTakesTheLongShareOfEveryCampaign() throws Exception {
    jdk("jdk", "25");
    Map<String, String> environment = Map.of("JAVA_HOME", home("jdk"));

    weft(environment, "test", "--nightly");
    weft(environment, "test", "--require", "power", "--nightly", "-pl", "journal");

    assertThat(mavenCalls())
        .containsExactly(
            "jdk: -B verify -Pnightly",
            "jdk: -B verify -Pnightly -Dweft.require=power -pl journal");
  }

  @Test
  void failedTestsGiveTheirExitCode() throws Exception {
    jdk("jdk", "25");
    maven("exit 7");

    assertThat(weft(Map.of("JAVA_HOME", home("jdk")), "test").code()).isEqualTo(7);
  }

  @Test
  void usesTheCacheOfARecordedStart() throws Exception {
    jdk("jdk", "25");
    weft(Map.of("JAVA_HOME", home("jdk")), "config");
    Files.writeString(clone.resolve("server/target/weft.aot"), "");

    assertThat(weft(Map.of("JAVA_HOME", home("jdk")), "up").out())
        .contains("-XX:AOTCache=" + clone.resolve("server/target/weft.aot"));
  }

  @Test
  void staysBelowOneHundredLines() throws IOException {
    assertThat(Files.readAllLines(LAUNCHER)).hasSizeLessThan(100);
  }

  private record Result(int code, String out, String err) {}

  private Result weft(Map<String, String> environment, String... arguments) throws Exception {
    ProcessBuilder builder = new ProcessBuilder("sh", clone.resolve("weft").toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().clear();
    builder
        .environment()
        .putAll(
            Map.of(
                "PATH",
                directory.resolve("bin") + ":/usr/bin:/bin",
                "HOME",
                directory.toString(),
                "WEFT_AOT",
                "off"));
    builder.environment().putAll(environment);
    Path out = directory.resolve("out");
    Path err = directory.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private List<String> mavenCalls() throws IOException {
    return Files.readAllLines(directory.resolve("maven-calls"));
  }

  private String home(String name) {
    return directory.resolve("jdks").resolve(name).toString();
  }

  private void jdk(String name, String version) throws IOException {
    Path jdk = Path.of(home(name));
    executable(jdk.resolve("bin/javac"), "#!/bin/sh\n");
    executable(jdk.resolve("bin/java"), "#!/bin/sh\necho " + name + " runs \"$@\"\n");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
  }

  /** A Maven that notes its arguments with the JDK's name, speaks, and then does something. */
  private void maven(String action) throws IOException {
    executable(
        directory.resolve("bin/mvn"),
        "#!/bin/sh\necho \"$(basename \"$JAVA_HOME\"): $*\" >> '"
            + directory.resolve("maven-calls")
            + "'\necho maven speaks\n"
            + action
            + "\n");
    // On the path as well: a javac of the system must not be found before ours.
    executable(directory.resolve("bin/javac"), "#!/bin/sh\n");
  }

  private static void executable(Path file, String content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, content, StandardCharsets.UTF_8);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
