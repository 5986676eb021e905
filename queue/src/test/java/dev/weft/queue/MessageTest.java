// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class MessageTest {
  @Test
  void plainMessageIsDurableOfDefaultPriorityWithoutTimeToLive() {
    Message message = Message.of(new byte[] {1, 2, 3});

    assertThat(message.durable()).isTrue();
    assertThat(message.priority()).isEqualTo(4);
    assertThat(message.ttlMillis()).isEqualTo(Message.NO_TTL);
    assertThat(message.size()).isEqualTo(3);
  }

  @Test
  void bytesAreSharedNotCopied() {
    byte[] encoded = {1};
    assertThat(Message.of(encoded).encoded()).isSameAs(encoded);
  }

  @Test
  void headerFieldsOutOfRangeAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Message(true, -1, 0, new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Message(true, 256, 0, new byte[0]));
    assertThatIllegalArgumentException().isThrownBy(() -> new Message(true, 4, -2, new byte[0]));
  }
}
