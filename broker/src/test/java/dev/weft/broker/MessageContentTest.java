// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static dev.weft.broker.MessageBytes.section;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.MeshException.InvalidValue;
import dev.weft.queue.Message;
import java.math.BigInteger;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.UnsignedByte;
import org.apache.qpid.protonj2.types.UnsignedInteger;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.UnsignedShort;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.apache.qpid.protonj2.types.messaging.Section;
import org.junit.jupiter.api.Test;

/** Messages as doors without AMQP see them. */
class MessageContentTest {
  private static final Address TOPIC = Address.parse("topic:acme/shop/one/x");

  private static MessageContent read(Section<?>... sections) {
    return MessageContent.read(Message.of(MessageBytes.of(sections)));
  }

  @Test
  void foreignCodecReadsWhatIsWritten() {
    var own = new LinkedHashMap<String, Object>();
    own.put("text", "t");
    own.put("number", 5);
    own.put("long", 5L);
    own.put("truth", true);
    own.put("time", Instant.ofEpochMilli(99));
    own.put("uuid", new UUID(1, 2));
    own.put("double", 1.5);
    own.put("bytes", new byte[] {1});
    MessageContent content =
        new MessageContent("id", "", "", "text/plain", "corr", 1234, own, "body".getBytes(UTF_8));
    Message message = content.toMessage(TOPIC, true, 60_000);
    assertThat(message.durable()).isTrue();
    assertThat(message.ttlMillis()).isEqualTo(60_000);

    Properties properties = section(message.encoded(), Properties.class);
    assertThat(properties.getMessageId()).isEqualTo("id");
    assertThat(properties.getTo()).isEqualTo("topic:acme/shop/one/x");
    assertThat(properties.getSubject()).isEqualTo("acme/shop/one/x");
    assertThat(properties.getContentType()).isEqualTo("text/plain");
    assertThat(properties.getCorrelationId()).isEqualTo("corr");
    assertThat(properties.getCreationTime()).isEqualTo(1234);
    assertThat(section(message.encoded(), ApplicationProperties.class).getValue())
        .containsEntry("text", "t")
        .containsEntry("number", 5)
        .containsEntry("long", 5L)
        .containsEntry("truth", true)
        .containsEntry("time", 99L)
        .containsEntry("uuid", new UUID(1, 2))
        .containsEntry("double", 1.5)
        .containsEntry("bytes", new Binary(new byte[] {1}));
    assertThat(section(message.encoded(), Data.class).getValue()).isEqualTo("body".getBytes(UTF_8));
  }

  @Test
  void writtenContentIsInFinalForm() {
    Message message = MessageContent.of("text/plain", new byte[300]).toMessage(TOPIC, true, -1);
    assertThat(InboundMessage.read(message.encoded()).toMessage(TOPIC).encoded())
        .isSameAs(message.encoded());
    MessageContent again = MessageContent.read(message);
    assertThat(again.to()).isEqualTo("topic:acme/shop/one/x");
    assertThat(again.subject()).isEqualTo("acme/shop/one/x");
    assertThat(again.messageId()).isNull();
    assertThat(again.contentType()).isEqualTo("text/plain");
    assertThat(again.body()).hasSize(300);
    assertThat(again.creationTimeMillis()).isZero();
  }

  @Test
  void whatAForeignCodecWroteIsRead() {
    Properties properties = new Properties();
    properties.setMessageId(UnsignedLong.valueOf(7));
    properties.setCorrelationId(new UUID(1, 2));
    properties.setContentType("application/json");
    properties.setCreationTime(5);
    var own = new HashMap<String, Object>();
    own.put("ubyte", UnsignedByte.valueOf((byte) 200));
    own.put("ushort", UnsignedShort.valueOf((short) 60_000));
    own.put("uint", UnsignedInteger.valueOf(4_000_000_000L));
    own.put("ulong", UnsignedLong.MAX_VALUE);
    own.put("byte", (byte) -1);
    own.put("short", (short) -2);
    own.put("int", -3);
    own.put("wide", 1 << 20);
    own.put("long", -4L);
    own.put("float", 0.5f);
    own.put("char", 'c');
    own.put("symbol", Symbol.valueOf("s"));
    own.put("false", false);
    own.put("null", null);
    MessageContent content =
        read(
            properties,
            new ApplicationProperties(own),
            new Data("a".getBytes(UTF_8)),
            new Data("b".getBytes(UTF_8)));
    assertThat(content.messageId()).isEqualTo("7");
    assertThat(content.correlationId()).isEqualTo(new UUID(1, 2).toString());
    assertThat(content.contentType()).isEqualTo("application/json");
    assertThat(content.creationTimeMillis()).isEqualTo(5);
    assertThat(content.body()).isEqualTo("ab".getBytes(UTF_8));
    assertThat(content.applicationProperties())
        .containsEntry("ubyte", 200)
        .containsEntry("ushort", 60_000)
        .containsEntry("uint", 4_000_000_000L)
        .containsEntry("ulong", new BigInteger("18446744073709551615"))
        .containsEntry("byte", (byte) -1)
        .containsEntry("short", (short) -2)
        .containsEntry("int", -3)
        .containsEntry("wide", 1 << 20)
        .containsEntry("long", -4L)
        .containsEntry("float", 0.5f)
        .containsEntry("char", "c")
        .containsEntry("symbol", "s")
        .containsEntry("false", false)
        .doesNotContainKey("null");
  }

  @Test
  void bodiesThatAreNoBytesAreStillReadable() {
    assertThat(read(new AmqpValue<>(42)).body()).isEqualTo("42".getBytes(UTF_8));
    assertThat(read(new AmqpValue<>("text")).body()).isEqualTo("text".getBytes(UTF_8));
    assertThat(read(new AmqpValue<>(null)).body()).isEmpty();
    assertThat(read(new AmqpValue<>(List.of("a"))).body()).isNotEmpty();
    assertThat(read(new Properties()).body()).isEmpty();
  }

  @Test
  void propertiesWithPartsAreRefused() {
    assertThatThrownBy(
            () ->
                new MessageContent(
                    null, "", "", null, null, 0, Map.of("list", List.of()), new byte[0]))
        .isInstanceOf(InvalidValue.class);
  }
}
