// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.sample.util;

/** A drawer. */
public record UtilSample() {}
