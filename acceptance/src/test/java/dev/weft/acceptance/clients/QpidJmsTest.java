// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.clients;

import static java.util.Objects.requireNonNull;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.WeftServer;
import jakarta.jms.BytesMessage;
import jakarta.jms.Connection;
import jakarta.jms.Destination;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageConsumer;
import jakarta.jms.MessageProducer;
import jakarta.jms.Queue;
import jakarta.jms.Session;
import jakarta.jms.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.qpid.jms.JmsConnectionFactory;

/** Qpid JMS over WebSocket with a bearer header: what lies below SAP's Java client. */
class QpidJmsTest extends ForeignClientContract {
  @Override
  ForeignClient client(WeftServer server, Mesh mesh) {
    return new QpidJms(mesh);
  }

  private record QpidJms(Mesh mesh) implements ForeignClient {
    private static final long TIMEOUT_MILLIS = 30_000;

    /** Qpid's own acknowledge mode: one message at a time, with the outcome of its property. */
    private static final int INDIVIDUAL_ACKNOWLEDGE = 101;

    private static final String OUTCOME = "JMS_AMQP_ACK_TYPE";
    private static final int OUTCOME_ACCEPTED = 1;
    private static final int OUTCOME_REJECTED = 2;
    private static final Pattern CONDITION = Pattern.compile("\\[condition = ([^]]+)]");

    private interface Work<T> {
      T in(Session session) throws JMSException;
    }

    private <T> T inSession(Work<T> work) throws JMSException {
      var factory =
          new JmsConnectionFactory(
              "amqp"
                  + mesh.key().amqp()
                  + "?transport.ws.httpHeader.Authorization=Bearer%20"
                  + mesh.token());
      try (Connection connection = factory.createConnection();
          Session session = connection.createSession(INDIVIDUAL_ACKNOWLEDGE)) {
        connection.start();
        return work.in(session);
      }
    }

    @Override
    public List<Attempt> rejectOnce(String topic, String queue, String body) throws JMSException {
      return inSession(
          session -> {
            MessageConsumer consumer =
                session.createConsumer(session.createQueue("queue:" + queue));
            send(session, topic, body.getBytes(StandardCharsets.UTF_8));
            List<Attempt> attempts = new ArrayList<>();
            for (int outcome : new int[] {OUTCOME_REJECTED, OUTCOME_ACCEPTED}) {
              Message message = requireNonNull(consumer.receive(TIMEOUT_MILLIS), "no delivery");
              attempts.add(
                  new Attempt(
                      message.getIntProperty("JMSXDeliveryCount") - 1,
                      new String(message.getBody(byte[].class), StandardCharsets.UTF_8),
                      name(message.getJMSDestination()),
                      message.getJMSType()));
              message.setIntProperty(OUTCOME, outcome);
              message.acknowledge();
            }
            return attempts;
          });
    }

    private static String name(Destination destination) throws JMSException {
      return destination instanceof Topic topic
          ? topic.getTopicName()
          : ((Queue) destination).getQueueName();
    }

    private static void send(Session session, String topic, byte[] body) throws JMSException {
      MessageProducer producer = session.createProducer(session.createTopic("topic:" + topic));
      BytesMessage message = session.createBytesMessage();
      message.writeBytes(body);
      producer.send(message);
    }

    @Override
    public String publish(String topic, int bytes) throws JMSException {
      return inSession(
          session -> {
            try {
              send(session, topic, new byte[bytes]);
              return ACCEPTED;
            } catch (JMSException refusal) {
              return condition(refusal);
            }
          });
    }

    @Override
    public String consume(String queue) throws JMSException {
      return inSession(
          session -> {
            try {
              session.createConsumer(session.createQueue("queue:" + queue)).close();
              return ATTACHED;
            } catch (JMSException refusal) {
              return condition(refusal);
            }
          });
    }

    private static String condition(JMSException refusal) {
      Matcher matcher = CONDITION.matcher(String.valueOf(refusal.getMessage()));
      return matcher.find() ? matcher.group(1) : refusal.toString();
    }
  }
}
