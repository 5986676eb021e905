// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.webhook;

import dev.weft.broker.WebhookPusher;
import java.time.InstantSource;

/** What all subscriptions share. */
record Tools(
    QueueSource queues,
    Sender sender,
    WebhookSettings settings,
    Timers timers,
    InstantSource clock,
    WebhookPusher.Agreements agreements) {}
