// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
/** Part of the sample that breaks every rule of the house. */
@NullMarked
package dev.weft.acceptance.sample.queue;

import org.jspecify.annotations.NullMarked;
