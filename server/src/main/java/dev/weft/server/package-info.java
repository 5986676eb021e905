// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** The roof: where the process starts. Read {@link dev.weft.server.Main} first. */
@NullMarked
package dev.weft.server;

import org.jspecify.annotations.NullMarked;
