// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The commands of {@code weft}. They run on the main thread and talk to a running server over HTTP
 * and AMQP as any client does; {@code up} and {@code demo} start one. Read {@link
 * dev.weft.server.cli.WeftCommand} first.
 */
@NullMarked
package dev.weft.server.cli;

import org.jspecify.annotations.NullMarked;
