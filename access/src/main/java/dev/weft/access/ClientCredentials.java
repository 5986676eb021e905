// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One reading of what a client presented. Clients disagree about escaping, so that one request may
 * have several readings (wire reference 3.2).
 */
record ClientCredentials(String clientId, String secret) {
  /**
   * Readings of an {@code Authorization: Basic} header: as it is, then percent-decoded. Empty when
   * the header is malformed.
   */
  static List<ClientCredentials> ofBasic(String header) {
    String pair;
    try {
      String encoded = header.substring("Basic ".length()).strip();
      pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException malformed) {
      return List.of();
    }
    int colon = pair.indexOf(':');
    if (colon < 0) {
      return List.of();
    }
    var raw = new ClientCredentials(pair.substring(0, colon), pair.substring(colon + 1));
    var decoded =
        new ClientCredentials(
            FormParameters.percentDecoded(raw.clientId), FormParameters.percentDecoded(raw.secret));
    return raw.equals(decoded) ? List.of(raw) : List.of(raw, decoded);
  }

  static boolean isBasic(@Nullable String header) {
    return header != null && header.regionMatches(true, 0, "Basic ", 0, "Basic ".length());
  }

  /** Readings of the parameters: form-decoded first, then the raw bytes. Empty without a client. */
  static List<ClientCredentials> ofParameters(FormParameters parameters) {
    var readings = new LinkedHashSet<ClientCredentials>();
    for (FormParameters.Parameter id : parameters.all("client_id")) {
      for (FormParameters.Parameter secret : parameters.all("client_secret")) {
        readings.add(new ClientCredentials(id.decoded(), secret.decoded()));
        readings.add(new ClientCredentials(id.raw(), secret.raw()));
        readings.add(new ClientCredentials(id.decoded(), secret.raw()));
        readings.add(new ClientCredentials(id.raw(), secret.decoded()));
      }
    }
    return new ArrayList<>(readings);
  }

  /** Never the secret. */
  @Override
  public String toString() {
    return "ClientCredentials[" + clientId + "]";
  }
}
