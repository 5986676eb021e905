// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** Tests of the race and of its load generator. */
@NullMarked
package dev.weft.benchmarks;

import org.jspecify.annotations.NullMarked;
