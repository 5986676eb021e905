// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A directory in memory that can lose power: what was not forced may be kept, lost or torn, block
 * by block, as a real disk would (the model of ALICE), and that can fail the n-th write or force.
 * Safe for any thread.
 */
final class FakeDisk implements Disk {
  private static final int BLOCK = 512;

  /** Content of one file. */
  private static final class Inode {
    byte[] current = new byte[0];
    byte[] forced = new byte[0];
  }

  private final Map<String, Inode> names = new TreeMap<>();
  private Map<String, Inode> forcedNames = new TreeMap<>();
  private long operationsUntilError = Long.MAX_VALUE;
  private long operations;
  private boolean off;

  /** Lets every write and force from the n-th on fail. */
  synchronized void failAfter(long writesAndForces) {
    operationsUntilError = operations + writesAndForces;
  }

  synchronized void repair() {
    operationsUntilError = Long.MAX_VALUE;
  }

  synchronized long operations() {
    return operations;
  }

  /** The process is gone: what it wrote stays, whatever it still tries fails. */
  synchronized FakeDisk afterKill() {
    FakeDisk next = new FakeDisk();
    names.forEach((name, inode) -> next.put(name, inode.current));
    off = true;
    return next;
  }

  /**
   * The power is gone: of what was not forced, each block and each name is kept or lost by chance.
   */
  synchronized FakeDisk afterPowerLoss(RandomGenerator random) {
    FakeDisk next = new FakeDisk();
    boolean keepNames = random.nextBoolean();
    (keepNames ? names : forcedNames)
        .forEach((name, inode) -> next.put(name, survivors(inode, random)));
    off = true;
    return next;
  }

  private static byte[] survivors(Inode inode, RandomGenerator random) {
    int mode = random.nextInt(4);
    byte[] result =
        Arrays.copyOf(inode.forced, Math.max(inode.forced.length, inode.current.length));
    int kept = random.nextInt(result.length / BLOCK + 2);
    for (int block = 0; block * BLOCK < inode.current.length; block++) {
      boolean keep =
          switch (mode) {
            case 0 -> false;
            case 1 -> true;
            case 2 -> block < kept;
            default -> random.nextBoolean();
          };
      if (keep) {
        int from = block * BLOCK;
        int length = Math.min(BLOCK, inode.current.length - from);
        System.arraycopy(inode.current, from, result, from, length);
      }
    }
    return result;
  }

  private void put(String name, byte[] content) {
    Inode inode = new Inode();
    inode.current = content.clone();
    inode.forced = content.clone();
    names.put(name, inode);
    forcedNames.put(name, inode);
  }

  /** Bytes of a file, to look at and to damage: changes go to the disk at once. */
  synchronized byte[] content(String name) {
    Inode inode = inode(name);
    inode.forced = inode.current;
    return inode.current;
  }

  synchronized void truncate(String name, int length) {
    Inode inode = inode(name);
    inode.current = Arrays.copyOf(inode.current, length);
    inode.forced = inode.current;
  }

  /** A copy that shares nothing. */
  synchronized FakeDisk copy() {
    FakeDisk next = new FakeDisk();
    names.forEach((name, inode) -> next.put(name, inode.current));
    return next;
  }

  /** Every file by name, for comparing before and after. */
  synchronized Map<String, Integer> fingerprint() {
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

  private void operate() throws IOException {
    if (off) {
      throw new IOException("the machine is off");
    }
    operations++;
    if (operations > operationsUntilError) {
      throw new IOException("Input/output error");
    }
  }

  @Override
  public synchronized List<String> list() {
    return List.copyOf(names.keySet());
  }

  @Override
  public synchronized File open(String name) throws IOException {
    if (off) {
      throw new IOException("the machine is off");
    }
    return new FakeFile(names.computeIfAbsent(name, _ -> new Inode()));
  }

  @Override
  public synchronized File openForReading(String name) throws IOException {
    Inode inode = names.get(name);
    if (inode == null) {
      throw new NoSuchFileException(name);
    }
    return new FakeFile(inode);
  }

  @Override
  public synchronized void rename(String from, String to) throws IOException {
    operate();
    Inode inode = names.remove(from);
    if (inode == null) {
      throw new NoSuchFileException(from);
    }
    names.put(to, inode);
  }

  @Override
  public synchronized void delete(String name) throws IOException {
    operate();
    names.remove(name);
  }

  @Override
  public synchronized void sync() throws IOException {
    operate();
    forcedNames = new TreeMap<>(names);
  }

  @Override
  public void close() {}

  private final class FakeFile implements File {
    private final Inode inode;

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
        operate();
        inode.forced = inode.current;
      }
    }

    @Override
    public void close() {}
  }
}
