// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** Bad input, and what a user is told about it. */
@NullMarked
package dev.weft.acceptance.refusals;

import org.jspecify.annotations.NullMarked;
