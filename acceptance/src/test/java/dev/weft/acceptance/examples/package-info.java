// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** What the guides tell users to do, done. */
@NullMarked
package dev.weft.acceptance.examples;

import org.jspecify.annotations.NullMarked;
