// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * AMQP 1.0 over WebSocket, and over TCP where asked for. A connection belongs to its event loop;
 * engine threads reach it through its inbox alone. Read {@link dev.weft.amqp.AmqpDoor} first, then
 * {@link dev.weft.amqp.AmqpConnection}.
 */
@NullMarked
package dev.weft.amqp;

import org.jspecify.annotations.NullMarked;
