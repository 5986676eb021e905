// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

/** What a consumer hears, on a thread of the engine, in order. Returns fast and never throws. */
public interface DeliveryListener {
  void delivered(Delivery delivery);

  /** Answer to {@link Consumer#drain()}. */
  void drained(int unusedCredit);

  /** The engine ended the consumer: its queue was deleted or the engine failed. Nothing follows. */
  void closed(MeshException reason);
}
