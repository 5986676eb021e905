// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The landscape file: what it may hold, how it is read with line and column, and the model it
 * becomes. Pure functions and immutable values. Read {@link
 * dev.weft.server.landscape.LandscapeReader} first.
 */
@NullMarked
package dev.weft.server.landscape;

import org.jspecify.annotations.NullMarked;
