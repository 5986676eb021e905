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
 * operation, for good or once, and run out of room. Safe for any thread.
 */
public final class FakeDisk implements Disk {
  private static final int BLOCK = 512;

  /** Content of one file. */
  private static final class Inode {
    byte[] current = new byte[0];
    byte[] forced = new byte[0];

    /** A force failed: the cache calls its pages clean, so that later forces write nothing. */
    boolean lost;

    Inode() {}

    Inode(byte[] current, byte[] forced) {
      this.current = current.clone();
      this.forced = forced.clone();
    }
  }

  /**
   * A change of the directory that is not durable yet.
   *
   * @param removed name that goes, or null
   * @param added name that then means the file, or null
   */
  private record NameChange(Inode inode, @Nullable String removed, @Nullable String added) {}

  /** What survives a loss of power of all that was not forced. */
  private enum Survivors {
    NONE,
    ALL,
    PREFIX,
    SUBSET
  }

  private final Map<String, Inode> names = new TreeMap<>();
  private Map<String, Inode> forcedNames = new TreeMap<>();
  private final List<NameChange> nameChanges = new ArrayList<>();
  private long failFrom = Long.MAX_VALUE;
  private long failTo = Long.MAX_VALUE;
  private long operations;
  private long openFiles;
  private long bytesMax = Long.MAX_VALUE;
  private boolean off;

  /** Lets every changing operation behind the next {@code count} fail. */
  public synchronized void failAfter(long count) {
    failFrom = operations + count;
    failTo = Long.MAX_VALUE;
  }

  /** Lets one changing operation fail, after the next {@code count}. */
  public synchronized void failOnceAfter(long count) {
    failFrom = operations + count;
    failTo = failFrom + 1;
  }

  /** Changing operations so far: writes, forces, renames, deletions, forces of the directory. */
  public synchronized long operations() {
    return operations;
  }

  /** Whether an operation was made to fail. */
  public synchronized boolean failed() {
    return operations > failFrom;
  }

  /** Lets the files grow to so many bytes together. */
  public synchronized void room(long bytes) {
    bytesMax = bytes;
  }

  public synchronized long bytes() {
    return names.values().stream().mapToLong(inode -> inode.current.length).sum();
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
   * by chance.
   */
  public synchronized FakeDisk afterPowerLoss(RandomGenerator random) {
    FakeDisk next = new FakeDisk();
    Map<Inode, Inode> survivors = new HashMap<>();
    survivingNames(random)
        .forEach(
            (name, inode) ->
                next.names.put(
                    name,
                    survivors.computeIfAbsent(inode, lost -> durable(contentLeft(lost, random)))));
    next.forcedNames.putAll(next.names);
    off = true;
    return next;
  }

  /** Changes of one file's name keep their order; those of different files need not. */
  private Map<String, Inode> survivingNames(RandomGenerator random) {
    Survivors mode = random(random);
    int prefix = random.nextInt(nameChanges.size() + 1);
    Map<Inode, Boolean> ended = new HashMap<>();
    Map<String, Inode> left = new TreeMap<>(forcedNames);
    for (int i = 0; i < nameChanges.size(); i++) {
      NameChange change = nameChanges.get(i);
      boolean kept =
          switch (mode) {
            case NONE -> false;
            case ALL -> true;
            case PREFIX -> i < prefix;
            case SUBSET -> {
              boolean goesOn = !ended.containsKey(change.inode) && random.nextBoolean();
              if (!goesOn) {
                ended.put(change.inode, true);
              }
              yield goesOn;
            }
          };
      if (kept) {
        apply(change, left);
      }
    }
    return left;
  }

  private static void apply(NameChange change, Map<String, Inode> names) {
    if (change.removed != null && names.get(change.removed) == change.inode) {
      names.remove(change.removed);
    }
    if (change.added != null) {
      names.put(change.added, change.inode);
    }
  }

  private static byte[] contentLeft(Inode inode, RandomGenerator random) {
    Survivors mode = random(random);
    byte[] result =
        Arrays.copyOf(inode.forced, Math.max(inode.forced.length, inode.current.length));
    int prefix = random.nextInt(result.length / BLOCK + 2);
    for (int block = 0; block * BLOCK < inode.current.length; block++) {
      boolean kept =
          switch (mode) {
            case NONE -> false;
            case ALL -> true;
            case PREFIX -> block < prefix;
            case SUBSET -> random.nextBoolean();
          };
      if (kept && !inode.lost) {
        int from = block * BLOCK;
        int length = Math.min(BLOCK, inode.current.length - from);
        System.arraycopy(inode.current, from, result, from, length);
      }
    }
    return result;
  }

  private static Survivors random(RandomGenerator random) {
    return Survivors.values()[random.nextInt(Survivors.values().length)];
  }

  private static Inode durable(byte[] content) {
    return new Inode(content, content);
  }

  /** Bytes of a file, to look at and to damage: changes go to the disk at once. */
  public synchronized byte[] content(String name) {
    Inode inode = inode(name);
    inode.forced = inode.current;
    return inode.current;
  }

  public synchronized void truncate(String name, int length) {
    Inode inode = inode(name);
    inode.current = Arrays.copyOf(inode.current, length);
    inode.forced = inode.current;
  }

  /** A copy that shares nothing and knows as well what is not durable. */
  public synchronized FakeDisk copy() {
    FakeDisk next = new FakeDisk();
    Map<Inode, Inode> copies = new HashMap<>();
    names.forEach((name, inode) -> next.names.put(name, copyOf(inode, copies)));
    forcedNames.forEach((name, inode) -> next.forcedNames.put(name, copyOf(inode, copies)));
    for (NameChange change : nameChanges) {
      next.nameChanges.add(
          new NameChange(copyOf(change.inode, copies), change.removed, change.added));
    }
    return next;
  }

  private static Inode copyOf(Inode inode, Map<Inode, Inode> copies) {
    return copies.computeIfAbsent(inode, from -> new Inode(from.current, from.forced));
  }

  /** Every file by name, for comparing before and after. */
  public synchronized Map<String, Integer> fingerprint() {
    Map<String, Integer> result = new HashMap<>();
    names.forEach((name, inode) -> result.put(name, Arrays.hashCode(inode.current)));
    return result;
  }

  private Inode inode(String name) {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new IllegalArgumentException(name);
    }
    return inode;
  }

  private void requirePower() throws IOException {
    if (off) {
      throw new IOException("the machine is off");
    }
  }

  private void operate() throws IOException {
    requirePower();
    operations++;
    if (operations > failFrom && operations <= failTo) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(names.keySet());
  }

  @Override
  public synchronized File open(String name) throws IOException {
    requirePower();
    Inode inode = names.get(name);
    if (inode == null) {
      inode = new Inode();
      change(new NameChange(inode, null, name));
    }
    openFiles++;
    return new FakeFile(inode);
  }

  @Override
  public synchronized File openForReading(String name) throws IOException {
    Inode inode = names.get(name);
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
    operate();
    Inode inode = names.get(from);
    if (inode == null) {
      throw new NoSuchFileException(from);
    }
    change(new NameChange(inode, from, to));
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    operate();
    Inode inode = names.get(name);
    if (inode != null) {
      change(new NameChange(inode, name, null));
    }
  }

  @Override
  public synchronized void sync() throws IOException {
    operate();
    forcedNames = new TreeMap<>(names);
    nameChanges.clear();
  }

  @Override
  public void close() {}

  private final class FakeFile implements File {
    private final Inode inode;
    private boolean closed;

    FakeFile(Inode inode) {
      this.inode = inode;
    }

    @Override
    public long size() {
      synchronized (FakeDisk.this) {
        return inode.current.length;
      }
    }

    @Override
    public void write(ByteBuffer bytes, long position) throws IOException {
      synchronized (FakeDisk.this) {
        operate();
        int end = (int) position + bytes.remaining();
        if (end > inode.current.length && bytes() + end - inode.current.length > bytesMax) {
          throw new IOException("No space left on device");
        }
        byte[] grown = Arrays.copyOf(inode.current, Math.max(end, inode.current.length));
        bytes.get(grown, (int) position, bytes.remaining());
        inode.current = grown;
      }
    }

    @Override
    public int read(ByteBuffer into, long position) {
      synchronized (FakeDisk.this) {
        int count = (int) Math.min(into.remaining(), inode.current.length - position);
        if (count > 0) {
          into.put(inode.current, (int) position, count);
        }
        return Math.max(0, count);
      }
    }

    @Override
    public void force() throws IOException {
      synchronized (FakeDisk.this) {
        try {
          operate();
        } catch (IOException e) {
          inode.lost = true;
          throw e;
        }
        if (!inode.lost) {
          inode.forced = inode.current;
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
