// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static dev.weft.broker.MessageBytes.hex;
import static dev.weft.broker.MessageBytes.section;
import static dev.weft.broker.MessageBytes.sections;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.MeshException.MalformedMessage;
import dev.weft.queue.Message;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.qpid.protonj2.types.Binary;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.UnsignedInteger;
import org.apache.qpid.protonj2.types.messaging.AmqpSequence;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.DeliveryAnnotations;
import org.apache.qpid.protonj2.types.messaging.Footer;
import org.apache.qpid.protonj2.types.messaging.Header;
import org.apache.qpid.protonj2.types.messaging.MessageAnnotations;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.apache.qpid.protonj2.types.messaging.Section;
import org.junit.jupiter.api.Test;

/** Hop 1: what a publisher sent becomes what is stored (wire 4.7, 4.8). */
class InboundMessageTest {
  private static final Address TOPIC = Address.parse("topic:acme/shop/one/x");
  private static final Address QUEUE = Address.parse("queue:acme/shop/one/orders");

  /** Wire reference, appendix A: header, properties {to, content-type}, one Data section. */
  private static final byte[] CAPTURED =
      hex(
          """
          005370 c00605 40 40 40 40 43
          005373 d0 00000038 0000000d 40 40 a115746f7069633a61636d652f73686f702f6f6e652f78 40 40 40
          a3106170706c69636174696f6e2f6a736f6e 40 40 40 40 40 40
          005375 b0 00000007 7b226e223a307d""");

  private static Properties published() {
    Properties properties = new Properties();
    properties.setMessageId("ID:1");
    properties.setUserId(new byte[] {1, 2});
    properties.setTo("topic:other");
    properties.setSubject("JMSType");
    properties.setReplyTo("queue:answers");
    properties.setCorrelationId(new Binary(new byte[] {9}));
    properties.setContentType("text/plain");
    properties.setContentEncoding("gzip");
    properties.setAbsoluteExpiryTime(77);
    properties.setCreationTime(88);
    properties.setGroupId("group");
    properties.setGroupSequence(5);
    properties.setReplyToGroupId("reply group");
    return properties;
  }

  private static Header header(boolean durable, int priority, long ttl) {
    Header header = new Header();
    header.setDurable(durable);
    header.setPriority((byte) priority);
    header.setTimeToLive(ttl);
    return header;
  }

  private static byte[] stored(byte[] sent) {
    return InboundMessage.read(sent).toMessage(TOPIC).encoded();
  }

  private static String body(byte[] stored) {
    return new String(section(stored, Data.class).getValue(), UTF_8);
  }

  @Test
  void capturedMessageOfNodeClientGetsSubjectAndKeepsTheRest() {
    InboundMessage message = InboundMessage.read(CAPTURED);
    assertThat(message.to()).isEqualTo("topic:acme/shop/one/x");
    assertThat(message.isTo(new Destination(TOPIC))).isTrue();
    assertThat(message.isTo(new Destination(QUEUE))).isFalse();
    assertThat(message.durable()).isFalse();

    byte[] stored = message.toMessage(TOPIC).encoded();
    assertThat(sections(stored)).hasSize(2);
    Properties properties = section(stored, Properties.class);
    assertThat(properties.getTo()).isEqualTo("topic:acme/shop/one/x");
    assertThat(properties.getSubject()).isEqualTo("acme/shop/one/x");
    assertThat(properties.getContentType()).isEqualTo("application/json");
    assertThat(body(stored)).isEqualTo("{\"n\":0}");
  }

  // Wire 4.8: to and subject are ours, every other field as published.
  @Test
  void everyOtherFieldOfThePropertiesSurvives() {
    byte[] stored = stored(MessageBytes.of(published(), new Data(new byte[] {7})));
    Properties properties = section(stored, Properties.class);
    assertThat(properties.getTo()).isEqualTo("topic:acme/shop/one/x");
    assertThat(properties.getSubject()).isEqualTo("acme/shop/one/x");
    assertThat(properties.getMessageId()).isEqualTo("ID:1");
    assertThat(properties.getUserId()).isEqualTo(new Binary(new byte[] {1, 2}));
    assertThat(properties.getReplyTo()).isEqualTo("queue:answers");
    assertThat(properties.getCorrelationId()).isEqualTo(new Binary(new byte[] {9}));
    assertThat(properties.getContentType()).isEqualTo("text/plain");
    assertThat(properties.getContentEncoding()).isEqualTo("gzip");
    assertThat(properties.getAbsoluteExpiryTime()).isEqualTo(77);
    assertThat(properties.getCreationTime()).isEqualTo(88);
    assertThat(properties.getGroupId()).isEqualTo("group");
    assertThat(properties.getGroupSequence()).isEqualTo(5);
    assertThat(properties.getReplyToGroupId()).isEqualTo("reply group");
  }

  @Test
  void queueAddressNamesTheQueueTwice() {
    byte[] stored =
        InboundMessage.read(MessageBytes.of(new Data(new byte[] {7}))).toMessage(QUEUE).encoded();
    Properties properties = section(stored, Properties.class);
    assertThat(properties.getTo()).isEqualTo("queue:acme/shop/one/orders");
    assertThat(properties.getSubject()).isEqualTo("acme/shop/one/orders");
  }

  @Test
  void headerIsReadAndDropped() {
    byte[] sent =
        MessageBytes.of(header(true, 7, 4_000_000_000L), published(), new Data(new byte[] {7}));
    Message message = InboundMessage.read(sent).toMessage(TOPIC);
    assertThat(message.durable()).isTrue();
    assertThat(message.priority()).isEqualTo(7);
    assertThat(message.ttlMillis()).isEqualTo(4_000_000_000L);
    assertThat(sections(message.encoded())).hasSize(2).noneMatch(Header.class::isInstance);
  }

  @Test
  void withoutHeaderTheDefaultsOfTheSpecificationHold() {
    Message message =
        InboundMessage.read(MessageBytes.of(published(), new Data(new byte[0]))).toMessage(TOPIC);
    assertThat(message.durable()).isFalse();
    assertThat(message.priority()).isEqualTo(4);
    assertThat(message.ttlMillis()).isEqualTo(Message.NO_TTL);
  }

  @Test
  void annotationsOfTheDeliveryAreDroppedThoseOfTheMessageKept() {
    var delivery = new DeliveryAnnotations(new HashMap<>(Map.of(Symbol.valueOf("x-opt-a"), 1)));
    var own =
        new MessageAnnotations(
            new HashMap<>(Map.of(Symbol.valueOf("x-opt-jms-msg-type"), (byte) 5)));
    byte[] stored = stored(MessageBytes.of(delivery, own, published(), new AmqpValue<>("text")));
    assertThat(sections(stored).getFirst()).isInstanceOf(MessageAnnotations.class);
    assertThat(section(stored, MessageAnnotations.class).getValue())
        .containsEntry(Symbol.valueOf("x-opt-jms-msg-type"), (byte) 5);
    assertThat(sections(stored)).hasSize(3);
  }

  // Rule 17: bodies are delivered as Data.
  @Test
  void textAndBinaryValuesBecomeData() {
    String large = "ü".repeat(400);
    assertThat(body(stored(MessageBytes.of(published(), new AmqpValue<>("größer")))))
        .isEqualTo("größer");
    assertThat(body(stored(MessageBytes.of(published(), new AmqpValue<>(large))))).isEqualTo(large);
    var binary = new AmqpValue<>(new Binary("bytes".getBytes(UTF_8)));
    assertThat(body(stored(MessageBytes.of(published(), binary)))).isEqualTo("bytes");
    byte[] wide = hex("005377 b1 00000002 6869");
    assertThat(body(stored(wide))).isEqualTo("hi");
  }

  @Test
  void otherBodiesStayAsTheyAre() {
    byte[] number = stored(MessageBytes.of(published(), new AmqpValue<>(42)));
    assertThat(section(number, AmqpValue.class).getValue()).isEqualTo(42);
    byte[] list = stored(MessageBytes.of(published(), new AmqpSequence<>(List.of("a", "b"))));
    assertThat((Object) section(list, AmqpSequence.class).getValue()).isEqualTo(List.of("a", "b"));
    byte[] two =
        stored(MessageBytes.of(published(), new Data(new byte[] {1}), new Data(new byte[] {2})));
    assertThat(sections(two).stream().filter(Data.class::isInstance)).hasSize(2);
  }

  @Test
  void applicationPropertiesAndFooterStay() {
    var own = new ApplicationProperties(new HashMap<>(Map.of("k", "v")));
    var footer = new Footer(new HashMap<>(Map.of(Symbol.valueOf("x-opt-f"), 1)));
    for (Section<?> body : List.of(new AmqpValue<>("b"), new Data(new byte[] {'b'}))) {
      byte[] stored = stored(MessageBytes.of(own, body, footer));
      assertThat(section(stored, ApplicationProperties.class).getValue()).containsEntry("k", "v");
      assertThat(section(stored, Footer.class).getValue()).hasSize(1);
      assertThat(body(stored)).isEqualTo("b");
      assertThat(sections(stored)).hasSize(4);
    }
  }

  @Test
  void messageWithoutBodyGetsAnEmptyOne() {
    assertThat(body(stored(MessageBytes.of(published())))).isEmpty();
    assertThat(body(stored(MessageBytes.of(header(true, 4, 1))))).isEmpty();
    var footer = new Footer(new HashMap<>(Map.of(Symbol.valueOf("x-opt-f"), 1)));
    byte[] stored = stored(MessageBytes.of(published(), footer));
    assertThat(body(stored)).isEmpty();
    assertThat(sections(stored).getLast()).isInstanceOf(Footer.class);
  }

  @Test
  void finalFormIsSharedNotCopied() {
    byte[] once = stored(CAPTURED);
    assertThat(stored(once)).isSameAs(once);
    byte[] withHeader = MessageBytes.of(header(true, 4, 1), new Data(new byte[0]));
    assertThat(stored(withHeader)).isNotSameAs(withHeader);
  }

  @Test
  void descriptorsOfOtherFormsAreReadAndShortened() {
    byte[] symbolic = hex("00 a3 0f" + HexOf.ascii("amqp:value:none") + "40");
    assertThatThrownBy(() -> InboundMessage.read(symbolic)).isInstanceOf(MalformedMessage.class);
    byte[] named = hex("00 a3 10" + HexOf.ascii("amqp:data:binary") + "a0 02 6869");
    assertThat(body(stored(named))).isEqualTo("hi");
    byte[] wide = hex("00 80 0000000000000075 a0 02 6869");
    assertThat(stored(wide)).isEqualTo(stored(hex("005375 a0026869")));
  }

  // Wire 4.8: message-id is the publisher's, else a generated string.
  @Test
  void missingMessageIdIsGivenWhenAskedFor() {
    var ids = new MessageIds(new Random(1));
    var destination = new Destination(TOPIC);
    byte[] first = InboundMessage.read(CAPTURED).toMessage(destination, ids).encoded();
    byte[] second = InboundMessage.read(CAPTURED).toMessage(destination, ids).encoded();
    Object id = section(first, Properties.class).getMessageId();
    assertThat(id).asString().hasSizeGreaterThan(16);
    assertThat(section(second, Properties.class).getMessageId()).isNotEqualTo(id);
    byte[] own = MessageBytes.of(published(), new Data(new byte[0]));
    byte[] kept = InboundMessage.read(own).toMessage(destination, ids).encoded();
    assertThat(section(kept, Properties.class).getMessageId()).isEqualTo("ID:1");
  }

  @Test
  void idsAreTheSameInBothForms() {
    var texts = new MessageIds(new Random(1));
    var encoded = new MessageIds(new Random(1));
    for (int i = 0; i < 5_000; i++) {
      assertThat(encoded.nextEncoded())
          .isEqualTo(new AmqpWriter(32).string(texts.next()).toBytes());
    }
  }

  @Test
  void longPropertiesNeedTheWideList() {
    Properties properties = published();
    properties.setReplyTo("q".repeat(300));
    byte[] stored = stored(MessageBytes.of(properties, new Data(new byte[] {7})));
    assertThat(section(stored, Properties.class).getReplyTo()).hasSize(300);
    assertThat(section(stored, Properties.class).getSubject()).isEqualTo("acme/shop/one/x");
  }

  @Test
  void partOfAnArrayIsReadAsIfItWereAlone() {
    byte[] own = MessageBytes.of(published(), new AmqpValue<>("b"));
    for (byte[] message :
        List.of(
            CAPTURED,
            own,
            stored(own),
            hex("00 a3 10" + HexOf.ascii("amqp:data:binary") + "a0 00"))) {
      byte[] around = new byte[message.length + 50];
      java.util.Arrays.fill(around, (byte) 7);
      System.arraycopy(message, 0, around, 20, message.length);
      InboundMessage part = InboundMessage.read(around, 20, 20 + message.length);
      assertThat(part.toMessage(TOPIC))
          .usingRecursiveComparison()
          .isEqualTo(InboundMessage.read(message).toMessage(TOPIC));
      assertThat(part.to()).isEqualTo(InboundMessage.read(message).to());
    }
  }

  @Test
  void malformedBytesAreNamedSo() {
    for (String bytes :
        List.of(
            "",
            "00",
            "0053",
            "005375",
            "015375a000",
            "005375a0ff00",
            "005375b0ffffffff",
            "005375b0",
            "005373c0ff",
            "005373c00101",
            "005373c0020540",
            "005373c00f0e4040404040404040404040404040",
            "005373c0040340400f",
            "005373c00403404001",
            "005373c004034040a3",
            "005373c00603404050ff40",
            "005375a00000537340",
            "005375a000005377a100",
            "005377a100005377a100",
            "005379a000",
            "00536fa000",
            "005370a000",
            "005375a100",
            "005374c00100",
            "005370c0020150",
            "005370c003025040",
            "000000000000",
            "00537700",
            "0053771f",
            "00a3")) {
      assertThatThrownBy(() -> InboundMessage.read(hex(bytes)))
          .as(bytes)
          .isInstanceOf(MalformedMessage.class);
    }
  }

  @Test
  void deepNestingCostsNoStack() {
    byte[] deep = new byte[900_000];
    deep[1] = 0x53;
    deep[2] = 0x77;
    assertThatThrownBy(() -> InboundMessage.read(deep)).isInstanceOf(MalformedMessage.class);
  }

  // Any mutation of a good message is either read or called malformed, and what was read can be
  // stored and read again.
  @Test
  void mutatedMessagesNeverFailOtherwise() {
    byte[] good =
        MessageBytes.of(
            header(true, 4, 1000),
            new MessageAnnotations(new HashMap<>(Map.of(Symbol.valueOf("x"), 1))),
            published(),
            new ApplicationProperties(new HashMap<>(Map.of("k", 5.5d, "n", 4))),
            new AmqpValue<>("text"));
    for (int seed = 0; seed < 30_000; seed++) {
      Random random = new Random(seed);
      byte[] bytes = java.util.Arrays.copyOf(good, good.length - random.nextInt(4));
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      }
      try {
        Message message = InboundMessage.read(bytes).toMessage(TOPIC);
        MessageContent content = MessageContent.read(message);
        assertThat(content.to()).as("seed " + seed).isEqualTo("topic:acme/shop/one/x");
        assertThat(InboundMessage.read(message.encoded()).toMessage(TOPIC).encoded())
            .as("seed " + seed)
            .isSameAs(message.encoded());
      } catch (MalformedMessage expected) {
        assertThat(expected).as("seed " + seed).hasMessageContaining("cannot be read");
      }
    }
  }

  @Test
  void unsignedLimitsOfTheTimeToLive() {
    byte[] longest = hex("005370 c00803 4240 70ffffffff 005375a000");
    assertThat(InboundMessage.read(longest).ttlMillis())
        .isEqualTo(UnsignedInteger.MAX_VALUE.longValue());
  }

  private static final class HexOf {
    static String ascii(String text) {
      return java.util.HexFormat.of().formatHex(text.getBytes(UTF_8));
    }
  }
}
