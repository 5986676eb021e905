// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * What a stranger sees: tests over the wire alone, with clients that nobody here wrote, and the
 * rules that keep the drawing of the house true. No class here imports a room; the server runs as a
 * process of its own. Read {@code wire.WeftServer} first.
 */
@NullMarked
package dev.weft.acceptance;

import org.jspecify.annotations.NullMarked;
