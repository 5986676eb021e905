// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The engine on a disk in memory, a clock that is moved, and one thread whose order of events comes
 * from a seed: every failure can be had again. {@link dev.weft.simulation.World} holds the engine
 * and its clients, {@link dev.weft.simulation.Ledger} what was promised to them.
 */
@NullMarked
package dev.weft.simulation;

import org.jspecify.annotations.NullMarked;
