// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The S/4HANA side: business events of the catalogue, published by a channel that is made from a
 * service key. A guest of the house: it uses the public wire as a stranger would and imports no
 * room. Blocking calls on the caller's thread; the AMQP client brings one event loop per channel.
 * Read {@link dev.weft.producer.Channel} first.
 */
@NullMarked
package dev.weft.producer;

import org.jspecify.annotations.NullMarked;
