// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.weft.access.AccessStore.SealedKey;
import dev.weft.access.AccessTokens.Verified;
import dev.weft.access.InvalidToken.Reason;
import dev.weft.queue.MeshException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Service instances, their keys and their tokens. Everything is held in memory and written through
 * to the store; a change is durable when its method returns. Safe for any thread: readers never
 * block, changes wait for each other and for the store. Verifying a token that was seen before
 * costs one hash.
 */
public final class AccessControl {
  private static final Logger LOG = LoggerFactory.getLogger(AccessControl.class);

  /** Names end up in file names of written keys, too. */
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-][a-zA-Z0-9_.-]{0,99}");

  /** Printable, without spaces: it has to survive headers and forms. */
  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{8,512}");

  /** Two at a time are enough to rotate; pipelines want a few more. */
  private static final int KEYS_PER_INSTANCE_MAX = 50;

  /** About 100 bytes each. */
  private static final int VERIFIED_MAX = 50_000;

  private static final int SECRET_BYTES = 32;

  private final AccessStore store;
  private final Sealer sealer;
  private final AccessSettings settings;
  private final InstantSource clock;
  private final SecureRandom random;
  private final SigningKeys signingKeys;
  private final AccessTokens tokens;
  private final TokenEndpoint tokenEndpoint;

  /** By id; written under the lock of this object, as the next one. */
  private final Map<String, ServiceInstance> instances = new ConcurrentHashMap<>();

  /** By client id. */
  private final Map<String, Client> clients = new ConcurrentHashMap<>();

  private final List<Consumer<AccessChange>> listeners = new CopyOnWriteArrayList<>();

  /** By SHA-256 of the token: a heap dump shows no token. */
  private final Cache<ByteBuffer, Verified> verified =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(VERIFIED_MAX).build();

  /**
   * Reads what the store knows.
   *
   * @throws SealException if a secret of the store does not open with the sealer's keys
   */
  public AccessControl(
      AccessStore store,
      Sealer sealer,
      AccessSettings settings,
      InstantSource clock,
      SecureRandom random) {
    this.store = store;
    this.sealer = sealer;
    this.settings = settings;
    this.clock = clock;
    this.random = random;
    signingKeys = new SigningKeys(store, sealer, settings, clock, random);
    tokens = new AccessTokens(signingKeys, settings, clock, random);
    tokenEndpoint = new TokenEndpoint(tokens, settings, clock, this::callerOf);
    for (ServiceInstance instance : store.instances()) {
      instances.put(instance.id(), instance);
    }
    for (SealedKey sealed : store.keys()) {
      byte[] secret = sealer.unseal(sealed.sealedSecret(), objectId(sealed.clientId()));
      clients.put(
          sealed.clientId(),
          Client.of(
              new ServiceKey(
                  sealed.instanceId(),
                  sealed.name(),
                  sealed.clientId(),
                  new String(secret, StandardCharsets.UTF_8),
                  Instant.ofEpochMilli(sealed.createdAtMillis()))));
    }
  }

  /**
   * Whether the sealer opens what the store holds; changes nothing.
   *
   * @throws SealException if a secret does not open
   */
  public static void requireOpens(AccessStore store, Sealer sealer) {
    SigningKeys.requireOpens(store, sealer);
    for (SealedKey sealed : store.keys()) {
      sealer.unseal(sealed.sealedSecret(), objectId(sealed.clientId()));
    }
  }

  /** All, by name. */
  public List<ServiceInstance> instances() {
    return instances.values().stream().sorted(Comparator.comparing(ServiceInstance::name)).toList();
  }

  /**
   * @throws MeshException.NotFound if there is none of the name
   */
  public ServiceInstance instance(String name) {
    ServiceInstance instance = find(name);
    if (instance == null) {
      throw new MeshException.NotFound("service instance", name);
    }
    return instance;
  }

  /** The instance as it is now, null once it is deleted. */
  public @Nullable ServiceInstance instanceById(String id) {
    return instances.get(id);
  }

  private @Nullable ServiceInstance find(String name) {
    for (ServiceInstance instance : instances.values()) {
      if (instance.name().equals(name)) {
        return instance;
      }
    }
    return null;
  }

  /**
   * Creates or updates an instance from the vendor's descriptor. The emname and the namespace of an
   * existing one cannot change.
   *
   * @throws MeshException.InvalidValue with the path of what is wrong in the descriptor
   * @throws MeshException.Conflict if another instance has the emname or the namespace
   * @throws MeshException.MalformedName if the name is not 1 to 100 characters of letters, digits,
   *     {@code _}, {@code -} and, not first, {@code .}
   */
  public synchronized ServiceInstance putInstance(String name, String descriptorJson) {
    requireName("service instance", name);
    ServiceInstance existing = find(name);
    String id = existing == null ? randomId().toString() : existing.id();
    ServiceInstance next = ServiceInstance.parse(id, name, descriptorJson);
    if (existing == null) {
      requireUnique(next);
    } else {
      requireSame("emname", existing.emname(), next.emname());
      requireSame("namespace", existing.namespace(), next.namespace());
      if (existing.equals(next)) {
        return existing;
      }
    }
    store.put(next);
    instances.put(id, next);
    LOG.atInfo()
        .addKeyValue("instance", name)
        .addKeyValue("namespace", next.namespace())
        .log(existing == null ? "service instance created" : "service instance changed");
    if (existing != null) {
      tell(new AccessChange.InstanceChanged(next));
    }
    return next;
  }

  private void requireUnique(ServiceInstance next) {
    for (ServiceInstance other : instances.values()) {
      if (other.emname().equals(next.emname())) {
        throw new MeshException.Conflict("emname", next.emname());
      }
      if (other.namespace().equals(next.namespace())) {
        throw new MeshException.Conflict("namespace", next.namespace());
      }
    }
  }

  private static void requireSame(String path, String before, String after) {
    if (!before.equals(after)) {
      throw new MeshException.InvalidValue(
          path, "cannot change from '" + before + "'; make a new instance");
    }
  }

  /**
   * Deletes the instance with its keys; their tokens are refused from now on. What the instance has
   * in the broker is deleted there first.
   *
   * @throws MeshException.NotFound if there is none of the name
   */
  public synchronized void deleteInstance(String name) {
    ServiceInstance instance = instance(name);
    store.deleteInstance(instance.id());
    for (ServiceKey key : keysOf(instance)) {
      forget(key);
    }
    instances.remove(instance.id());
    LOG.atInfo().addKeyValue("instance", name).log("service instance deleted");
    tell(new AccessChange.InstanceDeleted(instance));
  }

  /**
   * Makes a service key.
   *
   * @param secret null for a random one of 256 bits in the vendor's form
   * @throws MeshException.NotFound if there is no such instance
   * @throws MeshException.Conflict if the instance has a key of the name
   * @throws MeshException.InvalidValue if the given secret is not 8 to 512 printable characters
   */
  public synchronized ServiceKey createKey(
      String instanceName, String keyName, @Nullable String secret) {
    requireName("service key", keyName);
    ServiceInstance instance = instance(instanceName);
    List<ServiceKey> existing = keysOf(instance);
    if (existing.stream().anyMatch(key -> key.name().equals(keyName))) {
      throw new MeshException.Conflict("service key", keyName);
    }
    if (existing.size() >= KEYS_PER_INSTANCE_MAX) {
      throw new MeshException.LimitReached("keys of '" + instanceName + "'", KEYS_PER_INSTANCE_MAX);
    }
    if (secret != null && !SECRET.matcher(secret).matches()) {
      throw new MeshException.InvalidValue(
          "secret", "must have 8 to 512 printable ASCII characters without spaces");
    }
    // The numbers after !b identify the vendor's tenants; nothing reads them.
    String clientId = "sb-default-" + randomId() + "-clone!b1001|xbem-service-broker-!b1000";
    String chosen = secret == null ? randomSecret() : secret;
    var key =
        new ServiceKey(
            instance.id(), keyName, clientId, chosen, Instant.ofEpochMilli(clock.millis()));
    byte[] sealed = sealer.seal(chosen.getBytes(StandardCharsets.UTF_8), objectId(clientId));
    store.put(
        new SealedKey(instance.id(), keyName, clientId, sealed, key.createdAt().toEpochMilli()));
    clients.put(clientId, Client.of(key));
    LOG.atInfo()
        .addKeyValue("instance", instanceName)
        .addKeyValue("key", keyName)
        .log("service key created");
    return key;
  }

  /**
   * @throws MeshException.NotFound if there is no such instance or key
   */
  public ServiceKey key(String instanceName, String keyName) {
    for (ServiceKey key : keysOf(instance(instanceName))) {
      if (key.name().equals(keyName)) {
        return key;
      }
    }
    throw new MeshException.NotFound("service key", keyName);
  }

  /**
   * All of the instance, by name.
   *
   * @throws MeshException.NotFound if there is no such instance
   */
  public List<ServiceKey> keys(String instanceName) {
    return keysOf(instance(instanceName));
  }

  private List<ServiceKey> keysOf(ServiceInstance instance) {
    return clients.values().stream()
        .map(Client::key)
        .filter(key -> key.instanceId().equals(instance.id()))
        .sorted(Comparator.comparing(ServiceKey::name))
        .toList();
  }

  /**
   * Deletes the key; its tokens are refused from now on.
   *
   * @throws MeshException.NotFound if there is no such instance or key
   */
  public synchronized void deleteKey(String instanceName, String keyName) {
    ServiceKey key = key(instanceName, keyName);
    store.deleteKey(key.instanceId(), keyName);
    forget(key);
    LOG.atInfo()
        .addKeyValue("instance", instanceName)
        .addKeyValue("key", keyName)
        .log("service key deleted");
  }

  private void forget(ServiceKey key) {
    clients.remove(key.clientId());
    tokenEndpoint.forget(key.clientId());
    tell(new AccessChange.KeyDeleted(key.instanceId(), key.clientId()));
  }

  /** The service key as clients read it, secret included (wire reference 2.1). */
  public ObjectNode keyDocument(ServiceInstance instance, ServiceKey key) {
    return KeyDocument.of(instance, key, settings, signingKeys.current().publicPem());
  }

  /** Answers the token endpoint (wire reference 3.2, 3.3). */
  public TokenResult grant(TokenRequest request) {
    return tokenEndpoint.grant(request);
  }

  /**
   * Who holds this token.
   *
   * @throws InvalidToken if it proves nothing, or nothing any more
   */
  public Caller verify(String bearerToken) throws InvalidToken {
    ByteBuffer digest = ByteBuffer.wrap(Digests.sha256(bearerToken));
    Verified known = verified.getIfPresent(digest);
    if (known == null) {
      known = tokens.verify(bearerToken);
      verified.put(digest, known);
    } else if (!clock.instant().isBefore(known.expiresAt().plus(AccessTokens.SKEW))) {
      verified.invalidate(digest);
      throw new InvalidToken(Reason.EXPIRED, "expired at " + known.expiresAt());
    }
    Client client = clients.get(known.clientId());
    ServiceInstance instance = client == null ? null : instances.get(client.key().instanceId());
    if (instance == null) {
      throw new InvalidToken(Reason.REVOKED, "the service key was deleted");
    }
    return new Caller(instance, known.clientId(), known.expiresAt());
  }

  /**
   * Who has this secret. Takes the same time for an unknown client as for a wrong secret.
   *
   * @throws InvalidToken always for the same reason
   */
  public Caller authenticate(String clientId, String clientSecret) throws InvalidToken {
    Caller caller = callerOf(new ClientCredentials(clientId, clientSecret));
    if (caller == null) {
      throw new InvalidToken(Reason.BAD_CREDENTIALS, "Bad credentials");
    }
    return caller;
  }

  private @Nullable Caller callerOf(ClientCredentials credentials) {
    Client client = clients.get(credentials.clientId());
    if (!Client.proves(client, credentials.secret()) || client == null) {
      return null;
    }
    ServiceInstance instance = instances.get(client.key().instanceId());
    return instance == null ? null : new Caller(instance, credentials.clientId(), Instant.MAX);
  }

  /** Whether the caller's key still exists: a live connection must end within 10 s. */
  public boolean isCurrent(Caller caller) {
    return clients.containsKey(caller.clientId());
  }

  /** The public keys that verify our tokens. */
  public ObjectNode tokenKeys() {
    return signingKeys.document();
  }

  /**
   * Hears of changes that live connections must follow. The listener runs on the thread of the
   * change, with the lock held, and returns fast.
   */
  public void onChange(Consumer<AccessChange> listener) {
    listeners.add(listener);
  }

  private void tell(AccessChange change) {
    for (Consumer<AccessChange> listener : listeners) {
      listener.accept(change);
    }
  }

  private static void requireName(String kind, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new MeshException.MalformedName(
          kind, name, "1 to 100 letters, digits, '_', '-' and '.' are allowed, no '.' first");
    }
  }

  private static String objectId(String clientId) {
    return "service-key:" + clientId;
  }

  private String randomSecret() {
    var secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return randomId() + "$" + Base64.getUrlEncoder().encodeToString(secret);
  }

  /** A GUID of version 4 from our own source of randomness. */
  private UUID randomId() {
    long high = (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L;
    long low = (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low);
  }
}
