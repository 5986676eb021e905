// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.server.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Sets logging up without an XML file, which saves a tenth of the start. Lines go to standard
 * error: standard output belongs to the answers of commands. Found by Logback as a service.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_NORMAL_PRIORITY)
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String LEVEL = "weft.log.level";
  private static final String FORMAT = "weft.log.format";
  private static final String PLAIN = "%d{HH:mm:ss.SSS} %-5level %logger{0} %msg %kvp%n";

  private static final Object LOCK = new Object();

  /** Set once the first logger is made, which may be before or after the choice. */
  private static @Nullable LoggerContext configured;

  /** Call before other threads start: what they log meanwhile comes later, and needs no notice. */
  static void prepare() {
    System.setProperty("slf4j.internal.verbosity", "ERROR");
  }

  /**
   * Any time; a preparation beside may have made the first logger already.
   *
   * @param level of this house's loggers; libraries warn at most
   * @param format {@code plain} or {@code json}
   */
  static void choose(String level, String format) {
    synchronized (LOCK) {
      System.setProperty(LEVEL, level);
      System.setProperty(FORMAT, format);
      if (configured != null) {
        apply(configured);
      }
    }
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    synchronized (LOCK) {
      configured = context;
      apply(context);
    }
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  private static void apply(LoggerContext context) {
    Encoder<ILoggingEvent> encoder = encoder();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.setLevel(Level.WARN);
    root.addAppender(appender);
    String level = System.getProperty(LEVEL, "warn").toUpperCase(Locale.ROOT);
    context.getLogger("dev.weft").setLevel(Level.toLevel(level, Level.WARN));
  }

  private static Encoder<ILoggingEvent> encoder() {
    if (System.getProperty(FORMAT, "plain").equals("json")) {
      return new JsonEncoder();
    }
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setPattern(PLAIN);
    return encoder;
  }
}
