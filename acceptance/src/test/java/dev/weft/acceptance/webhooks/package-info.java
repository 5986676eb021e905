// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** Pushes as a receiver sees them. */
@NullMarked
package dev.weft.acceptance.webhooks;

import org.jspecify.annotations.NullMarked;
