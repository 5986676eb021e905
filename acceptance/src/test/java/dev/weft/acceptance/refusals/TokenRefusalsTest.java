// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.refusals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.acceptance.wire.Mesh;
import dev.weft.acceptance.wire.SharedWeft;
import dev.weft.acceptance.wire.WeftServer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who does not get in, and how early. */
@ExtendWith(SharedWeft.class)
class TokenRefusalsTest {
  private static final String QUEUE = "refusals/tokens";

  @Test
  void aWrongSecretGetsNoToken(Mesh mesh) {
    // Wire 3.3.
    HttpResponse<String> answer = mesh.token("wrong");

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(Mesh.json(answer).path("error").asString()).isEqualTo("unauthorized");
  }

  @Test
  void theSecretOfAnotherInstanceGetsNoToken(WeftServer server, Mesh mesh) {
    assertThat(mesh.token(server.key("plant", "default").clientSecret()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void theRightTokenUpgrades(Mesh mesh) {
    // Without this the refusals below could have any other reason.
    assertThat(Upgrade.status(mesh, mesh.token())).isEqualTo(101);
  }

  @Test
  void noTokenIsRefusedBeforeTheUpgrade(Mesh mesh) {
    // Rule 10: 401 in plain HTTP.
    assertThat(Upgrade.status(mesh, null)).isEqualTo(401);
  }

  /** Ways to make a token without the server's key. */
  enum Forgery {
    ANOTHER_SIGNATURE {
      @Override
      String of(String token) throws GeneralSecurityException {
        String signed = token.substring(0, token.lastIndexOf('.'));
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair stranger = generator.generateKeyPair();
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(stranger.getPrivate());
        signature.update(signed.getBytes(StandardCharsets.US_ASCII));
        return signed + "." + base64(signature.sign());
      }
    },
    NO_SIGNATURE {
      @Override
      String of(String token) {
        String[] part = token.split("\\.", -1);
        String header = "{\"alg\":\"none\",\"typ\":\"JWT\"}";
        return base64(header.getBytes(StandardCharsets.UTF_8)) + "." + part[1] + ".";
      }
    },
    OTHER_CLAIMS {
      @Override
      String of(String token) {
        String[] part = token.split("\\.", -1);
        String claims =
            new String(Base64.getUrlDecoder().decode(part[1]), StandardCharsets.UTF_8)
                .replaceFirst("\"exp\":\\d", "\"exp\":9");
        return part[0] + "." + base64(claims.getBytes(StandardCharsets.UTF_8)) + "." + part[2];
      }
    },
    NO_TOKEN_AT_ALL {
      @Override
      String of(String token) {
        return "not-a-token";
      }
    };

    abstract String of(String token) throws GeneralSecurityException;

    private static String base64(byte[] bytes) {
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aForgedTokenIsRefusedBeforeTheUpgradeAndOnEveryHttpDoor(Forgery forgery, Mesh mesh)
      throws GeneralSecurityException {
    String token = forgery.of(mesh.token());

    assertThat(Upgrade.status(mesh, token)).isEqualTo(401);
    Mesh forger = mesh.withToken(token);
    assertThat(forger.publishToTopic(mesh.named("topic"), "{}").statusCode()).isEqualTo(401);
    assertThat(forger.consume(mesh.named(QUEUE), 0).statusCode()).isEqualTo(401);
    assertThat(forger.putQueue(mesh.named(QUEUE), "{}").statusCode()).isEqualTo(401);
    assertThat(mesh.queue(mesh.named(QUEUE)).statusCode()).isEqualTo(404);
  }
}
