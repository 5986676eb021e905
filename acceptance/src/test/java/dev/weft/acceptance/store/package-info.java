// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** The commands for a store: verify, back up, restore, salvage. Start with StoreToolsTest. */
@NullMarked
package dev.weft.acceptance.store;

import org.jspecify.annotations.NullMarked;
