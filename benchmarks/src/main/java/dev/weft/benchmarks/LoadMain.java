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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The generator's process: reads orders from standard input, one JSON object a line, and answers
 * each with one line. Ends when the input ends. A process of its own keeps the generator's CPU
 * time, heap and compiler out of the servers' and the launcher's.
 */
public final class LoadMain {
  private static final BystanderReport NOBODY = new BystanderReport(0, 0, 0, List.of());

  private final JsonMapper json = JsonMapper.builder().build();
  private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");

  /** By the address that was published to: loads on two queues are accounted for apart. */
  private final Map<String, Ledger> ledgers = new HashMap<>();

  private @Nullable Bystanders bystanders;

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
      GeneratorOrder order = json.readValue(line, GeneratorOrder.class);
      out.println(json.writeValueAsString(answer(order)));
    }
  }

  private GeneratorAnswer answer(GeneratorOrder order) throws IOException {
    if (order.load() != null) {
      return new GeneratorAnswer(load(order.load()), null);
    }
    BystanderReport gone = bystanders == null ? NOBODY : bystanders.leave();
    bystanders = null;
    if (order.bystanders() == null) {
      return new GeneratorAnswer(null, gone);
    }
    bystanders = new Bystanders(order.bystanders(), random, System::nanoTime);
    return new GeneratorAnswer(null, bystanders.arrive());
  }

  private LoadReport load(LoadOrder order) throws IOException {
    Ledger ledger = ledgers.get(order.target().publishTo());
    if (ledger == null || !order.resume()) {
      ledger = new Ledger(order.publishers(), random.nextInt());
      ledgers.put(order.target().publishTo(), ledger);
    }
    if (order.again()) {
      ledger.expectAgain();
    }
    try (Load load = new Load(order, ledger, System::nanoTime, random)) {
      return load.run();
    }
  }
}
