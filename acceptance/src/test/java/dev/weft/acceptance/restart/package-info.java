// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** What must still be there after a stop, a kill and a start. */
@NullMarked
package dev.weft.acceptance.restart;

import org.jspecify.annotations.NullMarked;
