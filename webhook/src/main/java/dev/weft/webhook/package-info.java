// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * Pushes messages of queues to HTTP endpoints (wire reference 7). Each subscription belongs to one
 * event loop; deliveries of the engine's threads are handed over to it. Read {@link
 * dev.weft.webhook.WebhookDispatcher} first, then {@code PushLoop}.
 */
@NullMarked
package dev.weft.webhook;

import org.jspecify.annotations.NullMarked;
