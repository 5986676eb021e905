// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** */
class SealerTest {
  private static final byte[] SECRET = "canary-secret-4711".getBytes(UTF_8);

  @TempDir Path directory;
  private final SecureRandom random = new SecureRandom();

  private Path keyFile() {
    return directory.resolve("keys").resolve("seal.key");
  }

  @Test
  void whatWasSealedOpensWithTheSameFile() {
    byte[] sealed = Sealer.open(keyFile(), random).seal(SECRET, "service-key:1");
    assertThat(Sealer.open(keyFile(), random).unseal(sealed, "service-key:1")).isEqualTo(SECRET);
    assertThat(new String(sealed, UTF_8)).doesNotContain("canary");
  }

  @Test
  void theSameSecretIsSealedDifferentlyEachTime() {
    Sealer sealer = Sealer.open(keyFile(), random);
    assertThat(sealer.seal(SECRET, "a")).isNotEqualTo(sealer.seal(SECRET, "a"));
  }

  @Test
  void theKeyFileIsItsOwnersAlone() throws IOException {
    Sealer.open(keyFile(), random);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keyFile())))
        .isEqualTo("rw-------");
    try (var files = Files.list(keyFile().getParent())) {
      assertThat(files).containsExactly(keyFile());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwxrwxrwx"})
  void aKeyFileThatOthersMayTouchIsRefused(String permissions) throws IOException {
    Sealer.open(keyFile(), random);
    Files.setPosixFilePermissions(keyFile(), PosixFilePermissions.fromString(permissions));
    assertThatThrownBy(() -> Sealer.open(keyFile(), random))
        .isInstanceOf(SealException.class)
        .hasMessageContaining("0600");
  }

  @Test
  void aSealBelongsToOneObject() {
    Sealer sealer = Sealer.open(keyFile(), random);
    byte[] sealed = sealer.seal(SECRET, "service-key:1");
    assertThatThrownBy(() -> sealer.unseal(sealed, "service-key:2"))
        .isInstanceOf(SealException.class);
  }

  @Test
  void everyChangedByteBreaksTheSeal() {
    Sealer sealer = Sealer.open(keyFile(), random);
    byte[] sealed = sealer.seal(SECRET, "a");
    for (int i = 0; i < sealed.length; i++) {
      byte[] changed = sealed.clone();
      changed[i] ^= 1;
      assertThatThrownBy(() -> sealer.unseal(changed, "a"))
          .as("byte %d", i)
          .isInstanceOf(SealException.class);
    }
    assertThatThrownBy(() -> sealer.unseal(new byte[5], "a")).isInstanceOf(SealException.class);
  }

  @Test
  void aNewKeyOnTopSealsAndTheOldOneStillOpens() throws IOException {
    byte[] before = Sealer.open(keyFile(), random).seal(SECRET, "a");
    var lines = new ArrayList<>(Files.readAllLines(keyFile()));
    var key = new byte[32];
    random.nextBytes(key);
    lines.addFirst("weft-seal-key " + Base64.getEncoder().encodeToString(key));
    Files.write(keyFile(), lines);
    Sealer both = Sealer.open(keyFile(), random);
    byte[] after = both.seal(SECRET, "a");
    assertThat(both.unseal(before, "a")).isEqualTo(SECRET);

    Files.write(keyFile(), lines.subList(0, 1));
    Sealer rotated = Sealer.open(keyFile(), random);
    assertThat(rotated.unseal(after, "a")).isEqualTo(SECRET);
    assertThatThrownBy(() -> rotated.unseal(before, "a"))
        .isInstanceOf(SealException.class)
        .hasMessageContaining("not in the key file");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nothing", "weft-seal-key !!", "weft-seal-key AAAA"})
  void aFileWithoutAGoodKeyIsRefused(String content) throws IOException {
    Sealer.open(keyFile(), random);
    Files.writeString(keyFile(), content);
    assertThatThrownBy(() -> Sealer.open(keyFile(), random)).isInstanceOf(SealException.class);
  }

  @Test
  void aSealerDoesNotShowItsKeys() throws IOException {
    Sealer sealer = Sealer.open(keyFile(), random);
    List<String> lines = Files.readAllLines(keyFile());
    assertThat(lines).hasSize(1);
    assertThat(sealer.toString()).doesNotContain(lines.getFirst().split(" ")[1]);
  }
}
