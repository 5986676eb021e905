// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * A running server: settings, data directory, TLS, the rooms put together, the operator's API. The
 * start runs on its caller's thread; afterwards the event loops, the engine's loops and virtual
 * threads for what blocks do the work. Read {@link dev.weft.server.node.WeftServer} first.
 */
@NullMarked
package dev.weft.server.node;

import org.jspecify.annotations.NullMarked;
