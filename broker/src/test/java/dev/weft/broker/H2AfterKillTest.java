// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What was committed and forced is there after a kill, however often. Method: the file is
 * copied while it is open, as a kill leaves it, and the next life begins with the copy. H2 keeps
 * space it could use again for 45 seconds, which this test does not want to wait for.
 */
class H2AfterKillTest {
  private static final int LIVES = 40;
  private static final int ROWS_MAX = 5;

  @TempDir Path folder;

  private final Random random = new Random(1);
  private final Set<Integer> expected = new TreeSet<>();
  private int next;

  @Test
  void everyForcedChangeIsThereInTheNextLife() throws Exception {
    Path life = Files.createDirectory(folder.resolve("life"));
    for (int number = 0; number < LIVES; number++) {
      Path following = Files.createDirectory(folder.resolve("life" + number));
      JdbcDataSource source = H2Database.at(life);
      source.setURL(source.getURL() + ";RETENTION_TIME=0");
      try (Connection connection = source.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            "create table if not exists item (id int primary key, text varchar(1000))");
        assertThat(items(statement)).as("life %s", number).isEqualTo(expected);
        for (int change = 1 + random.nextInt(6); change > 0; change--) {
          change(statement);
        }
        String file = H2Database.FILE + ".mv.db";
        Files.copy(life.resolve(file), following.resolve(file));
      }
      life = following;
    }
  }

  private void change(Statement statement) throws SQLException {
    statement.execute("insert into item values (" + next + ", '" + "x".repeat(400) + "')");
    statement.execute("checkpoint sync");
    expected.add(next++);
    if (expected.size() > ROWS_MAX) {
      int oldest = expected.iterator().next();
      statement.execute("delete from item where id = " + oldest);
      statement.execute("checkpoint sync");
      expected.remove(oldest);
    }
  }

  private static Set<Integer> items(Statement statement) throws SQLException {
    Set<Integer> found = new TreeSet<>();
    try (ResultSet rows = statement.executeQuery("select id from item")) {
      while (rows.next()) {
        found.add(rows.getInt(1));
      }
    }
    return found;
  }
}
