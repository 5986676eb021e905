// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

/** Told how far a race is. */
interface Progress extends AutoCloseable {
  /** What is done now. */
  void doing(String what);

  /** One of the announced steps is done. */
  void done();

  @Override
  void close();
}
