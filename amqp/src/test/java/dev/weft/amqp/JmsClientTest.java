// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.BrowsedMessage;
import dev.weft.queue.QueueSettings;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.InvalidDestinationException;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import org.apache.qpid.jms.JmsConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real client: Qpid JMS, which the vendor's Java clients are built on. */
class JmsClientTest {
  private static final String ORDERS = "queue:" + DoorUnderTest.ORDERS;
  private static final long PATIENCE_MILLIS = 10_000;

  @TempDir Path directory;
  private DoorUnderTest mesh;
  private Connection connection;
  private Session session;

  @BeforeEach
  void open() throws JMSException {
    mesh = DoorUnderTest.open(directory);
    connection = connect();
    session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
  }

  private Connection connect() throws JMSException {
    Connection opened =
        new JmsConnectionFactory("amqpws://localhost:" + mesh.port + AmqpDoor.PATH)
            .createConnection();
    opened.start();
    return opened;
  }

  @AfterEach
  void close() throws JMSException {
    connection.close();
    mesh.close();
  }

  private void publish(String text) throws JMSException {
    MessageProducer producer = session.createProducer(session.createTopic(DoorUnderTest.TOPIC));
    producer.send(session.createTextMessage(text));
    producer.close();
  }

  // The annotation says text, the body is Data: qpid rebuilds a TextMessage (wire 4.8).
  @Test
  void textStaysTextAndBytesStayBytes() throws JMSException {
    MessageProducer producer = session.createProducer(null);
    TextMessage text = session.createTextMessage("größer");
    text.setStringProperty("kind", "text");
    producer.send(session.createTopic(DoorUnderTest.TOPIC), text);
    BytesMessage bytes = session.createBytesMessage();
    bytes.writeUTF("b");
    producer.send(session.createQueue(ORDERS), bytes);

    MessageConsumer consumer = session.createConsumer(session.createQueue(ORDERS));
    Message first = consumer.receive(PATIENCE_MILLIS);
    assertThat(first).isInstanceOf(TextMessage.class);
    assertThat(((TextMessage) first).getText()).isEqualTo("größer");
    assertThat(first.getStringProperty("kind")).isEqualTo("text");
    assertThat(first.getJMSDestination()).hasToString(DoorUnderTest.TOPIC);
    assertThat(first.getJMSDeliveryMode()).isEqualTo(2);
    assertThat(first.getJMSRedelivered()).isFalse();
    Message second = consumer.receive(PATIENCE_MILLIS);
    assertThat(second).isInstanceOf(BytesMessage.class);
    assertThat(((BytesMessage) second).readUTF()).isEqualTo("b");
    mesh.awaitQueue(stats -> stats.messages() == 0);
  }

  // An unanswered drain blocks this client for 60 s (rule 15).
  @Test
  void receiveWithATimeoutOnAnEmptyQueueReturns() throws JMSException {
    MessageConsumer consumer = session.createConsumer(session.createQueue(ORDERS));
    assertThat(consumer.receive(100)).isNull();
    assertThat(consumer.receiveNoWait()).isNull();
    publish("after the drain");
    assertThat(consumer.receive(PATIENCE_MILLIS)).isNotNull();
  }

  @Test
  void closingAConsumerGivesBackUnreadWithoutAnAttempt() throws JMSException {
    for (int i = 0; i < 10; i++) {
      publish("m" + i);
    }
    Session own = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    MessageConsumer consumer = own.createConsumer(own.createQueue(ORDERS));
    assertThat(consumer.receive(PATIENCE_MILLIS)).isNotNull();
    consumer.close();
    own.close();
    mesh.awaitQueue(stats -> stats.messages() == 9 && stats.unsettledMessages() == 0);
    MessageConsumer next = session.createConsumer(session.createQueue(ORDERS));
    assertThat(((TextMessage) next.receive(PATIENCE_MILLIS)).getText()).isEqualTo("m1");
  }

  @Test
  void whatAClosedSessionDidNotAcknowledgeIsRedelivered() throws JMSException {
    mesh.queue(DoorUnderTest.ORDERS, QueueSettings.DEFAULT);
    publish("again");
    Session own = connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
    MessageConsumer consumer = own.createConsumer(own.createQueue(ORDERS));
    assertThat(consumer.receive(PATIENCE_MILLIS)).isNotNull();
    own.close();
    MessageConsumer next = session.createConsumer(session.createQueue(ORDERS));
    Message redelivered = next.receive(PATIENCE_MILLIS);
    assertThat(redelivered.getJMSRedelivered()).isTrue();
    // At least: given back at once, it may reach the leaving consumer a second time.
    assertThat(redelivered.getIntProperty("JMSXDeliveryCount")).isGreaterThanOrEqualTo(2);
  }

  @Test
  void unknownQueueIsAnInvalidDestination() {
    assertThatThrownBy(
            () -> session.createConsumer(session.createQueue("queue:acme/shop/one/none")))
        .isInstanceOf(InvalidDestinationException.class);
    assertThatThrownBy(
            () -> session.createProducer(session.createQueue("queue:acme/shop/one/none")))
        .isInstanceOf(InvalidDestinationException.class);
  }

  @Test
  void forbiddenTopicIsAnErrorOfTheSend() throws JMSException {
    MessageProducer producer =
        session.createProducer(session.createTopic("topic:other/shop/one/x"));
    assertThatThrownBy(() -> producer.send(session.createTextMessage("x")))
        .isInstanceOf(JMSException.class)
        .hasMessageContaining("amqp:not-allowed");
  }

  @Test
  void browserSeesWithoutTaking() throws JMSException {
    for (int i = 0; i < 50; i++) {
      publish("m" + i);
    }
    Queue queue = session.createQueue(ORDERS);
    Enumeration<?> shown = session.createBrowser(queue).getEnumeration();
    assertThat(Collections.list(shown)).hasSize(50);
    assertThat(mesh.browse()).hasSize(50).allMatch(m -> m.state() == BrowsedMessage.State.READY);
  }

  @Test
  void transactedSessionIsRefused() throws JMSException {
    assertThatThrownBy(() -> connection.createSession(true, Session.SESSION_TRANSACTED))
        .isInstanceOf(JMSException.class);
    publish("the connection lives on");
  }

  @Test
  void timeToLiveExpires() throws JMSException {
    MessageProducer producer = session.createProducer(session.createTopic(DoorUnderTest.TOPIC));
    producer.setTimeToLive(60_000);
    producer.setPriority(7);
    producer.send(session.createTextMessage("x"));
    Message received = session.createConsumer(session.createQueue(ORDERS)).receive(PATIENCE_MILLIS);
    assertThat(received.getJMSExpiration()).isPositive();
    assertThat(received.getJMSPriority()).isEqualTo(7);
  }

  // CAP Java: a new session and consumer first, then the end of the old one (wire 4.10, 4.11).
  @Test
  void secondConnectionTakesOverWhenTheFirstIsGone() throws JMSException {
    publish("a");
    MessageConsumer consumer =
        connection
            .createSession(false, Session.CLIENT_ACKNOWLEDGE)
            .createConsumer(session.createQueue(ORDERS));
    assertThat(consumer.receive(PATIENCE_MILLIS)).isNotNull();
    Connection other = connect();
    try {
      Session otherSession = other.createSession(false, Session.AUTO_ACKNOWLEDGE);
      MessageConsumer waiting = otherSession.createConsumer(otherSession.createQueue(ORDERS));
      connection.close();
      assertThat(waiting.receive(PATIENCE_MILLIS)).isNotNull();
    } finally {
      other.close();
    }
  }
}
