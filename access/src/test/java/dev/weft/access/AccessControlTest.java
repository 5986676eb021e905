// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.MeshException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Instances and keys: wire reference 1.2, 2.1. */
class AccessControlTest {
  @TempDir Path directory;
  private Access world;
  private AccessControl access;

  @BeforeEach
  void open() {
    world = new Access(directory);
    access = world.open();
  }

  @Test
  void instancesAndKeysAreThereAfterARestart() throws Exception {
    ServiceInstance instance = access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey key = access.createKey("shop", "default", null);
    String token = Access.token(access, key);

    AccessControl restarted = world.open();
    assertThat(restarted.instance("shop")).isEqualTo(instance);
    assertThat(restarted.key("shop", "default")).isEqualTo(key);
    assertThat(restarted.verify(token).instance()).isEqualTo(instance);
    assertThat(restarted.tokenKeys()).isEqualTo(access.tokenKeys());
  }

  @Test
  void puttingTheSameDescriptorChangesNothing() {
    var changes = new ArrayList<AccessChange>();
    access.onChange(changes::add);
    ServiceInstance first = access.putInstance("shop", Access.DESCRIPTOR);
    assertThat(access.putInstance("shop", Access.DESCRIPTOR)).isSameAs(first);
    assertThat(changes).isEmpty();
  }

  @Test
  void rulesAndUnitsMayChangeButNeitherEmnameNorNamespace() {
    ServiceInstance before = access.putInstance("shop", Access.DESCRIPTOR);
    var changes = new ArrayList<AccessChange>();
    access.onChange(changes::add);
    ServiceInstance after =
        access.putInstance("shop", "{\"emname\":\"shop\",\"namespace\":\"acme/shop/one\"}");
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.rules()).isEqualTo(Rules.NONE);
    assertThat(changes).containsExactly(new AccessChange.InstanceChanged(after));

    assertThatThrownBy(
            () -> access.putInstance("shop", Access.descriptor("other", "acme/shop/one")))
        .isInstanceOf(MeshException.InvalidValue.class)
        .hasMessageStartingWith("emname:");
    assertThatThrownBy(() -> access.putInstance("shop", Access.descriptor("shop", "acme/shop/two")))
        .isInstanceOf(MeshException.InvalidValue.class)
        .hasMessageStartingWith("namespace:");
  }

  @Test
  void emnamesAndNamespacesAreUnique() {
    access.putInstance("shop", Access.DESCRIPTOR);
    assertThatThrownBy(() -> access.putInstance("b", Access.descriptor("shop", "a/b/c")))
        .isInstanceOf(MeshException.Conflict.class);
    assertThatThrownBy(() -> access.putInstance("b", Access.descriptor("b", "acme/shop/one")))
        .isInstanceOf(MeshException.Conflict.class);
    assertThat(access.instances()).extracting(ServiceInstance::name).containsExactly("shop");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../x", "a/b", "a b", "a\u0000", ".hidden", "\u00e4"})
  void namesMayBecomeFileNames(String name) {
    assertThatThrownBy(() -> access.putInstance(name, Access.DESCRIPTOR))
        .isInstanceOf(MeshException.MalformedName.class);
    access.putInstance("shop", Access.DESCRIPTOR);
    assertThatThrownBy(() -> access.createKey("shop", name, null))
        .isInstanceOf(MeshException.MalformedName.class);
  }

  @Test
  void keysHaveTheVendorsForm() {
    // wire 2.1
    access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey key = access.createKey("shop", "default", null);
    String guid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
    assertThat(key.clientId())
        .matches("sb-default-" + guid + "-clone!b[0-9]+\\|xbem-service-broker-!b[0-9]+");
    // 256 random bits after the dollar sign.
    assertThat(key.clientSecret()).matches(guid + "\\$[A-Za-z0-9_-]{43}=");
  }

  @Test
  void anInstanceMayHaveSeveralKeys() throws Exception {
    // rotation is a second key, then the end of the first.
    access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey first = access.createKey("shop", "first", null);
    ServiceKey second = access.createKey("shop", "second", "given-secret");
    assertThat(access.keys("shop")).containsExactly(first, second);
    assertThat(access.authenticate(second.clientId(), "given-secret").clientId())
        .isEqualTo(second.clientId());
    String token = Access.token(access, first);
    String kept = Access.token(access, second);
    access.deleteKey("shop", "first");

    assertThat(access.verify(kept).clientId()).isEqualTo(second.clientId());
    assertRevoked(token);
    assertThatThrownBy(() -> access.authenticate(first.clientId(), first.clientSecret()))
        .isInstanceOf(InvalidToken.class);
    assertThatThrownBy(() -> access.createKey("shop", "second", null))
        .isInstanceOf(MeshException.Conflict.class);
  }

  private void assertRevoked(String token) {
    assertThatThrownBy(() -> access.verify(token))
        .isInstanceOfSatisfying(
            InvalidToken.class,
            invalid -> assertThat(invalid.reason()).isEqualTo(InvalidToken.Reason.REVOKED));
  }

  @Test
  void aDeletedKeyIsRefusedAtOnceAndTold() throws Exception {
    // also by the token that was verified before.
    ServiceInstance instance = access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey key = access.createKey("shop", "default", null);
    String token = Access.token(access, key);
    Caller caller = access.verify(token);
    var changes = new ArrayList<AccessChange>();
    access.onChange(changes::add);
    assertThat(access.isCurrent(caller)).isTrue();
    access.deleteKey("shop", "default");

    assertRevoked(token);
    assertThat(access.isCurrent(caller)).isFalse();
    assertThat(changes).containsExactly(new AccessChange.KeyDeleted(instance.id(), key.clientId()));
    assertThat(world.store.keys()).isEmpty();
  }

  @Test
  void aDeletedInstanceTakesItsKeysAlong() {
    ServiceInstance instance = access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey key = access.createKey("shop", "default", null);
    String token = Access.token(access, key);
    var changes = new ArrayList<AccessChange>();
    access.onChange(changes::add);
    access.deleteInstance("shop");

    assertRevoked(token);
    assertThat(access.instances()).isEmpty();
    assertThat(access.instanceById(instance.id())).isNull();
    assertThat(changes)
        .containsExactly(
            new AccessChange.KeyDeleted(instance.id(), key.clientId()),
            new AccessChange.InstanceDeleted(instance));
    assertThatThrownBy(() -> access.deleteInstance("shop"))
        .isInstanceOf(MeshException.NotFound.class);
    assertThatThrownBy(() -> access.keys("shop")).isInstanceOf(MeshException.NotFound.class);
  }

  @Test
  void aCallerHasTheInstanceAsItIsNow() throws Exception {
    // the token is older than the rules.
    access.putInstance("shop", Access.DESCRIPTOR);
    String token = Access.token(access, access.createKey("shop", "default", null));
    access.verify(token);
    access.putInstance("shop", "{\"emname\":\"shop\",\"namespace\":\"acme/shop/one\"}");
    assertThat(access.verify(token).instance().rules()).isEqualTo(Rules.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "short",
        "with space",
        "\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4\u00e4",
        "new\nline-secret"
      })
  void aGivenSecretMustSurviveHeadersAndForms(String secret) {
    access.putInstance("shop", Access.DESCRIPTOR);
    assertThatThrownBy(() -> access.createKey("shop", "default", secret))
        .isInstanceOf(MeshException.InvalidValue.class)
        .hasMessageNotContaining("short");
  }

  @Test
  void unknownClientAndWrongSecretSoundTheSame() {
    //
    access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey key = access.createKey("shop", "default", null);
    assertBadCredentials("nobody", key.clientSecret());
    assertBadCredentials(key.clientId(), "wrong");
    assertBadCredentials(key.clientId(), "");
    assertBadCredentials("", "");
    assertBadCredentials("nobody", "no client has this secret");
  }

  private void assertBadCredentials(String clientId, String secret) {
    assertThatThrownBy(() -> access.authenticate(clientId, secret))
        .isInstanceOfSatisfying(
            InvalidToken.class,
            invalid -> assertThat(invalid.reason()).isEqualTo(InvalidToken.Reason.BAD_CREDENTIALS))
        .hasMessage("Bad credentials");
  }

  @Test
  void nothingInTheStoreIsASecret() {
    //
    access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey key = access.createKey("shop", "default", "canary-secret-4711");
    Access.token(access, key);
    List<byte[]> atRest = new ArrayList<>();
    world.store.keys().forEach(record -> atRest.add(record.sealedSecret()));
    world.store.signingKeys().forEach(record -> atRest.add(record.sealedPrivateKey()));
    assertThat(atRest).hasSize(2);
    for (byte[] bytes : atRest) {
      String text = new String(bytes, StandardCharsets.ISO_8859_1);
      // The object identifier of RSA opens every unsealed PKCS#8 key.
      assertThat(text).doesNotContain("canary").doesNotContain("*\u0086H\u0086\u00f7");
    }
  }

  @Test
  void nothingPrintsASecret() throws Exception {
    access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey key = access.createKey("shop", "default", "canary-secret-4711");
    var request =
        new TokenRequest(
            Access.basic(key.clientId(), "canary-secret-4711"),
            "grant_type=client_credentials&client_secret=canary-secret-4711",
            "client_secret=canary-secret-4711".getBytes(StandardCharsets.UTF_8),
            null);
    TokenResult result = access.grant(request);
    String token = ((TokenResult.Granted) result).accessToken();
    String printed =
        String.join(
            "\n",
            key.toString(),
            Client.of(key).toString(),
            request.toString(),
            result.toString(),
            access.verify(token).toString(),
            FormParameters.of(request).all("client_secret").toString(),
            ClientCredentials.ofParameters(FormParameters.of(request)).toString(),
            ClientCredentials.ofBasic(Access.basic("a", "canary-secret-4711")).toString(),
            world.sealer.toString());
    assertThat(printed).doesNotContain("canary").doesNotContain(token);
  }

  @Test
  void theFirstSigningKeyIsMadeWhenAskedForAndKept() throws Exception {
    world.store.deleteSigningKey("first");
    access = world.open();
    assertThat(world.store.signingKeys()).isEmpty();
    access.putInstance("shop", Access.DESCRIPTOR);
    String token = Access.token(access, access.createKey("shop", "default", null));
    assertThat(world.store.signingKeys()).hasSize(1);
    assertThat(world.open().verify(token)).isEqualTo(access.verify(token));
  }

  @Test
  void signingKeysRotateWithOverlap() throws Exception {
    //
    access.putInstance("shop", Access.DESCRIPTOR);
    ServiceKey key = access.createKey("shop", "default", null);
    world.clock.advance(Duration.ofDays(30).minusHours(1));
    String before = Access.token(access, key);
    world.clock.advance(Duration.ofHours(11));
    String after = Access.token(access, key);

    assertThat(after.substring(0, after.indexOf('.')))
        .isNotEqualTo(before.substring(0, before.indexOf('.')));
    assertThat(access.verify(before).clientId()).isEqualTo(key.clientId());
    assertThat(access.verify(after).clientId()).isEqualTo(key.clientId());
    assertThat(access.tokenKeys().get("keys").size()).isEqualTo(2);
    assertThat(world.open().verify(before).clientId()).isEqualTo(key.clientId());

    world.clock.advance(Duration.ofDays(31));
    // A day after their last use both old keys are gone, at rest as well.
    Access.token(access, key);
    assertThat(access.tokenKeys().get("keys").size()).isEqualTo(1);
    assertThat(world.store.signingKeys()).hasSize(1);
  }
}
