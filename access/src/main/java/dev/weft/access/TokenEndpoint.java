// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weft.access.AccessTokens.Issued;
import dev.weft.access.FormParameters.Parameter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Grants tokens for client credentials, in every form the real clients ask (wire reference 3.2). A
 * client gets the same token again until 80 % of its life are over: signing is what costs.
 */
final class TokenEndpoint {
  private static final double REUSE = 0.8;

  /** Tokens kept for reuse; one client has one, and one more per tenant it speaks for. */
  private static final int REUSED_MAX = 10_000;

  private static final Pattern ZONE = Pattern.compile("[a-zA-Z0-9._-]{1,100}");

  /** Whose token, for which tenant. */
  private record Holder(String clientId, String zoneId) {}

  /** A token and the instance it was made for: another descriptor means other scopes. */
  private record Reusable(ServiceInstance instance, Issued issued) {}

  private final AccessTokens tokens;
  private final AccessSettings settings;
  private final InstantSource clock;
  private final Function<ClientCredentials, @Nullable Caller> authenticator;
  private final FailedAttempts failures;
  private final Cache<Holder, Reusable> reusable =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(REUSED_MAX).build();

  /**
   * @param authenticator the caller that the credentials prove, or null; takes the same time for
   *     both
   */
  TokenEndpoint(
      AccessTokens tokens,
      AccessSettings settings,
      InstantSource clock,
      Function<ClientCredentials, @Nullable Caller> authenticator) {
    this.tokens = tokens;
    this.settings = settings;
    this.clock = clock;
    this.authenticator = authenticator;
    failures = new FailedAttempts(clock);
  }

  TokenResult grant(TokenRequest request) {
    FormParameters parameters = FormParameters.of(request);
    String header = request.authorizationHeader();
    List<ClientCredentials> readings;
    if (header != null && ClientCredentials.isBasic(header)) {
      // Basic wins: what the body says about the client does not count (rule 1).
      readings = ClientCredentials.ofBasic(header);
    } else {
      readings = ClientCredentials.ofParameters(parameters);
      if (readings.isEmpty()) {
        return new TokenResult.Refused(
            401, "unauthorized", "Full authentication is required to access this resource");
      }
    }
    String clientId = readings.isEmpty() ? "" : readings.getFirst().clientId();
    long wait = failures.secondsToWait(clientId, request.address());
    if (wait > 0) {
      return new TokenResult.Refused(
          429, "temporarily_unavailable", "Too many wrong credentials, wait " + wait + " s", wait);
    }
    Caller caller = authenticate(readings);
    if (caller == null) {
      failures.failed(clientId, request.address());
      return new TokenResult.Refused(401, "unauthorized", "Bad credentials");
    }
    failures.succeeded(clientId, request.address());
    TokenResult.Refused refusal = checkGrantType(parameters.all("grant_type"));
    if (refusal != null) {
      return refusal;
    }
    String zoneId = request.zoneId();
    if (zoneId == null || zoneId.isEmpty()) {
      zoneId = Zone.ID;
    } else if (!ZONE.matcher(zoneId).matches()) {
      return new TokenResult.Refused(400, "invalid_request", "Malformed x-zid");
    }
    return granted(caller, zoneId);
  }

  private @Nullable Caller authenticate(List<ClientCredentials> readings) {
    Caller proved = null;
    for (ClientCredentials reading : readings) {
      Caller caller = authenticator.apply(reading);
      proved = proved == null ? caller : proved;
    }
    return proved;
  }

  private static TokenResult.@Nullable Refused checkGrantType(List<Parameter> given) {
    if (given.isEmpty()) {
      return new TokenResult.Refused(400, "invalid_request", "Missing grant type");
    }
    String first = given.getFirst().decoded();
    if (!given.stream().allMatch(parameter -> parameter.decoded().equals(first))) {
      return new TokenResult.Refused(400, "invalid_request", "Several grant types");
    }
    return first.equals("client_credentials")
        ? null
        : new TokenResult.Refused(400, "unsupported_grant_type", "Unsupported grant type");
  }

  private TokenResult granted(Caller caller, String zoneId) {
    ServiceInstance instance = caller.instance();
    var holder = new Holder(caller.clientId(), zoneId);
    Instant now = clock.instant();
    Reusable kept = reusable.getIfPresent(holder);
    if (kept == null || !kept.instance.equals(instance) || !isFresh(kept.issued, now)) {
      kept = new Reusable(instance, tokens.issue(instance, caller.clientId(), zoneId));
      reusable.put(holder, kept);
    }
    Issued issued = kept.issued;
    long secondsLeft = Duration.between(now, issued.expiresAt()).toSeconds();
    return new TokenResult.Granted(issued.token(), secondsLeft, issued.scope(), issued.jti());
  }

  private boolean isFresh(Issued issued, Instant now) {
    var reuse = Duration.ofMillis((long) (settings.tokenLifetime().toMillis() * REUSE));
    return !now.isBefore(issued.issuedAt()) && now.isBefore(issued.issuedAt().plus(reuse));
  }

  /** The client is gone. */
  void forget(String clientId) {
    reusable.asMap().keySet().removeIf(holder -> holder.clientId.equals(clientId));
  }
}
