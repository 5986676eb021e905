// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * MQTT 3.1.1 over WebSocket. A connection belongs to its event loop; other threads reach it through
 * its inbox alone. Read {@link dev.weft.mqtt.MqttDoor} first, then {@link
 * dev.weft.mqtt.MqttConnection}.
 */
@NullMarked
package dev.weft.mqtt;

import org.jspecify.annotations.NullMarked;
