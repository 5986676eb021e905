// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** Service keys, tokens and the door of TLS, as clients read them. */
@NullMarked
package dev.weft.acceptance.keys;

import org.jspecify.annotations.NullMarked;
