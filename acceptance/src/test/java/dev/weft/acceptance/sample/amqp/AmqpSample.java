// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.sample.amqp;

import dev.weft.acceptance.sample.rest.RestSample;

/** A door that imports a door. */
public record AmqpSample(RestSample other) {}
