// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import dev.weft.queue.MeshException.InvalidValue;
import dev.weft.queue.MeshException.MalformedMessage;
import dev.weft.queue.Message;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message as doors without AMQP see it: REST, webhooks, the command line. Reading decodes the
 * whole message; only those doors do so.
 *
 * @param to the address, prefix included, empty when unknown
 * @param subject the name without prefix, empty when unknown
 * @param creationTimeMillis epoch milliseconds, 0 when the publisher gave none
 * @param applicationProperties simple values in their order: String, Boolean, numbers, Instant,
 *     UUID or byte[]; unsigned numbers widened
 * @param body Data sections joined; a simple AMQP value as its text; anything else as encoded
 */
public record MessageContent(
    @Nullable String messageId,
    String to,
    String subject,
    @Nullable String contentType,
    @Nullable String correlationId,
    long creationTimeMillis,
    Map<String, Object> applicationProperties,
    byte[] body) {
  public MessageContent {
    applicationProperties = Collections.unmodifiableMap(new LinkedHashMap<>(applicationProperties));
    for (var property : applicationProperties.entrySet()) {
      if (!isSimple(property.getValue())) {
        throw new InvalidValue(property.getKey(), "only simple values are allowed");
      }
    }
  }

  private static boolean isSimple(Object value) {
    return switch (value) {
      case String _, Boolean _, Byte _, Short _, Integer _, Long _, BigInteger _ -> true;
      case Float _, Double _, Character _, Instant _, UUID _, byte[] _ -> true;
      default -> false;
    };
  }

  /** Content of nothing but a body. */
  public static MessageContent of(@Nullable String contentType, byte[] body) {
    return new MessageContent(null, "", "", contentType, null, 0, Map.of(), body);
  }

  /**
   * @throws MalformedMessage if the sections are not readable
   */
  public static MessageContent read(Message message) {
    AmqpSections sections = AmqpSections.scan(message.encoded());
    PropertyFields properties = new PropertyFields(sections);
    return new MessageContent(
        properties.messageId,
        properties.to == null ? "" : properties.to,
        properties.subject == null ? "" : properties.subject,
        properties.contentType,
        properties.correlationId,
        properties.creationTimeMillis,
        applicationProperties(sections),
        body(sections));
  }

  /** The fields a reader without AMQP has use for. */
  private static final class PropertyFields {
    private @Nullable String messageId;
    private @Nullable String to;
    private @Nullable String subject;
    private @Nullable String correlationId;
    private @Nullable String contentType;
    private long creationTimeMillis;

    PropertyFields(AmqpSections sections) {
      if (sections.properties < 0) {
        return;
      }
      var reader = new AmqpReader(sections.bytes, sections.properties, sections.propertiesEnd);
      int count = reader.enter();
      for (int i = 0; i < count; i++) {
        switch (i) {
          case 0 -> messageId = reader.id();
          case 2 -> to = text(reader);
          case 3 -> subject = text(reader);
          case 5 -> correlationId = reader.id();
          case 6 -> contentType = text(reader);
          case 9 -> creationTimeMillis = reader.value() instanceof Instant t ? t.toEpochMilli() : 0;
          default -> reader.skip();
        }
      }
    }
  }

  /** Null for a value of another type: one odd field must not make a stored message unreadable. */
  private static @Nullable String text(AmqpReader reader) {
    return reader.value() instanceof String text ? text : null;
  }

  private static Map<String, Object> applicationProperties(AmqpSections sections) {
    if (sections.applicationProperties < 0) {
      return Map.of();
    }
    var reader = new AmqpReader(sections.bytes, sections.applicationProperties, sections.end);
    int count = reader.enter();
    var properties = new LinkedHashMap<String, Object>();
    for (int i = 0; i + 1 < count; i += 2) {
      String key = text(reader);
      Object value = reader.value();
      if (key != null && value != null) {
        properties.put(key, value);
      }
    }
    return properties;
  }

  private static byte[] body(AmqpSections sections) {
    if (sections.body < 0) {
      return new byte[0];
    }
    var out = new ByteArrayOutputStream(sections.bodyEnd - sections.body);
    int at = sections.body;
    while (at < sections.bodyEnd) {
      int start = at + AmqpSections.DESCRIPTOR_LENGTH;
      int next = AmqpSections.skip(sections.bytes, start, sections.bodyEnd);
      Object value = new AmqpReader(sections.bytes, start, next).value();
      switch (value) {
        case null -> {
          if (sections.bytes[start] != 0x40) {
            out.write(sections.bytes, start, next - start);
          }
        }
        case byte[] binary -> out.writeBytes(binary);
        default -> out.writeBytes(value.toString().getBytes(StandardCharsets.UTF_8));
      }
      at = next;
    }
    return out.toByteArray();
  }

  /**
   * The stored form, addressed: {@code to} and {@code subject} come from the address, not from this
   * record.
   *
   * @param ttlMillis milliseconds, {@link Message#NO_TTL} for none
   */
  public Message toMessage(Address address, boolean durable, long ttlMillis) {
    AmqpWriter fields = new AmqpWriter(256);
    fields.string(messageId).nothing().string(address.toString());
    fields.string(Destination.subject(address)).nothing().string(correlationId);
    fields.symbol(contentType);
    int count = 7;
    if (creationTimeMillis != 0) {
      fields.nothing().nothing().timestamp(creationTimeMillis);
      count = 10;
    }
    AmqpWriter out = new AmqpWriter(fields.length() + body.length + 64);
    out.section(AmqpSections.PROPERTIES).compound(0xc0, 0xd0, count, fields);
    if (!applicationProperties.isEmpty()) {
      AmqpWriter items = new AmqpWriter(256);
      applicationProperties.forEach((key, value) -> items.string(key).value(value));
      out.section(AmqpSections.APPLICATION_PROPERTIES)
          .compound(0xc1, 0xd1, applicationProperties.size() * 2, items);
    }
    out.section(AmqpSections.DATA).binary(body);
    return new Message(durable, Message.DEFAULT_PRIORITY, ttlMillis, out.toBytes());
  }
}
