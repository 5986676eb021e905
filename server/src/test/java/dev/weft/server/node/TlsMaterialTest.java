// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** D10: an own CA made at the first start; keys are readable by their owner only. */
class TlsMaterialTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final List<String> HOSTS =
      List.of("localhost", "127.0.0.1", "::1", "mesh.example");

  @TempDir Path directory;

  @Test
  void theChainIsSignedByTheCaForTheHosts() throws Exception {
    TlsMaterial material = open(NOW, HOSTS);

    List<X509Certificate> chain = chain(material.chain());
    assertThat(chain).hasSize(2);
    chain.getFirst().verify(material.ca().getPublicKey());
    assertThat(chain.getLast()).isEqualTo(material.ca());
    assertThat(material.ca().getBasicConstraints()).isZero();
    assertThat(chain.getFirst().getBasicConstraints()).isEqualTo(-1);
    assertThat(chain.getFirst().getSubjectAlternativeNames())
        .extracting(name -> String.valueOf(name.get(1)))
        .containsExactly("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "mesh.example");
    assertThat(chain.getFirst().getSigAlgName()).isEqualTo("SHA256withECDSA");
  }

  @Test
  void everyFileIsForItsOwner() throws Exception {
    open(NOW, HOSTS);

    try (var files = Files.list(directory.resolve("tls"))) {
      assertThat(files)
          .hasSize(4)
          .allSatisfy(
              file ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aSecondStartChangesNothing() throws Exception {
    TlsMaterial first = open(NOW, HOSTS);
    byte[] chain = Files.readAllBytes(first.chain());

    TlsMaterial second = open(NOW.plus(Duration.ofDays(100)), HOSTS);

    assertThat(Files.readAllBytes(second.chain())).isEqualTo(chain);
    assertThat(second.ca()).isEqualTo(first.ca());
  }

  @Test
  void aNewHostOrTheEndOfLifeRenewsTheCertificateUnderTheSameCa() throws Exception {
    TlsMaterial first = open(NOW, List.of("localhost"));
    X509Certificate before = chain(first.chain()).getFirst();

    X509Certificate forHost =
        chain(open(NOW, List.of("localhost", "new.example")).chain()).getFirst();
    X509Certificate later =
        chain(open(NOW.plus(Duration.ofDays(800)), List.of("localhost")).chain()).getFirst();

    assertThat(forHost).isNotEqualTo(before);
    assertThat(later.getNotAfter()).isAfter(before.getNotAfter());
    later.verify(first.ca().getPublicKey());
  }

  private TlsMaterial open(Instant now, Collection<String> hosts) throws Exception {
    return TlsMaterial.open(
        directory.resolve("tls"), hosts, new SecureRandom(), InstantSource.fixed(now));
  }

  private static List<X509Certificate> chain(Path file) throws Exception {
    try (var in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .toList();
    }
  }
}
