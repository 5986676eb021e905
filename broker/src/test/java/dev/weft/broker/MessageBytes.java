// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.codec.CodecFactory;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.codec.Encoder;
import org.apache.qpid.protonj2.types.messaging.Section;

/** Encodes and decodes with a foreign codec, so that ours is not its own judge. */
final class MessageBytes {
  private MessageBytes() {}

  static byte[] of(Section<?>... sections) {
    Encoder encoder = CodecFactory.getDefaultEncoder();
    ProtonBuffer buffer = ProtonBufferAllocator.defaultAllocator().allocate();
    for (Section<?> section : sections) {
      encoder.writeObject(buffer, encoder.newEncoderState(), section);
    }
    byte[] bytes = new byte[buffer.getReadableBytes()];
    buffer.readBytes(bytes, 0, bytes.length);
    return bytes;
  }

  static List<Section<?>> sections(byte[] bytes) {
    Decoder decoder = CodecFactory.getDefaultDecoder();
    ProtonBuffer buffer = ProtonBufferAllocator.defaultAllocator().copy(bytes);
    var sections = new ArrayList<Section<?>>();
    while (buffer.isReadable()) {
      sections.add((Section<?>) decoder.readObject(buffer, decoder.newDecoderState()));
    }
    return sections;
  }

  static <T extends Section<?>> T section(byte[] bytes, Class<T> type) {
    return sections(bytes).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .findFirst()
        .orElseThrow();
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
  }
}
