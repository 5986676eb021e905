// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The front door: addresses, rules, limits, topic routing, and the catalogue of what exists. Owns
 * no thread. Read {@link dev.weft.broker.FrontDoor} first.
 */
@NullMarked
package dev.weft.broker;

import org.jspecify.annotations.NullMarked;
