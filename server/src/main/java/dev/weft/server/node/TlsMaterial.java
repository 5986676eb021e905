// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import io.vertx.core.net.PemKeyCertOptions;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Key and certificate of the server, made at the first start and again when they would expire soon
 * or a host is missing in them.
 *
 * @param key PKCS #8 PEM file
 * @param chain PEM file: the server's certificate, then the CA's
 * @param caFile PEM file that clients trust
 * @param ca what it holds
 */
public record TlsMaterial(Path key, Path chain, Path caFile, X509Certificate ca) {
  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  /** Everything that lies in the directory. */
  static final class Folder {
    private final Path directory;

    Folder(Path directory) {
      this.directory = directory;
    }

    Path caKey() {
      return directory.resolve("ca.key.pem");
    }

    Path ca() {
      return directory.resolve("ca.pem");
    }

    Path key() {
      return directory.resolve("server.key.pem");
    }

    Path chain() {
      return directory.resolve("server.pem");
    }
  }

  /**
   * Reads the material, or makes what is missing.
   *
   * @param directory beside the data
   * @param hosts what clients may call the server
   */
  public static TlsMaterial open(
      Path directory, Collection<String> hosts, SecureRandom random, InstantSource clock)
      throws IOException, GeneralSecurityException {
    Folder folder = new Folder(directory);
    X509Certificate ca = readIfThere(folder.ca());
    X509Certificate current = readIfThere(folder.chain());
    if (ca == null || current == null || !serves(current, hosts, clock)) {
      CertificateAuthority authority =
          CertificateAuthority.open(folder.caKey(), folder.ca(), random, clock);
      CertificateAuthority.Issued issued = authority.issue(List.copyOf(hosts));
      PrivateFiles.write(folder.key(), issued.keyPem());
      PrivateFiles.write(folder.chain(), issued.chainPem());
      ca = authority.certificate();
    }
    return new TlsMaterial(folder.key(), folder.chain(), folder.ca(), ca);
  }

  /** The authority whose files lie in the directory, made when missing. */
  public static CertificateAuthority authority(
      Path directory, SecureRandom random, InstantSource clock)
      throws IOException, GeneralSecurityException {
    Folder folder = new Folder(directory);
    return CertificateAuthority.open(folder.caKey(), folder.ca(), random, clock);
  }

  /** For listeners. */
  PemKeyCertOptions keyCertificate() {
    return new PemKeyCertOptions().addKeyPath(key.toString()).addCertPath(chain.toString());
  }

  /** localhost, its addresses, this machine's name and the host of the public address. */
  public static Set<String> hosts(@Nullable String publicUrl) {
    Set<String> hosts = new LinkedHashSet<>(List.of("localhost", "127.0.0.1", "::1"));
    if (publicUrl != null) {
      String host = URI.create(publicUrl).getHost();
      hosts.add(host.startsWith("[") ? host.substring(1, host.length() - 1) : host);
    }
    try {
      String name = InetAddress.getLocalHost().getHostName();
      if (name.matches("[a-zA-Z0-9.-]+")) {
        hosts.add(name);
      }
    } catch (UnknownHostException e) {
      // A machine that cannot name itself is reached by the other names.
    }
    return hosts;
  }

  private static boolean serves(
      X509Certificate certificate, Collection<String> hosts, InstantSource clock)
      throws GeneralSecurityException {
    if (certificate.getNotAfter().toInstant().isBefore(clock.instant().plus(RENEW_BEFORE))) {
      return false;
    }
    List<String> names = new ArrayList<>();
    for (List<?> name : certificate.getSubjectAlternativeNames()) {
      names.add(String.valueOf(name.get(1)));
    }
    // The JDK prints the address ::1 in full.
    return hosts.stream()
        .allMatch(host -> names.contains(host.equals("::1") ? "0:0:0:0:0:0:0:1" : host));
  }

  private static @Nullable X509Certificate readIfThere(Path file)
      throws IOException, GeneralSecurityException {
    if (!Files.exists(file)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }
}
