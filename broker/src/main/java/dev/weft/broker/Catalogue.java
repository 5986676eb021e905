// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import com.zaxxer.hikari.HikariDataSource;
import dev.weft.access.AccessStore;
import dev.weft.access.ServiceInstance;
import dev.weft.access.TopicPattern;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * What exists, on disk: instances, keys, queues, subscriptions, webhooks. Secrets come here sealed.
 * Every write is one transaction and forced to the disk before its method returns. Blocks; call
 * from virtual threads. Safe for any thread.
 *
 * <p>Everything but a failed check is {@link MeshException.EngineUnavailable} to callers: a
 * database that does not answer is nobody's fault at the door.
 */
public final class Catalogue implements AccessStore, AutoCloseable {
  /** A queue at rest. */
  record StoredQueue(QueueName name, String instanceId, QueueSettings settings, boolean deleting) {}

  /** A webhook at rest. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record StoredWebhook(
      String instanceId,
      String name,
      QueueName queue,
      String document,
      byte[] sealedAuth,
      boolean paused,
      boolean agreed) {}

  private final JdbcDataSource database;
  private final HikariDataSource pool;
  private final Jdbi jdbi;

  Catalogue(JdbcDataSource database, HikariDataSource pool) {
    this.database = database;
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
  }

  /**
   * Opens or makes the catalogue in the directory.
   *
   * @throws CatalogueException if another process has it, a newer Weft wrote it, or it is damaged
   */
  public static Catalogue open(Path directory) {
    try {
      Files.createDirectories(directory, ownerOnly(directory));
    } catch (IOException failure) {
      throw new CatalogueException(
          CatalogueException.Reason.UNREADABLE, "Cannot make " + directory, failure);
    }
    Thread.startVirtualThread(Catalogue::loadClasses);
    JdbcDataSource database = H2Database.at(directory);
    HikariDataSource pool = H2Database.pool(database);
    try {
      Schema.migrate(pool);
      return new Catalogue(database, pool);
    } catch (SQLException failure) {
      pool.close();
      throw H2Database.unreadable(failure);
    } catch (CatalogueException failure) {
      pool.close();
      throw failure;
    }
  }

  /** nobody but the owner enters; H2 makes its file with the mode of the process. */
  private static FileAttribute<?>[] ownerOnly(Path directory) {
    return directory.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  /** The file that an existing catalogue has. */
  public static Path file(Path directory) {
    return directory.resolve(H2Database.FILE + ".mv.db");
  }

  /**
   * What the first query needs is read while H2 opens its file: a tenth of a second of the start.
   */
  private static void loadClasses() {
    Jdbi.create("jdbc:none:");
    QueueAttributes.parse(QueueAttributes.NONE.toDocument());
  }

  /**
   * Loads what {@link #open} needs and touches no disk: a start that has a core to spare does so
   * while it reads its settings. Without it the next open takes longer, that is all.
   */
  public static void preload() {
    var source = new JdbcDataSource();
    source.setURL("jdbc:h2:mem:");
    Jdbi.create(source)
        .useHandle(handle -> handle.createQuery("select 1").mapTo(Integer.class).one());
  }

  private interface Query<T> {
    T in(Handle handle);
  }

  private interface Write {
    void in(Handle handle);
  }

  private <T> T read(Query<T> query) {
    try {
      return jdbi.withHandle(query::in);
    } catch (JdbiException failure) {
      throw unavailable(failure);
    }
  }

  /** H2 writes at the commit but leaves the force to the file system: asked for here. */
  private void write(Write write) {
    try {
      jdbi.useHandle(
          handle -> {
            handle.useTransaction(write::in);
            handle.execute("checkpoint sync");
          });
    } catch (JdbiException failure) {
      throw unavailable(failure);
    }
  }

  private static MeshException unavailable(JdbiException failure) {
    return new MeshException.EngineUnavailable("The catalogue does not answer", failure);
  }

  @Override
  public List<ServiceInstance> instances() {
    return read(
        handle ->
            handle
                .createQuery("select id, name, descriptor from service_instance")
                .map(
                    (row, context) ->
                        ServiceInstance.parse(
                            row.getString("id"),
                            row.getString("name"),
                            row.getString("descriptor")))
                .list());
  }

  @Override
  public void put(ServiceInstance instance) {
    write(
        handle ->
            handle
                .createUpdate(
                    "merge into service_instance (id, name, emname, namespace, descriptor)"
                        + " key (id) values (:id, :name, :emname, :namespace, :descriptor)")
                .bind("id", instance.id())
                .bind("name", instance.name())
                .bind("emname", instance.emname())
                .bind("namespace", instance.namespace())
                .bind("descriptor", instance.descriptor())
                .execute());
  }

  /**
   * @throws MeshException.InvalidValue while it has queues or webhooks: {@link
   *     Administration#deleteEverything} comes first
   */
  @Override
  public void deleteInstance(String instanceId) {
    write(
        handle -> {
          long left =
              handle
                  .createQuery(
                      "select (select count(*) from queue where instance_id = :id)"
                          + " + (select count(*) from webhook_subscription where instance_id = :id)")
                  .bind("id", instanceId)
                  .mapTo(Long.class)
                  .one();
          if (left > 0) {
            throw new MeshException.InvalidValue(
                "service instance", "still has queues or webhooks");
          }
          handle.execute("delete from service_instance where id = ?", instanceId);
        });
  }

  @Override
  public List<SealedKey> keys() {
    return read(
        handle ->
            handle
                .createQuery("select * from service_key")
                .map(
                    (row, context) ->
                        new SealedKey(
                            row.getString("instance_id"),
                            row.getString("name"),
                            row.getString("client_id"),
                            row.getBytes("sealed_secret"),
                            row.getLong("created_at_millis")))
                .list());
  }

  @Override
  public void put(SealedKey key) {
    write(
        handle ->
            handle.execute(
                "insert into service_key"
                    + " (instance_id, name, client_id, sealed_secret, created_at_millis)"
                    + " values (?, ?, ?, ?, ?)",
                key.instanceId(),
                key.name(),
                key.clientId(),
                key.sealedSecret(),
                key.createdAtMillis()));
  }

  @Override
  public void deleteKey(String instanceId, String name) {
    write(
        handle ->
            handle.execute(
                "delete from service_key where instance_id = ? and name = ?", instanceId, name));
  }

  @Override
  public List<SealedSigningKey> signingKeys() {
    return read(
        handle ->
            handle
                .createQuery("select * from signing_key")
                .map(
                    (row, context) ->
                        new SealedSigningKey(
                            row.getString("id"),
                            row.getBytes("sealed_private_key"),
                            row.getLong("created_at_millis")))
                .list());
  }

  @Override
  public void put(SealedSigningKey key) {
    write(
        handle ->
            handle.execute(
                "insert into signing_key (id, sealed_private_key, created_at_millis)"
                    + " values (?, ?, ?)",
                key.keyId(),
                key.sealedPrivateKey(),
                key.createdAtMillis()));
  }

  @Override
  public void deleteSigningKey(String keyId) {
    write(handle -> handle.execute("delete from signing_key where id = ?", keyId));
  }

  List<StoredQueue> queues() {
    return read(
        handle ->
            handle
                .createQuery("select * from queue")
                .map(
                    (row, context) ->
                        new StoredQueue(
                            new QueueName(row.getString("name")),
                            row.getString("instance_id"),
                            settings(row.getString("settings")),
                            row.getBoolean("deleting")))
                .list());
  }

  private static QueueSettings settings(String document) {
    return QueueAttributes.parse(JsonValues.JSON.readTree(document)).applyTo(QueueSettings.DEFAULT);
  }

  private static String document(QueueSettings settings) {
    return QueueAttributes.of(settings).toDocument().toString();
  }

  /** Replaces a tombstone of the name, too. */
  void insertQueue(String instanceId, QueueName name, QueueSettings settings) {
    write(
        handle -> {
          handle.execute("delete from queue where name = ? and deleting", name.value());
          handle.execute(
              "insert into queue (name, instance_id, settings, deleting) values (?, ?, ?, false)",
              name.value(),
              instanceId,
              document(settings));
        });
  }

  void updateQueue(QueueName name, QueueSettings settings) {
    write(
        handle ->
            handle.execute(
                "update queue set settings = ? where name = ?", document(settings), name.value()));
  }

  /** From now on the queue does not exist; see {@link Administration}. */
  void buryQueue(QueueName name) {
    write(
        handle -> {
          handle.execute("update queue set deleting = true where name = ?", name.value());
          handle.execute("delete from queue_subscription where queue = ?", name.value());
          handle.execute("delete from webhook_subscription where queue = ?", name.value());
        });
  }

  void deleteQueue(QueueName name) {
    write(handle -> handle.execute("delete from queue where name = ?", name.value()));
  }

  Map<QueueName, List<TopicPattern>> subscriptions() {
    return read(
        handle -> {
          var all = new HashMap<QueueName, List<TopicPattern>>();
          handle
              .createQuery("select queue, pattern from queue_subscription")
              .map((row, context) -> Map.entry(row.getString("queue"), row.getString("pattern")))
              .forEach(
                  row ->
                      all.computeIfAbsent(new QueueName(row.getKey()), queue -> new ArrayList<>())
                          .add(new TopicPattern(row.getValue())));
          return all;
        });
  }

  /** All in one transaction. */
  void insertSubscriptions(QueueName queue, Collection<TopicPattern> patterns) {
    write(
        handle -> {
          PreparedBatch batch =
              handle.prepareBatch("insert into queue_subscription (queue, pattern) values (?, ?)");
          patterns.forEach(pattern -> batch.add(queue.value(), pattern.value()));
          batch.execute();
        });
  }

  void deleteSubscription(QueueName queue, TopicPattern pattern) {
    write(
        handle ->
            handle.execute(
                "delete from queue_subscription where queue = ? and pattern = ?",
                queue.value(),
                pattern.value()));
  }

  List<StoredWebhook> webhooks() {
    return read(
        handle ->
            handle
                .createQuery("select * from webhook_subscription")
                .map(
                    (row, context) ->
                        new StoredWebhook(
                            row.getString("instance_id"),
                            row.getString("name"),
                            new QueueName(row.getString("queue")),
                            row.getString("document"),
                            row.getBytes("sealed_auth"),
                            row.getBoolean("paused"),
                            row.getBoolean("agreed")))
                .list());
  }

  void insertWebhook(StoredWebhook webhook) {
    write(
        handle ->
            handle.execute(
                "insert into webhook_subscription"
                    + " (instance_id, name, queue, document, sealed_auth, paused, agreed)"
                    + " values (?, ?, ?, ?, ?, ?, ?)",
                webhook.instanceId(),
                webhook.name(),
                webhook.queue().value(),
                webhook.document(),
                webhook.sealedAuth(),
                webhook.paused(),
                webhook.agreed()));
  }

  void updateWebhook(String instanceId, String name, boolean paused) {
    write(
        handle ->
            handle.execute(
                "update webhook_subscription set paused = ? where instance_id = ? and name = ?",
                paused,
                instanceId,
                name));
  }

  void updateAgreement(String instanceId, String name, boolean agreed) {
    write(
        handle ->
            handle.execute(
                "update webhook_subscription set agreed = ? where instance_id = ? and name = ?",
                agreed,
                instanceId,
                name));
  }

  void deleteWebhook(String instanceId, String name) {
    write(
        handle ->
            handle.execute(
                "delete from webhook_subscription where instance_id = ? and name = ?",
                instanceId,
                name));
  }

  /** Documents of guests by name; what stands in them is theirs to know. */
  public SortedMap<String, String> parts(String kind) {
    return read(
        handle -> {
          var parts = new TreeMap<String, String>();
          handle
              .createQuery("select name, document from landscape_part where kind = :kind")
              .bind("kind", kind)
              .map((row, context) -> Map.entry(row.getString("name"), row.getString("document")))
              .forEach(row -> parts.put(row.getKey(), row.getValue()));
          return parts;
        });
  }

  /** Creates or replaces it. */
  public void putPart(String kind, String name, String document) {
    write(
        handle ->
            handle.execute(
                "merge into landscape_part (kind, name, document) key (kind, name)"
                    + " values (?, ?, ?)",
                kind,
                name,
                document));
  }

  /** Idempotent. */
  public void deletePart(String kind, String name) {
    write(
        handle ->
            handle.execute("delete from landscape_part where kind = ? and name = ?", kind, name));
  }

  /** Whether any queue was ever made and not deleted. */
  public boolean hasQueues() {
    return !queues().isEmpty();
  }

  /**
   * Closes without the clean-up that a close does, so that a start which is given up leaves the
   * file as it was. What was written before is kept.
   */
  public void abandon() {
    try (Connection last = database.getConnection();
        Statement statement = last.createStatement()) {
      pool.close(); // The database stays open for the one connection that is not the pool's.
      statement.execute("shutdown immediately");
    } catch (SQLException gone) {
      pool.close();
    }
  }

  /** Idempotent. */
  @Override
  public void close() {
    pool.close();
  }
}
