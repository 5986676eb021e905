// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * DESIGN 5: flags, then environment, then weft.yaml, then defaults; each value knows its origin.
 */
class SettingSourcesTest {
  @TempDir Path directory;

  @Test
  void theStrongerSourceWinsAndIsNamed() throws Exception {
    file("port: 1000\nbind: 0.0.0.0\ntoken-lifetime: 10m\n");
    SettingSources sources =
        SettingSources.read(
            Map.of(SettingKey.PORT, "3000"),
            Map.of("WEFT_PORT", "2000", "WEFT_BIND", "127.0.0.1"),
            directory);

    assertThat(sources.value(SettingKey.PORT))
        .isEqualTo(new SettingSources.Value(SettingKey.PORT, "3000", "flag --port"));
    assertThat(sources.value(SettingKey.BIND).origin()).isEqualTo("environment WEFT_BIND");
    assertThat(sources.value(SettingKey.TOKEN_LIFETIME).origin()).isEqualTo("weft.yaml:3");
    assertThat(sources.value(SettingKey.DATA).origin()).isEqualTo("default");
    Settings settings = Settings.of(sources, directory);
    assertThat(settings.port()).isEqualTo(3000);
    assertThat(settings.tokenLifetime()).isEqualTo(Duration.ofMinutes(10));
    assertThat(settings.data()).isEqualTo(directory.resolve(".weft/data"));
  }

  @Test
  void secretsComeFromFilesAndAreNeverShown() throws Exception {
    Files.writeString(directory.resolve("token"), "a-secret\n");
    SettingSources fromEnvironment =
        SettingSources.read(Map.of(), Map.of("WEFT_OPERATOR_TOKEN_FILE", "token"), directory);
    file("operator-token-file: token\n");
    SettingSources fromFile = SettingSources.read(Map.of(), Map.of(), directory);

    assertThat(Settings.of(fromEnvironment, directory).operatorToken()).isEqualTo("a-secret");
    assertThat(Settings.of(fromFile, directory).operatorToken()).isEqualTo("a-secret");
    assertThat(Settings.of(fromFile, directory).toString()).doesNotContain("a-secret");
    assertThat(fromFile.value(SettingKey.OPERATOR_TOKEN).toString()).doesNotContain("a-secret");
  }

  @Test
  void aTypoInTheFileNamesPlaceAndNearestWord() throws Exception {
    file("port: 1000\npublic-ulr: https://x\n");

    assertThat(failure(Map.of()))
        .hasMessage(
            "weft.yaml:2:1: public-ulr: unknown setting 'public-ulr', did you mean 'public-url'?.");
  }

  @Test
  void wrongValuesNameSettingOriginAndRule() {
    assertThat(failure(Map.of("WEFT_PORT", "70000")))
        .hasMessage("port '70000' (environment WEFT_PORT) must be a number from 0 to 65535.");
    assertThat(failure(Map.of("WEFT_TLS", "maybe"))).hasMessageContaining("must be on or off");
    assertThat(failure(Map.of("WEFT_TOKEN_LIFETIME", "12"))).hasMessageContaining("500ms, 30s");
    assertThat(failure(Map.of("WEFT_TOKEN_LIFETIME", "25d"))).hasMessageContaining("2073600000 ms");
    assertThat(failure(Map.of("WEFT_PUBLIC_URL", "https://x/path")))
        .hasMessageContaining("must be http(s)://host");
    assertThat(failure(Map.of("WEFT_PUBLIC_URL", "x")))
        .extracting("code")
        .isEqualTo(ExitCode.USAGE);
  }

  @Test
  void thePublicAddressFollowsThePortUnlessItIsGiven() throws Exception {
    assertThat(settings(Map.of()).publicUrl(4711)).isEqualTo("https://localhost:4711");
    assertThat(settings(Map.of("WEFT_TLS", "off")).publicUrl(80)).isEqualTo("http://localhost:80");
    assertThat(settings(Map.of("WEFT_PUBLIC_URL", "https://mesh.example/")).publicUrl(4711))
        .isEqualTo("https://mesh.example");
  }

  private Settings settings(Map<String, String> environment) throws StartFailure {
    return Settings.of(SettingSources.read(Map.of(), environment, directory), directory);
  }

  private StartFailure failure(Map<String, String> environment) {
    return catchThrowableOfType(StartFailure.class, () -> settings(environment));
  }

  private void file(String content) throws IOException {
    Files.writeString(directory.resolve("weft.yaml"), content);
  }
}
