// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

/**
 * A messaging client as created from the vendor's descriptor.
 *
 * @param id GUID
 * @param name the instance's name, unique
 * @param emname unique too
 * @param namespace three segments, unique
 * @param units 10 to 50
 * @param descriptor the vendor's JSON as given
 */
public record ServiceInstance(
    String id,
    String name,
    String emname,
    String namespace,
    boolean management,
    boolean messagingrest,
    boolean messaging,
    int units,
    Rules rules,
    String descriptor) {}
