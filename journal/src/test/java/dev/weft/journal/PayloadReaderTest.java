// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.queue.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** what a reader finds in a file that was used before and is being written. */
class PayloadReaderTest {
  private static final UUID STORE = new UUID(1, 2);
  private static final int SECOND = SegmentHeader.BYTES + 128;

  private final RecordFormat format = new RecordFormat(STORE);
  private final Disk.File file;
  private final PayloadReader reader;

  PayloadReaderTest() throws IOException {
    file = new FakeDisk().open("segment");
    file.write(ByteBuffer.allocate(1 << 19), 0);
    SegmentFiles files = new SegmentFiles();
    files.add(new Segment(7, 1000, file, 1 << 19, 0));
    reader = new PayloadReader(files, STORE);
  }

  private void write(int offset, long sequence, String text) throws IOException {
    Message message = Message.of(text.getBytes(StandardCharsets.UTF_8));
    int length = RecordFormat.HEADER_BYTES + Records.messageBytes(0, message);
    ByteBuffer record = RecordFormat.buffer(RecordFormat.padded(length));
    Records.message(record, RecordFormat.HEADER_BYTES, 0, new QueueState[0], message);
    format.finish(record, 0, length, RecordType.MESSAGE, 1, sequence, 1, 1);
    file.write(record, offset);
  }

  private String read(int offset) {
    PayloadReader.StoredMessage found = reader.read(Location.of(7, offset));
    return found == null
        ? "nothing"
        : new String(found.message().encoded(), StandardCharsets.UTF_8);
  }

  @Test
  void recordWrittenBehindTheWindowIsFound() throws IOException {
    write(SegmentHeader.BYTES, 1000, "first");
    assertThat(read(SegmentHeader.BYTES)).isEqualTo("first");

    write(SECOND, 1001, "second");

    assertThat(read(SECOND)).isEqualTo("second");
  }

  @Test
  void lengthLeftByAnEarlierUseOfTheFileIsNotBelieved() throws IOException {
    write(SegmentHeader.BYTES, 1000, "first");
    ByteBuffer leftover = RecordFormat.buffer(8).putInt(0, 400_000);
    file.write(leftover, SECOND);
    assertThat(read(SegmentHeader.BYTES)).isEqualTo("first");

    write(SECOND, 1001, "second");

    assertThat(read(SECOND)).isEqualTo("second");
  }

  @Test
  void wholeRecordOfAnEarlierUseOfTheFileIsNotBelieved() throws IOException {
    write(SegmentHeader.BYTES, 1000, "first");
    write(SECOND, 17, "somebody else's");
    assertThat(read(SegmentHeader.BYTES)).isEqualTo("first");

    write(SECOND, 1001, "second");

    assertThat(read(SECOND)).isEqualTo("second");
  }

  @Test
  void damagedRecordIsNothing() throws IOException {
    write(SegmentHeader.BYTES, 1000, "first");
    file.write(ByteBuffer.wrap(new byte[] {'x'}), SegmentHeader.BYTES + 66);

    assertThat(read(SegmentHeader.BYTES)).isEqualTo("nothing");
  }
}
