// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Clients that nobody here wrote, against the real server. Read {@link
 * dev.weft.acceptance.clients.ForeignClientContract} first.
 */
@NullMarked
package dev.weft.acceptance.clients;

import org.jspecify.annotations.NullMarked;
