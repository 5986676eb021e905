// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.access.ServiceKey;
import dev.weft.rest.RestFixture.Reply;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is decided before a request means anything: token, option, path, method, body. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdmissionTest {
  private static final String PUBLISH = RestFixture.messages(RestFixture.ORDERS);

  private RestFixture fixture;

  @BeforeAll
  void open(@TempDir Path folder) {
    fixture = new RestFixture(folder);
  }

  @AfterAll
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /messagingrest/v1/queues/no-such/messages",
    "GET, /messagingrest/v1/nothing/here",
    "GET, /messagingrest/v1/subscriptions",
    "GET, /hub/rest/api/v1/management/messaging/queues",
    "DELETE, /hub/rest/api/v1/management/messaging/queues/%ff",
    "GET, /sap-event-mesh/rest/api/v1/queues",
  })
  void withoutATokenEverythingIs401(String method, String path) {
    Reply reply = fixture.askAs(null, method, path, null);

    assertThat(reply.status()).isEqualTo(401);
    assertThat(reply.code()).isEqualTo("UNAUTHORIZED");
    assertThat(reply.header("Content-Type")).isEqualTo("application/json");
    assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer ");
  }

  @Test
  void aTokenThatIsNoneOrExpiredIs401() {
    assertThat(fixture.askAs("garbage", "GET", PUBLISH, null).status()).isEqualTo(401);
    String token = fixture.token();
    fixture.clock.advance(Duration.ofDays(1));
    assertThat(fixture.askAs(token, "GET", PUBLISH, null).status()).isEqualTo(401);
  }

  @Test
  void theTokenOfADeletedKeyIs401() {
    fixture.access.createKey("shop-events", "leaving", null);
    String token = fixture.token(fixture.access.key("shop-events", "leaving"));
    fixture.access.deleteKey("shop-events", "leaving");

    assertThat(fixture.askAs(token, "POST", PUBLISH, "x", "x-qos", "1").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "/messagingrest/v1/subscriptions, messagingrest",
    "/messagingrest/v1/no-such-path, messagingrest",
    "/hub/rest/api/v1/management/messaging/queues, management",
    "/sap-event-mesh/rest/api/v1/queues, management",
  })
  void anInstanceWithoutTheOptionIs403(String path, String option) {
    // Wire 1.2.
    fixture.access.putInstance(
        "closed", RestFixture.descriptor("closed", "acme/closed/one", false));
    ServiceKey key = fixture.access.createKey("closed", "k" + path.hashCode(), null);
    Reply reply = fixture.askAs(fixture.token(key), "GET", path, null);

    assertThat(reply.status()).isEqualTo(403);
    assertThat(reply.code()).isEqualTo("FORBIDDEN");
    assertThat(reply.message()).endsWith("the option " + option);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/messagingrest/v1",
        "/messagingrest/v1/",
        "/messagingrest/v1/queues",
        "/messagingrest/v1/queues/acme/shop/one/orders/messages",
        "/messagingrest/v1/topics/acme/shop/one/x/messages",
        "/messagingrest/v1/topics/a%2Fb/messages/consumption",
        "/messagingrest/v1/queues/acme%2Fshop%2Fone%2Forders/messages/",
        "/messagingrest/v1//queues/acme%2Fshop%2Fone%2Forders/messages",
        "/messagingrest/v1/subscriptions/",
        "/hub/rest/api/v1/management/messaging",
        "/hub/rest/api/v1/management/messaging/queues/",
        "/hub/rest/api/v1/management/messaging/queues/acme/shop/one/orders",
        "/hub/rest/api/v1/management/messaging/statistics/more",
      })
  void aPathThatIsNoneIs404(String path) {
    // Wire 6: unencoded slashes give 404.
    Reply reply = fixture.ask("POST", path, null, "x-qos", "1");

    assertThat(reply.status()).isEqualTo(404);
    assertThat(reply.code()).isEqualTo("NOT_FOUND");
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /messagingrest/v1/queues/acme%2Fshop%2Fone%2Forders/messages, POST",
    "DELETE, /messagingrest/v1/topics/acme%2Fshop%2Fone%2Fx/messages, POST",
    "GET, /messagingrest/v1/queues/acme%2Fshop%2Fone%2Forders/messages/consumption, POST",
    "PUT, /messagingrest/v1/subscriptions/name, 'GET, DELETE'",
    "DELETE, /messagingrest/v1/subscriptions, 'GET, POST'",
    "POST, /hub/rest/api/v1/management/messaging/queues/acme%2Fshop%2Fone%2Forders, 'GET, PUT, DELETE'",
    "POST, /hub/rest/api/v1/management/messaging/statistics, GET",
  })
  void aWrongMethodIs405AndTheRightOnesAreNamed(String method, String path, String allowed) {
    Reply reply = fixture.ask(method, path, null, "x-qos", "1");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.header("Allow")).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/messagingrest/v1/queues/a%2/messages", "/messagingrest/v1/queues/%zz"})
  void aBrokenEscapeIs400(String path) throws IOException {
    assertThat(
            raw(
                "POST " + path + " HTTP/1.1",
                "x-qos: 1\r\nContent-Length: 0\r\nConnection: close\r\n",
                65_536))
        .startsWith("HTTP/1.1 400 Bad Request\r\n")
        .contains("application/json\r\n")
        .contains("\"code\":\"BAD_REQUEST\"");
  }

  private String rawStatus(String requestLine, String headers) throws IOException {
    String answer = raw(requestLine, headers, 16);
    return answer.substring(0, 12);
  }

  /** The first bytes of the answer to a request that a proper client cannot send. */
  private String raw(String requestLine, String headers, int bytesMax) throws IOException {
    try (Socket socket = new Socket(InetAddress.ofLiteral("127.0.0.1"), fixture.port())) {
      socket.setSoTimeout(10_000);
      String head =
          requestLine + "\r\nHost: x\r\nAuthorization: Bearer " + fixture.token() + "\r\n";
      OutputStream out = socket.getOutputStream();
      out.write((head + headers + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      return new String(socket.getInputStream().readNBytes(bytesMax), StandardCharsets.UTF_8);
    }
  }

  @Test
  void aBodyThatSaysItIsTooLargeIsRefusedBeforeItComes() throws IOException {
    // T-351: a gigabyte is announced, nothing is sent.
    assertThat(
            rawStatus(
                "POST " + PUBLISH + " HTTP/1.1",
                "x-qos: 1\r\nContent-Length: 1000000000\r\nExpect: 100-continue\r\n"))
        .isEqualTo("HTTP/1.1 413");
  }

  @Test
  void aClientThatAsksMayContinue() throws IOException {
    assertThat(
            rawStatus(
                "POST " + PUBLISH + " HTTP/1.1",
                "x-qos: 1\r\nContent-Length: 5\r\nExpect: 100-continue\r\n"))
        .isEqualTo("HTTP/1.1 100");
  }

  @Test
  void aBodyThatGrowsTooLargeIs413AndItsSenderSeesIt() {
    byte[] body = new byte[3_000_000];
    Reply reply =
        fixture.send(
            "POST",
            PUBLISH,
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
            request ->
                request.header("Authorization", "Bearer " + fixture.token()).header("x-qos", "1"));

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.code()).isEqualTo("PAYLOAD_TOO_LARGE");
    assertThat(fixture.engine.stats(RestFixture.ORDERS).messages()).isZero();
  }

  @Test
  void aMessageThatIsTooLargeWithItsPropertiesIs413() {
    Reply reply = fixture.ask("POST", PUBLISH, "x".repeat(999_999), "x-qos", "1");

    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.code()).isEqualTo("PAYLOAD_TOO_LARGE");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "br"})
  void aPackedBodyIs415(String encoding) {
    // T-352.
    Reply reply = fixture.ask("POST", PUBLISH, "x", "x-qos", "1", "Content-Encoding", encoding);

    assertThat(reply.status()).isEqualTo(415);
    assertThat(reply.code()).isEqualTo("UNSUPPORTED_MEDIA_TYPE");
  }
}
