// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.node;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server is told, frozen; {@link SettingKey} says what each means.
 *
 * @param landscape null for none
 * @param port 0 for a free one
 * @param publicUrl null for the default, which knows the port; no trailing slash
 * @param amqpPort {@link #OFF} for none, 0 for a free one
 * @param writeKeys null for nowhere
 * @param payloadMemoryBytes message bodies in memory
 * @param segmentBytes size of a journal file
 * @param operatorToken null to have one generated
 */
public record Settings(
    Path data,
    @Nullable Path landscape,
    int port,
    String bind,
    @Nullable String publicUrl,
    boolean tls,
    int amqpPort,
    @Nullable Path writeKeys,
    Duration tokenLifetime,
    int messageSizeMax,
    int connectionsPerInstance,
    Duration webhookFirstRetry,
    Duration webhookMaxRetry,
    long payloadMemoryBytes,
    int segmentBytes,
    @Nullable String operatorToken) {
  public static final int OFF = -1;

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final long MIB = 1024 * 1024;

  /**
   * @param directory relative paths start here
   * @throws StartFailure naming the setting, its origin and what is wrong
   */
  public static Settings of(SettingSources sources, Path directory) throws StartFailure {
    Reader read = new Reader(sources, directory);
    return new Settings(
        read.path(SettingKey.DATA, directory.resolve(SettingKey.DATA.defaultValue())),
        read.optionalPath(SettingKey.LANDSCAPE),
        (int) read.number(SettingKey.PORT, 0, 65_535),
        read.text(SettingKey.BIND),
        read.publicUrl(),
        read.word(SettingKey.TLS, "on", "off").equals("on"),
        read.portOrOff(SettingKey.AMQP_PORT),
        read.optionalPath(SettingKey.WRITE_KEYS),
        read.duration(SettingKey.TOKEN_LIFETIME, Duration.ofSeconds(1), Duration.ofDays(24)),
        (int) read.number(SettingKey.MESSAGE_SIZE_MAX, 1, 64 * MIB),
        (int) read.number(SettingKey.CONNECTIONS_PER_INSTANCE, 1, 1_000_000),
        read.duration(SettingKey.WEBHOOK_FIRST_RETRY, Duration.ofMillis(1), Duration.ofDays(1)),
        read.duration(SettingKey.WEBHOOK_MAX_RETRY, Duration.ofMillis(1), Duration.ofDays(1)),
        read.number(SettingKey.PAYLOAD_MEMORY_MIB, 1, 1_048_576) * MIB,
        (int) (read.number(SettingKey.SEGMENT_MIB, 1, 1_024) * MIB),
        read.optionalText(SettingKey.OPERATOR_TOKEN));
  }

  /** Scheme of the public address. */
  public String scheme() {
    return tls ? "https" : "http";
  }

  /** The address that goes into keys, once the port is known. */
  public String publicUrl(int actualPort) {
    return publicUrl != null ? publicUrl : scheme() + "://localhost:" + actualPort;
  }

  /** Never the token. */
  @Override
  public String toString() {
    return "Settings[data=" + data + ", port=" + port + ", tls=" + tls + "]";
  }

  private record Reader(SettingSources sources, Path directory) {
    String text(SettingKey key) {
      return sources.value(key).text();
    }

    @Nullable String optionalText(SettingKey key) {
      return text(key).isEmpty() ? null : text(key);
    }

    Path path(SettingKey key, Path standard) {
      return text(key).isEmpty() ? standard : directory.resolve(text(key));
    }

    @Nullable Path optionalPath(SettingKey key) {
      return text(key).isEmpty() ? null : directory.resolve(text(key));
    }

    long number(SettingKey key, long min, long max) throws StartFailure {
      try {
        long number = Long.parseLong(text(key));
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Reported below with the range.
      }
      throw wrong(key, "must be a number from " + min + " to " + max);
    }

    int portOrOff(SettingKey key) throws StartFailure {
      return text(key).equals("off") ? OFF : (int) number(key, 0, 65_535);
    }

    String word(SettingKey key, String... words) throws StartFailure {
      List<String> allowed = Arrays.asList(words);
      if (!allowed.contains(text(key))) {
        throw wrong(key, "must be " + String.join(" or ", allowed));
      }
      return text(key);
    }

    Duration duration(SettingKey key, Duration min, Duration max) throws StartFailure {
      Matcher matcher = DURATION.matcher(text(key));
      if (!matcher.matches()) {
        throw wrong(key, "must be a duration such as 500ms, 30s, 5m, 12h or 7d");
      }
      long count = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            case "m" -> Duration.ofMinutes(count);
            case "h" -> Duration.ofHours(count);
            default -> Duration.ofDays(count);
          };
      if (duration.compareTo(min) < 0 || duration.compareTo(max) > 0) {
        throw wrong(key, "must be from " + min.toMillis() + " ms to " + max.toMillis() + " ms");
      }
      return duration;
    }

    @Nullable String publicUrl() throws StartFailure {
      String text = text(SettingKey.PUBLIC_URL);
      if (text.isEmpty()) {
        return null;
      }
      String bare = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
      if (!isBareUrl(bare)) {
        throw wrong(SettingKey.PUBLIC_URL, "must be http(s)://host or http(s)://host:port");
      }
      return bare;
    }

    private static boolean isBareUrl(String text) {
      try {
        URI url = new URI(text);
        return ("https".equals(url.getScheme()) || "http".equals(url.getScheme()))
            && url.getHost() != null
            && text.equals(url.getScheme() + "://" + url.getAuthority());
      } catch (java.net.URISyntaxException e) {
        return false;
      }
    }

    StartFailure wrong(SettingKey key, String rule) {
      SettingSources.Value value = sources.value(key);
      String shown = key.secret() ? "" : " '" + value.text() + "'";
      return new StartFailure(
          ExitCode.USAGE, key.key() + shown + " (" + value.origin() + ") " + rule + ".");
    }
  }
}
