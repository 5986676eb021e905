// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.benchmarks;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The generator's process: reads orders from standard input, one JSON object a line, and answers
 * each with one line. Ends when the input ends. A process of its own keeps the generator's CPU
 * time, heap and compiler out of the servers' and the launcher's.
 */
public final class LoadMain {
  private final JsonMapper json = JsonMapper.builder().build();
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
  private @Nullable Ledger ledger;

  private LoadMain() {}

  /** Runs until standard input ends. */
  public static void main(String[] args) throws IOException {
    var out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    new LoadMain().run(in, out);
  }

  private void run(BufferedReader in, PrintStream out) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      out.println(json.writeValueAsString(load(json.readValue(line, LoadOrder.class))));
    }
  }

  private LoadReport load(LoadOrder order) throws IOException {
    Ledger current = ledger;
    if (current == null || !order.resume()) {
      current = new Ledger(order.publishers(), random.nextInt());
      ledger = current;
    }
    try (Load load = new Load(order, current, System::nanoTime, random)) {
      return load.run();
    }
  }
}
