// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/**
 * The race against other brokers. Two processes of ours take part beside the servers: the launcher
 * ({@link dev.weft.benchmarks.Main}, blocking calls on its main thread) and the load generator
 * ({@link dev.weft.benchmarks.LoadMain}, one thread with one selector). Read {@link
 * dev.weft.benchmarks.Race} for what is measured and {@link dev.weft.benchmarks.Load} for how.
 */
@NullMarked
package dev.weft.benchmarks;

import org.jspecify.annotations.NullMarked;
