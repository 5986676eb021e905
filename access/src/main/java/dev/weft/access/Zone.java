// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

/** The one identity zone of this house: what the vendor calls tenant or subaccount. */
final class Zone {
  /** Constant: validators compare it, and a server that moves must stay the same tenant. */
  static final String ID = "77656674-0000-4000-8000-000000000001";

  static final String SUBDOMAIN = "weft";

  private Zone() {}
}
