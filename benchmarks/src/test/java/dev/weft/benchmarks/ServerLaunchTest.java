// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerLaunchTest {
  @TempDir private Path home;

  @Test
  void theServersJvmGetsTheLaunchersOptionsWithoutItsProperties() {
    assertThat(ServerLaunch.inherited(List.of("-Xms24m", "-Dweft.home=x", "-XX:+UseSerialGC")))
        .containsExactly("-Xms24m", "-XX:+UseSerialGC");
  }

  @Test
  void theBuiltJarIsStartedWithItsCache() throws IOException {
    Path target = Files.createDirectories(home.resolve("server/target"));
    Path jar = Files.createFile(target.resolve("weft-server.jar"));
    Path cache = Files.createFile(target.resolve("weft.aot"));

    assertThat(ServerLaunch.arguments(home))
        .contains("-XX:AOTCache=" + cache)
        .endsWith("-jar", jar.toString())
        .filteredOn(argument -> argument.startsWith("-Xmx"))
        .hasSize(1);
  }

  @Test
  void aServerThatIsNotBuiltIsNamed() {
    assertThatThrownBy(() -> ServerLaunch.arguments(home))
        .isInstanceOf(BenchFailure.class)
        .hasMessageContaining("weft-server.jar");
  }
}
