// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.sample.rest;

import dev.weft.acceptance.sample.amqp.AmqpSample;
import org.jspecify.annotations.Nullable;

/** The other half of a cycle. */
public record RestSample(@Nullable AmqpSample other) {}
