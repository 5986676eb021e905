// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.disk;

import dev.weft.acceptance.wire.TestGroup;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * A file system of its own in one file, mounted through a loop device, that can lose its power:
 * what was forced before is there afterwards, what was only written is not.
 *
 * <p>Power loss is the kernel's own request to shut a file system down without flushing its log
 * ({@code EXT4_IOC_SHUTDOWN}, {@code XFS_IOC_GOINGDOWN}): from that moment every call on it fails
 * with EIO, and nothing more reaches the device. Each loss proves itself by a control file, part of
 * which was forced and part of which was not.
 */
public final class LoopFileSystem implements AutoCloseable {
  /** The kinds that know the request. */
  public enum Kind {
    EXT4,
    XFS;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** {@code _IOR('X', 125, __u32)}, the same number for both kinds. */
  private static final long SHUTDOWN = 0x8004587DL;

  /** Neither data nor log is flushed first. */
  private static final int WITHOUT_LOG_FLUSH = 2;

  private static final int CONTROL_BYTES = 8192;
  private static final int UNMOUNT_ATTEMPTS = 100;

  private final Path image;
  private final Path mountPoint;
  private boolean mounted;

  private LoopFileSystem(Path image, Path mountPoint) {
    this.image = image;
    this.mountPoint = mountPoint;
  }

  /** Skips the test when this machine can't do it. */
  public static void require(Kind kind) {
    if (!System.getProperty("os.name").equals("Linux")) {
      TestGroup.skip("power", "needs Linux");
    }
    if (!Command.run("id", "-u").text().equals("0")) {
      TestGroup.skip("power", "needs root to mount a loop device");
    }
    if (!Files.exists(Path.of("/dev/loop-control"))) {
      TestGroup.skip("power", "there are no loop devices");
    }
    if (!Command.works("mkfs." + kind.word(), "-V")) {
      String source = kind == Kind.XFS ? "xfsprogs" : "e2fsprogs";
      TestGroup.skip("power", "there is no mkfs." + kind.word() + ", install " + source);
    }
  }

  /**
   * Makes and mounts one.
   *
   * @param folder gets the image and the mount point
   * @param bytes size; the file is sparse. XFS wants 300 MiB at least
   */
  public static LoopFileSystem make(Path folder, Kind kind, long bytes) {
    try {
      Path image = folder.resolve("disk." + kind.word());
      Path mountPoint = Files.createDirectory(folder.resolve("mounted"));
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        file.setLength(bytes);
      }
      switch (kind) {
        case EXT4 -> Command.succeed("mkfs.ext4", "-q", "-F", image.toString());
        case XFS -> Command.succeed("mkfs.xfs", "-q", "-f", image.toString());
      }
      LoopFileSystem made = new LoopFileSystem(image, mountPoint);
      made.mount();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is mounted. */
  public Path root() {
    return mountPoint;
  }

  public long freeBytes() {
    try {
      return Files.getFileStore(mountPoint).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void mount() {
    Command.succeed("mount", "-o", "loop", image.toString(), mountPoint.toString());
    mounted = true;
  }

  /** The power goes. Whoever uses the file system gets EIO from now on, until it is back. */
  public void losePower() {
    Path control = mountPoint.resolve("control");
    try (FileChannel file =
            FileChannel.open(control, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileChannel directory = FileChannel.open(mountPoint, StandardOpenOption.READ)) {
      file.truncate(0);
      file.write(ByteBuffer.allocate(CONTROL_BYTES));
      file.force(true);
      directory.force(true);
      file.write(ByteBuffer.allocate(CONTROL_BYTES));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    shutDown();
  }

  /**
   * The power comes back: mounts again, which recovers the file system's own log. Nobody may have a
   * file open any more.
   *
   * @throws IllegalStateException if the control file shows that this was no power loss
   */
  public void restorePower() {
    unmount();
    mount();
    try {
      long bytes = Files.size(mountPoint.resolve("control"));
      if (bytes != CONTROL_BYTES) {
        throw new IllegalStateException(
            "no power loss: of the control file's "
                + CONTROL_BYTES
                + " forced and as many unforced bytes "
                + bytes
                + " are there");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @SuppressWarnings("restricted") // The one call that Java has no word for.
  private void shutDown() {
    Linker linker = Linker.nativeLinker();
    MethodHandle open =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("open"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(2));
    MethodHandle ioctl =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("ioctl"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_LONG,
                ValueLayout.ADDRESS),
            Linker.Option.firstVariadicArg(2));
    MethodHandle close =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("close"),
            FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = arena.allocateFrom(mountPoint.toString());
      MemorySegment flags = arena.allocateFrom(ValueLayout.JAVA_INT, WITHOUT_LOG_FLUSH);
      int descriptor = (int) open.invokeExact(path, 0);
      int result = (int) ioctl.invokeExact(descriptor, SHUTDOWN, flags);
      int closed = (int) close.invokeExact(descriptor);
      if (descriptor < 0 || result != 0 || closed != 0) {
        throw new IllegalStateException(mountPoint + " does not shut down: ioctl gives " + result);
      }
    } catch (IllegalStateException e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private void unmount() {
    Command.Exit exit = Command.run("umount", mountPoint.toString());
    // A process that was killed is reaped a moment before its files are closed.
    for (int i = 0; exit.code() != 0 && i < UNMOUNT_ATTEMPTS; i++) {
      LockSupport.parkNanos(20_000_000);
      exit = Command.run("umount", mountPoint.toString());
    }
    if (exit.code() != 0) {
      throw new IllegalStateException(mountPoint + " stays mounted: " + exit.text());
    }
    mounted = false;
  }

  /** Unmounts; the image stays. */
  @Override
  public void close() {
    if (mounted) {
      unmount();
    }
  }
}
