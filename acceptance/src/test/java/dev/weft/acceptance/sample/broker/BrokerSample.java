// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.sample.broker;

import dev.weft.acceptance.sample.journal.JournalSample;

/** A broker that knows its engine. */
public record BrokerSample(JournalSample engine) {}
