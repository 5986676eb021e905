// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * The version of the tables. Flyway is asked only when it has something to do: it takes a quarter
 * of a second that a start does not have.
 */
final class Schema {
  /** The newest migration in {@code db/migration}. */
  static final int VERSION = 2;

  private Schema() {}

  /**
   * Brings the tables to {@link #VERSION}.
   *
   * @throws CatalogueException if they are newer than that, or a migration fails
   */
  static void migrate(DataSource database) throws SQLException {
    int found = version(database);
    if (found > VERSION) {
      throw new CatalogueException(
          CatalogueException.Reason.NEWER_VERSION,
          "The catalogue has schema version " + found + ", this Weft knows up to " + VERSION,
          null);
    }
    if (found < VERSION) {
      try {
        Flyway.configure()
            .loggers("slf4j")
            .dataSource(database)
            .locations("classpath:db/migration")
            .load()
            .migrate();
      } catch (FlywayException failure) {
        throw new CatalogueException(
            CatalogueException.Reason.UNREADABLE, "The catalogue cannot be migrated", failure);
      }
    }
  }

  /** What Flyway noted last; 0 for an empty database. */
  static int version(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      try (ResultSet tables =
          connection.getMetaData().getTables(null, null, "flyway_schema_history", null)) {
        if (!tables.next()) {
          return 0;
        }
      }
      try (ResultSet newest =
          statement.executeQuery(
              "select max(cast(\"version\" as integer)) from \"flyway_schema_history\""
                  + " where \"success\"")) {
        return newest.next() ? newest.getInt(1) : 0;
      }
    }
  }
}
