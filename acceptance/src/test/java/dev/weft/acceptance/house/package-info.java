// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** The house watches itself: room boundaries and tidiness. Read {@link HouseRules} first. */
@NullMarked
package dev.weft.acceptance.house;

import org.jspecify.annotations.NullMarked;
