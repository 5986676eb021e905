// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static dev.weft.broker.MeshUnderTest.queue;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.access.ServiceInstance;
import dev.weft.queue.MeshException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wire reference 7.1; R-522. */
class WebhookSubscriptionTest {
  /** As CAP Node creates it, with a field of the user's own. */
  private static final String CAP =
      """
      {
        "name": "acme/shop/one/CAP/0000",
        "address": "queue:acme/shop/one/CAP/0000",
        "qos": 1,
        "waitTime": 5,
        "pushConfig": {
          "type": "webhook",
          "endpoint": "https://app.example/messaging/enterprise-messaging?q=acme/shop/one/CAP/0000",
          "exemptHandshake": false,
          "defaultContentType": "application/json",
          "securitySchema": {
            "type": "oauth2",
            "grantType": "client_credentials",
            "clientId": "sb-app!t1",
            "clientSecret": "canary-secret-4711",
            "tokenUrl": "https://auth.example/oauth/token"
          }
        }
      }
      """;

  private static WebhookSubscription parse(String json) {
    return WebhookSubscription.parse("id", JsonValues.JSON.readTree(json));
  }

  @Test
  void theObjectOfCapIsRead() {
    WebhookSubscription webhook = parse(CAP);
    assertThat(webhook.name()).isEqualTo("acme/shop/one/CAP/0000");
    assertThat(webhook.queue()).isEqualTo(queue("acme/shop/one/CAP/0000"));
    assertThat(webhook.qos()).isEqualTo(1);
    // The query is kept verbatim.
    assertThat(webhook.endpoint())
        .isEqualTo("https://app.example/messaging/enterprise-messaging?q=acme/shop/one/CAP/0000");
    assertThat(webhook.exemptHandshake()).isFalse();
    assertThat(webhook.paused()).isFalse();
    assertThat(webhook.auth())
        .isEqualTo(
            new WebhookAuth.OAuth2(
                "sb-app!t1", "canary-secret-4711", "https://auth.example/oauth/token"));
  }

  @Test
  void theDocumentKeepsUnknownFieldsAndLosesSecrets() {
    String document =
        parse(CAP.replace("\"waitTime\": 5", "\"own\": {\"a\": [{\"apiKey\": \"canary\"}, 5]}"))
            .document();
    assertThat(document)
        .contains("\"own\":{\"a\":[{},5]}", "\"clientId\":\"sb-app!t1\"", "tokenUrl")
        .doesNotContain("canary", "clientSecret");
    assertThat(parse(CAP).toString()).doesNotContain("canary");
  }

  @Test
  void whatIsMissingHasDefaults() {
    WebhookSubscription webhook =
        parse(
            """
            {"name":"n","address":"queue:q","pushConfig":{"endpoint":"http://localhost:1/x"}}
            """);
    assertThat(webhook.qos()).isEqualTo(1);
    assertThat(webhook.auth()).isEqualTo(WebhookAuth.NONE);
    assertThat(webhook.exemptHandshake()).isFalse();
    assertThat(webhook.defaultContentType()).isEqualTo("application/json");
  }

  @Test
  void basicCredentialsAreRead() {
    WebhookSubscription webhook =
        parse(
            """
            {"name":"n","address":"queue:q","qos":"0","pushConfig":{"endpoint":"https://x.example",
             "exemptHandshake":"true","securitySchema":{"type":"basic","user":"u","password":"p:w"}}}
            """);
    assertThat(webhook.qos()).isZero();
    assertThat(webhook.exemptHandshake()).isTrue();
    assertThat(webhook.auth()).isEqualTo(new WebhookAuth.Basic("u", "p:w"));
    assertThat(webhook.document()).doesNotContain("p:w");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name | {'address':'queue:q','pushConfig':{'endpoint':'https://x'}}",
        "name | {'name':'','address':'queue:q','pushConfig':{'endpoint':'https://x'}}",
        "address | {'name':'n','pushConfig':{'endpoint':'https://x'}}",
        "address | {'name':'n','address':'topic:q','pushConfig':{'endpoint':'https://x'}}",
        "address | {'name':'n','address':'queue:a//b','pushConfig':{'endpoint':'https://x'}}",
        "qos | {'name':'n','address':'queue:q','qos':2,'pushConfig':{'endpoint':'https://x'}}",
        "pushConfig.type | {'name':'n','address':'queue:q','pushConfig':{'type':'mail','endpoint':'https://x'}}",
        "pushConfig.endpoint | {'name':'n','address':'queue:q'}",
        "pushConfig | {'name':'n','address':'queue:q','pushConfig':[]}",
        "pushConfig.defaultContentType | {'name':'n','address':'queue:q','pushConfig':{'endpoint':'https://x','defaultContentType':'a\\r\\nX: y'}}",
        "pushConfig.securitySchema.type | {'name':'n','address':'queue:q','pushConfig':{'endpoint':'https://x','securitySchema':{'type':'magic'}}}",
        "pushConfig.securitySchema.user | {'name':'n','address':'queue:q','pushConfig':{'endpoint':'https://x','securitySchema':{'type':'basic','user':'a:b','password':'p'}}}",
        "pushConfig.securitySchema.password | {'name':'n','address':'queue:q','pushConfig':{'endpoint':'https://x','securitySchema':{'type':'basic','user':'a'}}}",
        "pushConfig.securitySchema.clientSecret | {'name':'n','address':'queue:q','pushConfig':{'endpoint':'https://x','securitySchema':{'type':'oauth2','clientId':'a','tokenUrl':'https://x'}}}",
        "pushConfig.securitySchema.tokenUrl | {'name':'n','address':'queue:q','pushConfig':{'endpoint':'https://x','securitySchema':{'type':'oauth2','clientId':'a','clientSecret':'s','tokenUrl':'ftp://x'}}}",
        "pushConfig.securitySchema.grantType | {'name':'n','address':'queue:q','pushConfig':{'endpoint':'https://x','securitySchema':{'type':'oauth2','grantType':'password'}}}",
        "document | []",
      })
  void whatIsWrongIsNamedByItsPath(String path, String json) {
    assertThatThrownBy(() -> parse(json.replace('\'', '"')))
        .isInstanceOfSatisfying(
            MeshException.InvalidValue.class,
            invalid -> assertThat(invalid.path()).isEqualTo(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x.example/a",
        "//x.example/a",
        "ftp://x.example",
        "file:///etc/passwd",
        "https://",
        "https:///a",
        "https://user@x.example/",
        "https://user:pw@x.example/",
        "https://x.example\\@y.example/",
        "https://x.example/a b",
        "https://x.example/\u0000",
        "javascript:alert(1)",
        "https://x .example",
        "https://x.example:port/",
        "jar:https://x.example!/"
      })
  void anEndpointIsAnAbsoluteWebAddress(String endpoint) {
    var document = JsonValues.JSON.createObjectNode().put("name", "n").put("address", "queue:q");
    document.putObject("pushConfig").put("endpoint", endpoint);
    assertThatThrownBy(() -> WebhookSubscription.parse("id", document))
        .isInstanceOfSatisfying(
            MeshException.InvalidValue.class,
            invalid -> assertThat(invalid.path()).isEqualTo("pushConfig.endpoint"));
  }

  @Test
  void aDocumentNestedWithoutEndIsRefused() {
    String deep = "[".repeat(100) + "]".repeat(100);
    assertThatThrownBy(() -> parse(CAP.replace("\"waitTime\": 5", "\"own\":" + deep)))
        .isInstanceOf(MeshException.InvalidValue.class);
  }

  /** What the administration does with it. */
  @Nested
  class Administered {
    @TempDir Path directory;
    private MeshUnderTest mesh;
    private ServiceInstance shop;
    private final RecordingPusher pusher = new RecordingPusher();

    @BeforeEach
    void openMesh() {
      mesh = MeshUnderTest.open(directory);
      shop = mesh.instance("shop", "acme/shop/one");
      mesh.administration.putQueue(shop, queue("acme/shop/one/CAP/0000"), QueueAttributes.NONE);
    }

    @AfterEach
    void closeMesh() {
      mesh.close();
    }

    /** Writes down what it is told. */
    private static final class RecordingPusher implements WebhookPusher {
      final List<String> told = new ArrayList<>();

      @Override
      public void changed(WebhookSubscription subscription) {
        told.add("changed " + subscription.name() + (subscription.paused() ? " paused" : ""));
      }

      @Override
      public void removed(String instanceId, String name) {
        told.add("removed " + name);
      }

      @Override
      public void handshake(String instanceId, String name) {
        told.add("handshake " + name);
      }

      @Override
      public WebhookStatus status(String instanceId, String name) {
        return new WebhookStatus(HandshakeState.COMPLETED, null, null, null, 0, null, 3);
      }
    }

    private WebhookSubscription webhook(String name) {
      return WebhookSubscription.parse(
          shop.id(),
          JsonValues.JSON.readTree(
              CAP.replace("\"name\": \"acme/shop/one/CAP/0000\"", "\"name\": \"" + name + "\"")));
    }

    @Test
    void thePusherHearsOfEverythingInOrder() {
      Administration administration = mesh.administration;
      administration.createWebhook(shop, webhook("before"));
      assertThat(administration.webhookStatus(shop, "before")).isEqualTo(WebhookStatus.UNKNOWN);
      assertThatThrownBy(() -> administration.triggerHandshake(shop, "before"))
          .isInstanceOf(MeshException.EngineUnavailable.class);
      administration.attach(pusher);
      administration.createWebhook(shop, webhook("after"));
      administration.setWebhookPaused(shop, "after", true);
      administration.setWebhookPaused(shop, "after", true);
      administration.setWebhookPaused(shop, "after", false);
      administration.triggerHandshake(shop, "after");
      administration.deleteWebhook(shop, "after");
      administration.deleteQueue(shop, queue("acme/shop/one/CAP/0000"));
      assertThat(pusher.told)
          .containsExactly(
              "changed before",
              "changed after",
              "changed after paused",
              "changed after",
              "handshake after",
              "removed after",
              "removed before");
    }

    @Test
    void aDuplicateIsAConflictAndAMissingOneIsNotFound() {
      // wire 0.2, rules 8 and 9
      mesh.administration.attach(pusher);
      mesh.administration.createWebhook(shop, webhook("one"));
      assertThatThrownBy(() -> mesh.administration.createWebhook(shop, webhook("one")))
          .isInstanceOf(MeshException.Conflict.class);
      assertThat(mesh.administration.webhookStatus(shop, "one").inFlight()).isEqualTo(3);
      ServiceInstance stranger = mesh.instance("stranger", "acme/shop/two");
      for (String name : List.of("one", "two")) {
        ServiceInstance who = name.equals("one") ? stranger : shop;
        assertThatThrownBy(() -> mesh.administration.webhook(who, name))
            .isInstanceOf(MeshException.NotFound.class);
        assertThatThrownBy(() -> mesh.administration.deleteWebhook(who, name))
            .isInstanceOf(MeshException.NotFound.class);
        assertThatThrownBy(() -> mesh.administration.setWebhookPaused(who, name, true))
            .isInstanceOf(MeshException.NotFound.class);
        assertThatThrownBy(() -> mesh.administration.triggerHandshake(who, name))
            .isInstanceOf(MeshException.NotFound.class);
        assertThatThrownBy(() -> mesh.administration.webhookStatus(who, name))
            .isInstanceOf(MeshException.NotFound.class);
      }
    }

    @Test
    void theQueueMustExistAndBeAllowed() {
      WebhookSubscription missing =
          WebhookSubscription.parse(
              shop.id(),
              JsonValues.JSON.readTree(
                  CAP.replace("queue:acme/shop/one/CAP/0000", "queue:acme/shop/one/x")));
      assertThatThrownBy(() -> mesh.administration.createWebhook(shop, missing))
          .isInstanceOf(MeshException.UnknownQueue.class);
      ServiceInstance muted =
          mesh.access.putInstance("shop", MeshUnderTest.descriptor("shop", "acme/shop/one", ""));
      assertThatThrownBy(() -> mesh.administration.createWebhook(muted, webhook("one")))
          .isInstanceOf(MeshException.NotAllowed.class);
    }

    @Test
    void credentialsAreThereAfterARestart() {
      mesh.administration.createWebhook(shop, webhook("one"));
      WebhookSubscription before = mesh.administration.webhook(shop, "one");
      mesh.close();
      mesh = MeshUnderTest.open(directory);
      assertThat(mesh.administration.webhook(shop, "one")).isEqualTo(before);
    }
  }
}
