// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import dev.weft.server.landscape.InvalidLandscape;
import dev.weft.server.landscape.Landscape;
import dev.weft.server.landscape.LandscapeReader;
import dev.weft.server.landscape.LandscapeSchema;
import dev.weft.server.node.CertificateAuthority;
import dev.weft.server.node.Preparation;
import dev.weft.server.node.SettingKey;
import dev.weft.server.node.SettingSources;
import dev.weft.server.node.Settings;
import dev.weft.server.node.StartFailure;
import dev.weft.server.node.TlsMaterial;
import dev.weft.server.node.WeftServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server of its own with the demo's landscape, in a temporary directory and on a free port, with
 * the receiver of its webhook. Closing it stops both and deletes everything.
 */
final class DemoLandscape implements AutoCloseable {
  private final Path directory;
  private final WeftServer server;
  private final DemoReceiver receiver;
  private final Thread atExit = new Thread(this::end, "demo-stop");
  private boolean ended;

  private DemoLandscape(Path directory, WeftServer server, DemoReceiver receiver) {
    this.directory = directory;
    this.server = server;
    this.receiver = receiver;
  }

  static DemoLandscape start(Preparation preparation, InstantSource clock, SecureRandom random)
      throws StartFailure, IOException, GeneralSecurityException {
    Path directory = Files.createTempDirectory("weft-demo");
    try {
      Path data = directory.resolve("data");
      CertificateAuthority.Issued certificate =
          TlsMaterial.authority(data.resolveSibling("data.tls"), random, clock)
              .issue(List.of("localhost"));
      String password = new BigInteger(130, random).toString(36);
      DemoReceiver receiver = new DemoReceiver(certificate, basic(password));
      Landscape landscape = landscape(receiver.url(), password);
      Settings settings =
          Settings.of(
              SettingSources.read(
                  Map.of(SettingKey.DATA, data.toString(), SettingKey.PORT, "0"),
                  Map.of(),
                  directory),
              directory);
      WeftServer server =
          WeftServer.start(
              new WeftServer.Inputs(
                  settings, landscape, LandscapeSchema::new, preparation, clock, random));
      DemoLandscape demo = new DemoLandscape(directory, server, receiver);
      Runtime.getRuntime().addShutdownHook(demo.atExit);
      return demo;
    } catch (StartFailure | IOException | GeneralSecurityException | RuntimeException e) {
      delete(directory);
      throw e;
    }
  }

  private static String basic(String password) {
    return "Basic "
        + Base64.getEncoder().encodeToString(("weft:" + password).getBytes(StandardCharsets.UTF_8));
  }

  private static Landscape landscape(String url, String password) throws IOException {
    try (InputStream in = DemoLandscape.class.getResourceAsStream("demo.yaml")) {
      if (in == null) {
        throw new IllegalStateException("demo.yaml is not on the class path");
      }
      String text =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace("WEBHOOK", url)
              .replace("PASSWORD", password);
      return LandscapeReader.read(text, "demo.yaml", null, new LandscapeSchema());
    } catch (InvalidLandscape e) {
      throw new IllegalStateException(e);
    }
  }

  WeftServer server() {
    return server;
  }

  DemoReceiver receiver() {
    return receiver;
  }

  Path caFile() {
    return java.util.Objects.requireNonNull(server.caFile());
  }

  @Override
  public void close() {
    end();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The process ends already, and the hook is what called.
    }
  }

  private synchronized void end() {
    if (!ended) {
      ended = true;
      server.close();
      receiver.close();
      delete(directory);
    }
  }

  private static void delete(Path directory) {
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
                throws IOException {
              Files.delete(folder);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // A temporary directory that stays is cleaned up by the system.
    }
  }
}
