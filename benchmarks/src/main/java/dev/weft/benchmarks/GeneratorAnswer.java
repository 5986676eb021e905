// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One line that the generator answers with.
 *
 * @param load what came of a load, or null
 * @param bystanders what came of bystanders when they were let in or left, or null
 */
record GeneratorAnswer(@Nullable LoadReport load, @Nullable BystanderReport bystanders) {}
