// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.nio.file.Path;
import java.security.SecureRandom;

/** Seals secrets. */
@SuppressWarnings({"DoNotCallSuggester", "InlineMeSuggester", "UnusedVariable"}) // Bodies follow.
public final class Sealer {
  private Sealer() {}

  public static Sealer open(Path keyFile, SecureRandom random) {
    throw new UnsupportedOperationException();
  }

  public byte[] seal(byte[] plain, String objectId) {
    throw new UnsupportedOperationException();
  }

  public byte[] unseal(byte[] sealed, String objectId) {
    throw new UnsupportedOperationException();
  }
}
