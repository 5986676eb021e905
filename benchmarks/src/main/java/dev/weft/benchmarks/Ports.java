// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports of the loopback interface, at the moment of asking. */
final class Ports {
  private Ports() {}

  /** Any port that the system does not use. */
  static int free() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new BenchFailure("no free port", e);
    }
  }

  /** Whether all of them can be listened on when moved by an offset. */
  static boolean areFree(int offset, int... ports) {
    for (int port : ports) {
      try (ServerSocket socket =
          new ServerSocket(port + offset, 1, InetAddress.getLoopbackAddress())) {
        socket.setReuseAddress(true);
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
