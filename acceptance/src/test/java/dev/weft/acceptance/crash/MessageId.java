// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

/**
 * Who a message is: a publisher's nth.
 *
 * @param publisher number of the publisher; a publisher uses one link at a time
 * @param number counted from zero, in the order of publishing
 */
record MessageId(int publisher, int number) {
  @Override
  public String toString() {
    return publisher + ":" + number;
  }
}
