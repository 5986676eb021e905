// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftProcess;
import dev.weft.acceptance.wire.WeftServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of a system leave by its channels and as its bindings say, with their service keys. */
class SystemTest {
  private static final String CHANGED = "sap.s4.beh.salesorder.v1.SalesOrder.Changed.v1";
  private static final String QUEUE = "acme/shop/one/orders";

  @TempDir static Path folder;
  private static WeftServer server;

  @BeforeAll
  static void start() throws IOException {
    String example = Files.readString(Path.of("../examples/landscape.yaml"));
    server = WeftServer.start(folder, example, "--port", "0");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static WeftProcess.Exit weft(String... arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(1, List.of("--data", folder.resolve("data").toString()));
    return WeftProcess.run(folder, all);
  }

  @Test
  void anEventOfABindingLeavesByTheChannel() throws IOException {
    Mesh shop = server.mesh("shop-events", "default");
    long before = shop.messageCount(QUEUE);

    WeftProcess.Exit exit = weft("publish", "--system", "S4D", "--event", CHANGED);

    assertThat(exit.code()).as(exit.err()).isZero();
    assertThat(exit.out())
        .contains("on topic:acme/s4/dev/ce/sap/s4/beh/salesorder/v1/SalesOrder/Changed/v1")
        .contains("by channel Z_EM");
    assertThat(shop.messageCount(QUEUE)).isEqualTo(before + 1);
  }

  @Test
  void anEventWithoutABindingDoesNotLeave() throws IOException {
    WeftProcess.Exit exit =
        weft(
            "publish",
            "--system",
            "S4D",
            "--event",
            "sap.s4.beh.businesspartner.v1.BusinessPartner.Changed.v1");

    assertThat(exit.code()).isEqualTo(1);
    assertThat(exit.err().strip())
        .isEqualTo(
            "weft: No channel of system S4D has a binding for"
                + " sap/s4/beh/businesspartner/v1/BusinessPartner/Changed/v1, only for"
                + " sap/s4/beh/salesorder/v1/*.");
  }

  @Test
  void aSystemOrAChannelThatIsMisspelledIsNamed() throws IOException {
    assertThat(weft("publish", "--system", "S4E", "--event", CHANGED).err().strip())
        .isEqualTo("weft: There is no system 'S4E', did you mean 'S4D'?");
    assertThat(
            weft("publish", "--system", "S4D", "--channel", "Z_EN", "--event", CHANGED)
                .err()
                .strip())
        .isEqualTo("weft: System S4D has no channel 'Z_EN', did you mean 'Z_EM'?");
  }

  @Test
  void systemsArePartOfTheLandscape() throws IOException {
    Path file = folder.resolve("exported.yaml");
    WeftProcess.Exit exported = weft("export");
    assertThat(exported.out()).contains("systems:", "S4D", "sap/s4/beh/salesorder/v1/*");
    Files.writeString(file, exported.out());

    assertThat(weft("diff", file.toString()).code()).isZero();
    Files.writeString(
        file, exported.out().replace("salesorder/v1/*", "salesorder/v1/SalesOrder/*"));
    WeftProcess.Exit plan = weft("plan", file.toString());
    assertThat(plan.out()).contains("update").contains("system").contains("S4D");
  }
}
