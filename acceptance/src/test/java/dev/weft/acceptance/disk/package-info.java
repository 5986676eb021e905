// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0

/**
 * Real faults of a real disk: file systems that lose what was not forced, that are full, system
 * calls that fail. Needs root, loop devices and strace; the test group is {@code power}. Read
 * {@link dev.weft.acceptance.disk.LoopFileSystem} first.
 */
@NullMarked
package dev.weft.acceptance.disk;

import org.jspecify.annotations.NullMarked;
