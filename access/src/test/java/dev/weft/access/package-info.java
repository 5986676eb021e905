// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** Tests of this room, and what the tests of others need of it. */
@NullMarked
package dev.weft.access;

import org.jspecify.annotations.NullMarked;
