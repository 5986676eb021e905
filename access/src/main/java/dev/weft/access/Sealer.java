// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Seals the secrets that have to be used again, so that neither the catalogue nor a backup of it
 * holds one in clear. AES-256-GCM; the sealed form is {@code version(1) keyId(4) nonce(12)
 * ciphertext tag(16)}, and the object's id is authenticated with it: bytes copied to another object
 * do not open.
 *
 * <p>The key file has one key per line, {@code weft-seal-key <base64 of 32 bytes>}. The first
 * seals, all open: to rotate, put a new line on top. Keep the file apart from the backups. Safe for
 * any thread.
 */
public final class Sealer {
  private static final byte VERSION = 1;
  private static final int KEY_ID_BYTES = 4;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int HEADER_BYTES = 1 + KEY_ID_BYTES;
  private static final int KEY_BYTES = 32;
  private static final String LINE_PREFIX = "weft-seal-key ";
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

  private final Map<ByteBuffer, SecretKey> keys;
  private final ByteBuffer currentId;
  private final SecureRandom random;

  private Sealer(Map<ByteBuffer, SecretKey> keys, SecureRandom random) {
    this.keys = Map.copyOf(keys);
    this.currentId = keys.keySet().iterator().next();
    this.random = random;
  }

  /**
   * Reads the key file, or makes it with one new key, readable by its owner only.
   *
   * @throws SealException if the group or the world may read it, or it holds no key
   * @throws UncheckedIOException if it cannot be read or made
   */
  public static Sealer open(Path keyFile, SecureRandom random) {
    try {
      if (!Files.exists(keyFile)) {
        create(keyFile, random);
      }
      requireOwnerOnly(keyFile);
      return new Sealer(read(keyFile), random);
    } catch (IOException failure) {
      throw new UncheckedIOException("Cannot use the key file " + keyFile, failure);
    }
  }

  /** Seals the bytes for one object, e.g. {@code service-key:…}. */
  public byte[] seal(byte[] plain, String objectId) {
    var nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] header = header();
    try {
      byte[] ciphertext =
          cipher(Cipher.ENCRYPT_MODE, keys.get(currentId), nonce, header, objectId).doFinal(plain);
      return ByteBuffer.allocate(HEADER_BYTES + NONCE_BYTES + ciphertext.length)
          .put(header)
          .put(nonce)
          .put(ciphertext)
          .array();
    } catch (GeneralSecurityException failure) {
      throw new IllegalStateException("AES-256-GCM is not available", failure);
    }
  }

  /**
   * Opens what {@link #seal} made for the same object.
   *
   * @throws SealException if the key is not in the file, the bytes were changed, or they belong to
   *     another object
   */
  public byte[] unseal(byte[] sealed, String objectId) {
    if (sealed.length < HEADER_BYTES + NONCE_BYTES + TAG_BITS / 8 || sealed[0] != VERSION) {
      throw new SealException("Sealed bytes of " + objectId + " are of no known form", null);
    }
    SecretKey key = keys.get(ByteBuffer.wrap(sealed, 1, KEY_ID_BYTES));
    if (key == null) {
      throw new SealException("The key that sealed " + objectId + " is not in the key file", null);
    }
    byte[] header = Arrays.copyOf(sealed, HEADER_BYTES);
    byte[] nonce = Arrays.copyOfRange(sealed, HEADER_BYTES, HEADER_BYTES + NONCE_BYTES);
    int start = HEADER_BYTES + NONCE_BYTES;
    try {
      return cipher(Cipher.DECRYPT_MODE, key, nonce, header, objectId)
          .doFinal(sealed, start, sealed.length - start);
    } catch (GeneralSecurityException failure) {
      throw new SealException("Sealed bytes of " + objectId + " do not open", failure);
    }
  }

  private byte[] header() {
    return ByteBuffer.allocate(HEADER_BYTES).put(VERSION).put(currentId.duplicate()).array();
  }

  private static Cipher cipher(
      int mode, @Nullable SecretKey key, byte[] nonce, byte[] header, String objectId)
      throws GeneralSecurityException {
    var cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(header);
    cipher.updateAAD(objectId.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }

  private static Map<ByteBuffer, SecretKey> read(Path keyFile) throws IOException {
    var keys = new LinkedHashMap<ByteBuffer, SecretKey>();
    for (String line : Files.readAllLines(keyFile)) {
      if (line.startsWith(LINE_PREFIX)) {
        byte[] key = decode(line.substring(LINE_PREFIX.length()).strip());
        if (key.length != KEY_BYTES) {
          throw new SealException("A key in the key file has not 256 bits", null);
        }
        keys.put(keyId(key), new SecretKeySpec(key, "AES"));
      }
    }
    if (keys.isEmpty()) {
      throw new SealException("The key file holds no key", null);
    }
    return keys;
  }

  private static byte[] decode(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException malformed) {
      throw new SealException("A key in the key file is not base64", null);
    }
  }

  private static ByteBuffer keyId(byte[] key) {
    byte[] digest = Digests.sha256("weft-seal-key-id".getBytes(StandardCharsets.UTF_8), key);
    return ByteBuffer.wrap(Arrays.copyOf(digest, KEY_ID_BYTES));
  }

  /** Written apart and linked into place: nobody ever sees half a key, or one that others read. */
  private static void create(Path keyFile, SecureRandom random) throws IOException {
    var key = new byte[KEY_BYTES];
    random.nextBytes(key);
    byte[] line =
        (LINE_PREFIX + Base64.getEncoder().encodeToString(key) + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    Path directory = keyFile.toAbsolutePath().normalize().getParent();
    if (directory == null) {
      throw new IOException("The key file needs a directory");
    }
    Files.createDirectories(directory);
    Path fresh = Files.createTempFile(directory, ".seal", ".new", ownerOnly(directory));
    try {
      try (var channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        var buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
        channel.force(true);
      }
      putInPlace(fresh, keyFile);
      forceDirectory(directory);
    } finally {
      Files.deleteIfExists(fresh);
      Arrays.fill(key, (byte) 0);
      Arrays.fill(line, (byte) 0);
    }
  }

  private static void putInPlace(Path fresh, Path keyFile) throws IOException {
    try {
      Files.createLink(keyFile, fresh);
    } catch (FileAlreadyExistsException raced) {
      // Another process was first: its key is the key.
      return;
    } catch (UnsupportedOperationException noLinks) {
      Files.move(fresh, keyFile);
    }
  }

  private static void forceDirectory(Path directory) throws IOException {
    if (isPosix(directory)) {
      try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static FileAttribute<?>[] ownerOnly(Path directory) {
    return isPosix(directory)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWNER_ONLY)}
        : new FileAttribute<?>[0];
  }

  private static void requireOwnerOnly(Path keyFile) throws IOException {
    if (!isPosix(keyFile)) {
      return;
    }
    for (PosixFilePermission permission : Files.getPosixFilePermissions(keyFile)) {
      switch (permission) {
        case OWNER_READ, OWNER_WRITE, OWNER_EXECUTE -> {}
        case GROUP_READ, GROUP_WRITE, GROUP_EXECUTE, OTHERS_READ, OTHERS_WRITE, OTHERS_EXECUTE ->
            throw new SealException(
                "The key file " + keyFile + " must be accessible by its owner only (mode 0600)",
                null);
      }
    }
  }

  private static boolean isPosix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  /** Never a key. */
  @Override
  public String toString() {
    return "Sealer[" + keys.size() + " keys]";
  }
}
