// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemReader;

/**
 * The mesh's own certificate authority: one EC P-256 key made at the first start and kept beside
 * the data (0600), which signs server certificates (D10). Use by one thread.
 */
public final class CertificateAuthority {
  private static final Duration CA_LIFE = Duration.ofDays(3650);

  /** The longest that all browsers take. */
  private static final Duration SERVER_LIFE = Duration.ofDays(820);

  /** Clocks of clients may be behind ours. */
  private static final Duration SKEW = Duration.ofHours(1);

  private static final String SIGNATURE = "SHA256withECDSA";
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private final KeyPairGenerator keys;
  private final SecureRandom random;
  private final InstantSource clock;
  private final PrivateKey key;
  private final X509Certificate certificate;

  /** A fresh key with its certificate chain, the CA last. */
  public record Issued(PrivateKey key, List<X509Certificate> chain) {
    public Issued {
      chain = List.copyOf(chain);
    }

    /** PKCS #8. */
    public String keyPem() throws IOException {
      return pem(key);
    }

    public String chainPem() throws IOException {
      StringBuilder pem = new StringBuilder();
      for (X509Certificate each : chain) {
        pem.append(pem(each));
      }
      return pem.toString();
    }
  }

  private CertificateAuthority(
      KeyPairGenerator keys,
      SecureRandom random,
      InstantSource clock,
      PrivateKey key,
      X509Certificate certificate) {
    this.keys = keys;
    this.random = random;
    this.clock = clock;
    this.key = key;
    this.certificate = certificate;
  }

  /** Reads the authority from its two files, or makes it when the key is missing. */
  public static CertificateAuthority open(
      Path keyFile, Path certificateFile, SecureRandom random, InstantSource clock)
      throws IOException, GeneralSecurityException {
    KeyPairGenerator keys = KeyPairGenerator.getInstance("EC");
    keys.initialize(new ECGenParameterSpec("secp256r1"), random);
    if (Files.exists(keyFile)) {
      return new CertificateAuthority(
          keys, random, clock, readKey(keyFile), readCertificate(certificateFile));
    }
    KeyPair pair = keys.generateKeyPair();
    CertificateAuthority fresh =
        new CertificateAuthority(
            keys, random, clock, pair.getPrivate(), selfSigned(pair, random, clock.instant()));
    PrivateFiles.write(certificateFile, pem(fresh.certificate));
    PrivateFiles.write(keyFile, pem(fresh.key));
    return fresh;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /**
   * Makes a key and a certificate for a server.
   *
   * @param hosts names or addresses, the first is the subject
   */
  public Issued issue(List<String> hosts) throws IOException, GeneralSecurityException {
    KeyPair pair = keys.generateKeyPair();
    Instant now = clock.instant();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate.getSubjectX500Principal(),
            serial(random),
            Date.from(now.minus(SKEW)),
            Date.from(now.plus(SERVER_LIFE)),
            new X500Principal("CN=" + hosts.getFirst()),
            pair.getPublic());
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
    builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
    builder.addExtension(
        Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
    builder.addExtension(
        Extension.subjectAlternativeName,
        false,
        new GeneralNames(
            hosts.stream().map(CertificateAuthority::name).toArray(GeneralName[]::new)));
    builder.addExtension(
        Extension.authorityKeyIdentifier,
        false,
        extensions.createAuthorityKeyIdentifier(certificate));
    return new Issued(pair.getPrivate(), List.of(sign(builder, key), certificate));
  }

  private static GeneralName name(String host) {
    int kind = ADDRESS.matcher(host).matches() ? GeneralName.iPAddress : GeneralName.dNSName;
    return new GeneralName(kind, host);
  }

  private static X509Certificate selfSigned(KeyPair pair, SecureRandom random, Instant now)
      throws IOException, GeneralSecurityException {
    BigInteger serial = serial(random);
    // The serial in the name tells the authorities of several installations apart.
    X500Principal name = new X500Principal("CN=Weft CA " + serial.toString(36).substring(0, 8));
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            serial,
            Date.from(now.minus(SKEW)),
            Date.from(now.plus(CA_LIFE)),
            name,
            pair.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
    builder.addExtension(
        Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    builder.addExtension(
        Extension.subjectKeyIdentifier,
        false,
        new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
    return sign(builder, pair.getPrivate());
  }

  private static BigInteger serial(SecureRandom random) {
    // 127 random bits, positive, and never so small that its text is short.
    return new BigInteger(126, random).setBit(126);
  }

  private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
      throws GeneralSecurityException {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(key)));
    } catch (OperatorCreationException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static PrivateKey readKey(Path file) throws IOException, GeneralSecurityException {
    try (PemReader reader = new PemReader(new StringReader(Files.readString(file)))) {
      byte[] encoded = reader.readPemObject().getContent();
      return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }
  }

  private static X509Certificate readCertificate(Path file)
      throws IOException, GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
  }

  private static String pem(Object object) throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(
          object instanceof PrivateKey key
              ? new org.bouncycastle.util.io.pem.PemObject("PRIVATE KEY", key.getEncoded())
              : object);
    }
    return text.toString();
  }
}
