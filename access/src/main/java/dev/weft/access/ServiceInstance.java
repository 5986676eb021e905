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
    String descriptor) {

  /**
   * Reads the vendor's descriptor.
   *
   * @throws dev.weft.queue.MeshException.InvalidValue with the path of what is wrong
   */
  public static ServiceInstance parse(String id, String name, String descriptor) {
    Descriptor read = Descriptor.parse(descriptor);
    return new ServiceInstance(
        id,
        name,
        read.emname(),
        read.namespace(),
        read.management(),
        read.messagingrest(),
        read.messaging(),
        read.units(),
        read.rules(),
        descriptor);
  }

  /** Whether the queue or topic name lies below the instance's namespace. */
  public boolean owns(String name) {
    return name.length() > namespace.length()
        && name.startsWith(namespace)
        && name.charAt(namespace.length()) == '/';
  }
}
