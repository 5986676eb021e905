// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The server under fire: T-300, the verifier, and T-309, kill -9 under load. Clients only, over the
 * wire; the server is a child process. Read {@link dev.weft.acceptance.crash.Verifier} first.
 */
@NullMarked
package dev.weft.acceptance.crash;

import org.jspecify.annotations.NullMarked;
