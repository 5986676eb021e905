// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One line that the launcher sends to the generator; one of the two, or neither: then the
 * bystanders leave.
 *
 * @param load to run to its end
 * @param bystanders to let in; they stay until they are sent away
 */
record GeneratorOrder(@Nullable LoadOrder load, @Nullable BystanderOrder bystanders) {}
