// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything a server can be told. A key is kebab-case in {@code weft.yaml}, {@code --kebab-case}
 * as a flag and {@code WEFT_UPPER_CASE} in the environment.
 */
public enum SettingKey {
  DATA(".weft/data", "directory of messages and catalogue; keys and certificates lie beside it"),
  LANDSCAPE("", "landscape file to apply at the start"),
  PORT("8443", "the one port, 0 for a free one"),
  BIND("localhost", "address to listen on, 0.0.0.0 for every one"),
  PUBLIC_URL("", "what goes into service keys and tokens; default https://localhost:<port>"),
  TLS("on", "on, or off for plain HTTP and WebSocket"),
  AMQP_PORT(
      "off", "AMQP over plain TCP or TLS besides WebSocket: a port, 0 for a free one, or off"),
  WRITE_KEYS("", "directory that gets every service key of the landscape and the CA"),
  TOKEN_LIFETIME("43199s", "1s to 24d; what CAP keeps must fit its timer"),
  MESSAGE_SIZE_MAX("1000000", "bytes of one message, properties included"),
  CONNECTIONS_PER_INSTANCE("50", "live AMQP connections, the vendor's number"),
  WEBHOOK_FIRST_RETRY("1s", "wait after a webhook's first failure, doubled with each further one"),
  WEBHOOK_MAX_RETRY("5m", "longest wait of a webhook between two attempts"),
  PAYLOAD_MEMORY_MIB("32", "message bodies kept in memory, others are read back from disk"),
  SEGMENT_MIB("64", "size of a journal file; two are made ahead, so disk use starts at three"),
  LOG_LEVEL("info", "error, warn, info or debug; lines go to standard error"),
  LOG_FORMAT("plain", "plain or json"),
  OPERATOR_TOKEN("", "secret of the operator's API; generated at each start when empty");

  private final String defaultValue;
  private final String meaning;

  SettingKey(String defaultValue, String meaning) {
    this.defaultValue = defaultValue;
    this.meaning = meaning;
  }

  public String defaultValue() {
    return defaultValue;
  }

  public String meaning() {
    return meaning;
  }

  /** {@code public-url}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@code WEFT_PUBLIC_URL}. */
  public String variable() {
    return "WEFT_" + name();
  }

  /** Never shown; may also be given as a file, {@code operator-token-file}. */
  public boolean secret() {
    return this == OPERATOR_TOKEN;
  }

  static Optional<SettingKey> of(String key) {
    return Arrays.stream(values()).filter(each -> each.key().equals(key)).findFirst();
  }

  /** The keys a {@code weft.yaml} may hold. */
  static List<String> words() {
    return Arrays.stream(values())
        .flatMap(
            each ->
                each.secret()
                    ? java.util.stream.Stream.of(each.key(), each.key() + "-file")
                    : java.util.stream.Stream.of(each.key()))
        .toList();
  }
}
