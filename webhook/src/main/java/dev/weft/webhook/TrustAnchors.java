// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Joins certificates to the ones that the JDK trusts. */
final class TrustAnchors {
  private TrustAnchors() {}

  /**
   * A factory that trusts both.
   *
   * @throws IllegalStateException if this JDK cannot: a broken installation
   */
  static TrustManagerFactory with(List<X509Certificate> certificates) {
    try {
      KeyStore joined = KeyStore.getInstance(KeyStore.getDefaultType());
      joined.load(null, null);
      int entry = 0;
      for (X509Certificate certificate : certificates) {
        joined.setCertificateEntry("added-" + entry++, certificate);
      }
      for (TrustManager manager : factory(null).getTrustManagers()) {
        if (manager instanceof X509TrustManager jdk) {
          for (X509Certificate certificate : jdk.getAcceptedIssuers()) {
            joined.setCertificateEntry("jdk-" + entry++, certificate);
          }
        }
      }
      return factory(joined);
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("The JDK offers no trust store", e);
    }
  }

  private static TrustManagerFactory factory(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory;
  }
}
