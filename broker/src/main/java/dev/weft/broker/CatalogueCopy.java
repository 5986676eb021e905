// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.h2.jdbcx.JdbcDataSource;

/** Copies and checks a catalogue as a whole, for backups. Safe for any thread. */
public final class CatalogueCopy {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /**
   * What a catalogue holds.
   *
   * @param schema version of its tables
   */
  public record Contents(int schema, long instances, long queues, long webhooks) {}

  private CatalogueCopy() {}

  /**
   * Copies a catalogue, which may be in use by this process: the copy is the state at one moment.
   *
   * @param directory of the catalogue
   * @param into existing directory of the copy
   * @throws IOException if the copy cannot be written
   * @throws CatalogueException if the catalogue cannot be read
   */
  public static void copy(Path directory, Path into) throws IOException {
    Path zip = into.resolve("catalogue.zip");
    Files.createFile(zip, OWNER_ONLY);
    try {
      try (Connection connection = H2Database.at(directory).getConnection();
          PreparedStatement backup = connection.prepareStatement("backup to ?")) {
        backup.setString(1, zip.toString());
        backup.execute();
      } catch (SQLException failure) {
        throw H2Database.unreadable(failure);
      }
      unpack(zip, Catalogue.file(into));
    } finally {
      Files.deleteIfExists(zip);
    }
  }

  private static void unpack(Path zip, Path file) throws IOException {
    try (InputStream bytes = Files.newInputStream(zip);
        ZipInputStream entries = new ZipInputStream(bytes)) {
      for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
        if (entry.getName().endsWith(file.getFileName().toString())) {
          write(entries, file);
          return;
        }
      }
    }
    throw new IOException("The database made a backup without itself");
  }

  private static void write(InputStream bytes, Path file) throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OWNER_ONLY);
        OutputStream out = Channels.newOutputStream(channel)) {
      bytes.transferTo(out);
      channel.force(true);
    }
  }

  /**
   * Opens a catalogue that nobody else has open, to look at it only: writes through it fail, and
   * its file stays as it is.
   *
   * @throws CatalogueException as {@link Catalogue#open}
   */
  public static Catalogue openForReading(Path directory) {
    HikariDataSource pool = H2Database.pool(reading(directory));
    try {
      int version = Schema.version(pool);
      if (version > Schema.VERSION) {
        throw new CatalogueException(
            CatalogueException.Reason.NEWER_VERSION,
            "The catalogue has schema version "
                + version
                + ", this Weft knows up to "
                + Schema.VERSION,
            null);
      }
      return new Catalogue(reading(directory), pool);
    } catch (SQLException failure) {
      pool.close();
      throw H2Database.unreadable(failure);
    } catch (CatalogueException failure) {
      pool.close();
      throw failure;
    }
  }

  private static JdbcDataSource reading(Path directory) {
    JdbcDataSource source = H2Database.at(directory);
    source.setURL(source.getURL() + ";ACCESS_MODE_DATA=r;IFEXISTS=TRUE");
    return source;
  }

  /**
   * Reads every row of a catalogue that nobody else has open.
   *
   * @throws CatalogueException if it is damaged, in use, or a newer Weft wrote it
   */
  public static Contents check(Path directory) {
    try (Catalogue _ = openForReading(directory);
        Connection connection = reading(directory).getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet everything = statement.executeQuery("script")) {
        while (everything.next()) {
          everything.getString(1);
        }
      }
      return new Contents(
          Schema.version(reading(directory)),
          count(statement, "service_instance"),
          count(statement, "queue"),
          count(statement, "webhook_subscription"));
    } catch (SQLException failure) {
      throw H2Database.unreadable(failure);
    }
  }

  private static long count(Statement statement, String table) throws SQLException {
    try (ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
      return rows.next() ? rows.getLong(1) : 0;
    }
  }
}
