// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The server as a child process and what a stranger needs to talk to it. Read {@link
 * dev.weft.acceptance.wire.WeftServer} first.
 */
@NullMarked
package dev.weft.acceptance.wire;

import org.jspecify.annotations.NullMarked;
