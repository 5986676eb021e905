// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Who may do what: service instances, their rules, service keys, tokens and the secrets behind
 * them. Owns no thread; everything is safe for any thread. Read {@link
 * dev.weft.access.AccessControl} first.
 */
@NullMarked
package dev.weft.access;

import org.jspecify.annotations.NullMarked;
