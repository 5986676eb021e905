// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.time.Instant;

/**
 * Who rings at a door, after its token was verified.
 *
 * @param expiresAt end of the token; a live connection outlives it (wire reference 3.4)
 */
public record Caller(ServiceInstance instance, String clientId, Instant expiresAt) {}
