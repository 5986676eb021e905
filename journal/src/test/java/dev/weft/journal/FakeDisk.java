// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A directory in memory that can lose power: what was not forced may be kept, lost or torn, block
 * by block and name by name, as a real disk would (the model of ALICE). It can also fail the n-th
 * operation, lie about it, and run out of room. Safe for any thread.
 *
 * <p>A copy costs next to nothing: blocks are never changed, only replaced.
 */
public final class FakeDisk implements Disk {
  /** What reaches the platter as a whole or not at all. */
  public static final int BLOCK = 512;

  /** Everything that changes the disk. */
  public enum Operation {
    CREATE,
    WRITE,
    FORCE,
    RENAME,
    DELETE,
    SYNC
  }

  /** Has a say before each operation, under the lock of the disk. */
  public interface Fault {
    /**
     * @param name of the file as it is now; empty for {@link Operation#SYNC} and for a file without
     *     name
     * @param number of operations before this one
     * @return whether the operation takes effect; one that does not still reports success
     * @throws IOException to make it fail
     */
    boolean allows(Operation operation, String name, long number) throws IOException;
  }

  /**
   * A change of the directory that is not durable yet.
   *
   * @param removed name that goes, or null
   * @param added name that then means the file, or null
   */
  private record NameChange(FakeInode inode, @Nullable String removed, @Nullable String added) {}

  private final Map<String, FakeInode> names = new TreeMap<>();
  private Map<String, FakeInode> forcedNames = new TreeMap<>();
  private final List<NameChange> nameChanges = new ArrayList<>();
  private @Nullable Fault fault;
  private long operations;
  private boolean failed;
  private long openFiles;
  private long bytesMax = Long.MAX_VALUE;
  private boolean off;

  /** Asks that fault before each operation from now on; none for null. */
  public synchronized void fault(@Nullable Fault next) {
    fault = next;
  }

  /** Lets every changing operation behind the next {@code count} fail. */
  public synchronized void failAfter(long count) {
    long from = operations + count;
    fault = (_, _, number) -> number < from || inputOutputError();
  }

  /** Lets one changing operation fail, after the next {@code count}. */
  public synchronized void failOnceAfter(long count) {
    long at = operations + count;
    fault = (_, _, number) -> number != at || inputOutputError();
  }

  private static boolean inputOutputError() throws IOException {
    throw new IOException("Input/output error");
  }

  /** Changing operations so far, those that failed included. */
  public synchronized long operations() {
    return operations;
  }

  /** Whether an operation was made to fail. */
  public synchronized boolean failed() {
    return failed;
  }

  /** Lets the files grow to so many bytes together. */
  public synchronized void room(long bytes) {
    bytesMax = bytes;
  }

  /** Bytes of all files. */
  public synchronized long bytes() {
    return names.values().stream().mapToLong(inode -> inode.size).sum();
  }

  /** Files that were opened and not closed. */
  public synchronized long openFiles() {
    return openFiles;
  }

  /** The process is gone: what it wrote stays, forced or not, and whatever it still tries fails. */
  public synchronized FakeDisk afterKill() {
    FakeDisk next = copy();
    off = true;
    return next;
  }

  /**
   * The power is gone: of what was not forced, each block and each change of a name is kept or lost
   * by chance. Whatever the process still tries fails.
   */
  public synchronized FakeDisk afterPowerLoss(RandomGenerator random) {
    FakeDisk next = new FakeDisk();
    // One fate for the whole disk, or one of its own for every file.
    Survivors all = random.nextBoolean() ? Survivors.draw(random) : null;
    Map<FakeInode, FakeInode> survivors = new HashMap<>();
    survivingNames(all, random)
        .forEach(
            (name, inode) ->
                next.names.put(
                    name, survivors.computeIfAbsent(inode, lost -> lost.survivor(all, random))));
    next.forcedNames.putAll(next.names);
    off = true;
    return next;
  }

  /** Changes of one file's name keep their order; those of different files need not. */
  private Map<String, FakeInode> survivingNames(@Nullable Survivors all, RandomGenerator random) {
    List<NameChange> kept = new ArrayList<>();
    Survivors mode = all == null ? Survivors.draw(random) : all;
    for (int at : mode.choose(nameChanges.size(), random)) {
      NameChange change = nameChanges.get(at);
      long earlier = nameChanges.subList(0, at).stream().filter(isOf(change.inode)).count();
      if (kept.stream().filter(isOf(change.inode)).count() == earlier) {
        kept.add(change);
      }
    }
    Map<String, FakeInode> left = new TreeMap<>(forcedNames);
    kept.forEach(change -> apply(change, left));
    return left;
  }

  private static java.util.function.Predicate<NameChange> isOf(FakeInode inode) {
    return change -> change.inode == inode;
  }

  private static void apply(NameChange change, Map<String, FakeInode> names) {
    if (change.removed != null && names.get(change.removed) == change.inode) {
      names.remove(change.removed);
    }
    if (change.added != null) {
      names.put(change.added, change.inode);
    }
  }

  /** Bytes of a file. */
  public synchronized byte[] content(String name) {
    return inode(name).content();
  }

  /** Gives a file other bytes, or makes it; durable at once, and seen by who has it open. */
  public synchronized void put(String name, byte[] content) {
    FakeInode inode = names.computeIfAbsent(name, _ -> new FakeInode(new byte[0]));
    inode.replace(content);
    forcedNames.put(name, inode);
  }

  /** Cuts a file or fills it up with zeros, durable at once. */
  public synchronized void truncate(String name, int length) {
    put(name, Arrays.copyOf(content(name), length));
  }

  /** Takes a file away, durable at once. */
  public synchronized void remove(String name) {
    names.remove(name);
    forcedNames.remove(name);
  }

  /** A copy that shares nothing and knows as well what is not durable. */
  public synchronized FakeDisk copy() {
    FakeDisk next = new FakeDisk();
    Map<FakeInode, FakeInode> copies = new HashMap<>();
    names.forEach((name, inode) -> next.names.put(name, copyOf(inode, copies)));
    forcedNames.forEach((name, inode) -> next.forcedNames.put(name, copyOf(inode, copies)));
    for (NameChange change : nameChanges) {
      next.nameChanges.add(
          new NameChange(copyOf(change.inode, copies), change.removed, change.added));
    }
    return next;
  }

  private static FakeInode copyOf(FakeInode inode, Map<FakeInode, FakeInode> copies) {
    return copies.computeIfAbsent(inode, FakeInode::new);
  }

  /** Every file by name, for comparing before and after. */
  public synchronized Map<String, Integer> fingerprint() {
    Map<String, Integer> result = new TreeMap<>();
    names.forEach((name, inode) -> result.put(name, Arrays.hashCode(inode.content())));
    return result;
  }

  private FakeInode inode(String name) {
    FakeInode inode = names.get(name);
    if (inode == null) {
      throw new IllegalArgumentException(name);
    }
    return inode;
  }

  private String nameOf(FakeInode inode) {
    for (Map.Entry<String, FakeInode> named : names.entrySet()) {
      if (named.getValue() == inode) {
        return named.getKey();
      }
    }
    return "";
  }

  private void requirePower() throws IOException {
    if (off) {
      throw new IOException("the machine is off");
    }
  }

  private boolean operate(Operation operation, String name) throws IOException {
    requirePower();
    long number = operations++;
    try {
      return fault == null || fault.allows(operation, name, number);
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(names.keySet());
  }

  @Override
  public synchronized File open(String name) throws IOException {
    requirePower();
    FakeInode inode = names.get(name);
    if (inode == null) {
      operate(Operation.CREATE, name);
      inode = new FakeInode(new byte[0]);
      change(new NameChange(inode, null, name));
    }
    openFiles++;
    return new FakeFile(inode);
  }

  @Override
  public synchronized File openForReading(String name) throws IOException {
    FakeInode inode = names.get(name);
    if (inode == null) {
      throw new NoSuchFileException(name);
    }
    openFiles++;
    return new FakeFile(inode);
  }

  private void change(NameChange change) {
    apply(change, names);
    nameChanges.add(change);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    if (operate(Operation.RENAME, from)) {
      FakeInode inode = names.get(from);
      if (inode == null) {
        throw new NoSuchFileException(from);
      }
      change(new NameChange(inode, from, to));
    }
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    FakeInode inode = names.get(name);
    if (inode != null && operate(Operation.DELETE, name)) {
      change(new NameChange(inode, name, null));
    }
  }

  @Override
  public synchronized void sync() throws IOException {
    if (operate(Operation.SYNC, "")) {
      forcedNames = new TreeMap<>(names);
      nameChanges.clear();
    }
  }

  @Override
  public synchronized Space space() {
    return bytesMax == Long.MAX_VALUE
        ? Space.PLENTY
        : new Space(Math.max(0, bytesMax - bytes()), bytesMax);
  }

  /** Leaves {@link #openFiles()} as it is, so that a test sees what was forgotten. */
  @Override
  public void close() {}

  private final class FakeFile implements File {
    private final FakeInode inode;
    private boolean closed;

    FakeFile(FakeInode inode) {
      this.inode = inode;
    }

    @Override
    public long size() {
      synchronized (FakeDisk.this) {
        return inode.size;
      }
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      synchronized (FakeDisk.this) {
        if (!operate(Operation.WRITE, nameOf(inode))) {
          bytes.position(bytes.limit());
          return;
        }
        long end = position + bytes.remaining();
        long room = bytesMax - bytes();
        if (end - inode.size > room) {
          // As on a real disk, what fits is written before the error.
          long fits = Math.clamp(inode.size + Math.max(0, room) - position, 0, bytes.remaining());
          inode.write(bytes.slice(bytes.position(), (int) fits), (int) position);
          failed = true;
          throw new IOException("No space left on device");
        }
        inode.write(bytes, (int) position);
      }
    }

    @Override
    public int read(ByteBuffer into, long position) {
      synchronized (FakeDisk.this) {
        return inode.read(into, position);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (FakeDisk.this) {
        try {
          if (operate(Operation.FORCE, nameOf(inode))) {
            inode.force();
          }
        } catch (IOException e) {
          inode.loseUnforced();
          throw e;
        }
      }
    }

    @Override
    public void close() {
      synchronized (FakeDisk.this) {
        openFiles -= closed ? 0 : 1;
        closed = true;
      }
    }
  }
}
