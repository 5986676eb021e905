// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP door: tokens, messaging, webhook subscriptions and management (wire reference 3, 6, 8).
 * Requests run on the event loop that took them; what blocks runs on a virtual thread each;
 * messages handed out and not yet acknowledged belong to one event loop. Read {@link
 * dev.weft.rest.RestDoor} first.
 */
@NullMarked
package dev.weft.rest;

import org.jspecify.annotations.NullMarked;
