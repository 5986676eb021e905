// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;

/** How H2 is asked for the catalogue's file, and what its errors at the opening mean. */
final class H2Database {
  /** Changes are serial anyway; one more for whoever reads meanwhile. */
  private static final int CONNECTIONS_MAX = 2;

  /** H2 holds the catalogue in a page cache; a few thousand queues fit. Kilobytes. */
  private static final int CACHE_KIB = 4_096;

  static final String FILE = "catalogue";

  private static final Set<Integer> DAMAGE =
      Set.of(ErrorCode.FILE_CORRUPTED_1, ErrorCode.FILE_VERSION_ERROR_1);

  private H2Database() {}

  /**
   * {@code WRITE_DELAY=0} writes at each commit, and each write of ours forces; {@code
   * DB_CLOSE_ON_EXIT} is off because the server closes in its own order; errors come as exceptions,
   * so H2 needs no trace file beside the data. {@code REUSE_SPACE} is off: when H2 2.5.252 puts a
   * change where an old one was, it may not find the newest ones after a kill, forced or not. The
   * file grows by some kilobytes per change until it is compacted at the next stop in order.
   */
  static JdbcDataSource at(Path directory) {
    var source = new JdbcDataSource();
    source.setURL(
        "jdbc:h2:file:"
            + directory.toAbsolutePath().resolve(FILE)
            + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;MAX_COMPACT_TIME=50;TRACE_LEVEL_FILE=0"
            + ";REUSE_SPACE=FALSE;CACHE_SIZE="
            + CACHE_KIB);
    return source;
  }

  static HikariDataSource pool(JdbcDataSource source) {
    var config = new HikariConfig();
    config.setDataSource(source);
    config.setPoolName("catalogue");
    config.setMaximumPoolSize(CONNECTIONS_MAX);
    config.setMinimumIdle(1);
    config.setConnectionTimeout(10_000);
    // H2 in the process never drops a connection: nothing to renew or to keep alive.
    config.setMaxLifetime(0);
    config.setIdleTimeout(0);
    try {
      return new HikariDataSource(config);
    } catch (RuntimeException failure) {
      throw openFailure(failure);
    }
  }

  private static CatalogueException openFailure(RuntimeException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql
          && sql.getErrorCode() == ErrorCode.DATABASE_ALREADY_OPEN_1) {
        return new CatalogueException(
            CatalogueException.Reason.IN_USE, "Another process has the catalogue open", failure);
      }
    }
    return unreadable(failure);
  }

  static CatalogueException unreadable(Exception failure) {
    String why = "";
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && DAMAGE.contains(sql.getErrorCode())) {
        return new CatalogueException(
            CatalogueException.Reason.DAMAGED, "The catalogue is damaged", failure);
      }
      if (cause instanceof IOException) {
        why =
            cause instanceof AccessDeniedException
                ? " for want of permission"
                : " (" + cause.getMessage() + ")";
      }
    }
    return new CatalogueException(
        CatalogueException.Reason.UNREADABLE, "The catalogue cannot be read" + why, failure);
  }
}
