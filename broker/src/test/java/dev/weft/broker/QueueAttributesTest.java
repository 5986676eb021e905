// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.queue.AccessType;
import dev.weft.queue.MeshException;
import dev.weft.queue.QueueName;
import dev.weft.queue.QueueSettings;
import dev.weft.queue.Redelivery;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** Wire reference 8.1, 8.2. */
class QueueAttributesTest {
  private static QueueAttributes parse(String json) {
    return QueueAttributes.parse(JsonValues.JSON.readTree(json.replace('\'', '"')));
  }

  @Test
  void valuesMayBeNumbersBooleansOrStrings() {
    // CAP Java's configuration maps deliver strings.
    String typed =
        """
        {'accessType':'EXCLUSIVE','maxQueueSizeInBytes':5000,'maxQueueMessageCount':10,
         'maxMessageSizeInBytes':100,'maxDeliveredUnackedMsgsPerFlow':3,'maxRedeliveryCount':255,
         'maxTtl':60,'respectTtl':true,'deadMsgQueue':'a/b/c/d','ingressDisabled':true,
         'egressDisabled':false,'onReject':'DEAD','onDead':'DISCARD','countReleased':false,'fair':true}
        """;
    String strings =
        """
        {'accessType':'exclusive','maxQueueSizeInBytes':'5000','maxQueueMessageCount':'10',
         'maxMessageSizeInBytes':'100','maxDeliveredUnackedMsgsPerFlow':' 3 ','maxRedeliveryCount':'255',
         'maxTtl':'60','respectTtl':'true','deadMsgQueue':'a/b/c/d','ingressDisabled':'TRUE',
         'egressDisabled':'false','onReject':'dead','onDead':'discard','countReleased':'false','fair':'true'}
        """;
    QueueSettings expected =
        new QueueSettings(
            AccessType.EXCLUSIVE,
            5_000,
            10,
            100,
            3,
            255,
            Duration.ofMinutes(1),
            true,
            new QueueName("a/b/c/d"),
            true,
            false,
            Redelivery.DEFAULT,
            QueueSettings.OnReject.DEAD,
            QueueSettings.OnDead.DISCARD,
            false,
            true);
    assertThat(parse(typed).applyTo(QueueSettings.DEFAULT)).isEqualTo(expected);
    assertThat(parse(strings)).isEqualTo(parse(typed));
  }

  @Test
  void nothingGivenChangesNothing() {
    QueueSettings settings = parse("{'maxTtl':1,'fair':true}").applyTo(QueueSettings.DEFAULT);
    assertThat(QueueAttributes.NONE.applyTo(settings)).isEqualTo(settings);
    assertThat(parse("{}")).isEqualTo(QueueAttributes.NONE);
    // Null, unknown and read-only names are nothing.
    assertThat(parse("{'maxTtl':null,'messageCount':7,'name':'x','colour':{}}"))
        .isEqualTo(QueueAttributes.NONE);
  }

  @Test
  void theOtherNameOfTheSizeIsUnderstood() {
    assertThat(parse("{'maxMsgSizeInBytes':7}").maxMessageSizeInBytes()).isEqualTo(7);
    assertThat(parse("{'maxMsgSizeInBytes':7,'maxMessageSizeInBytes':8}").maxMessageSizeInBytes())
        .isEqualTo(8);
  }

  @Test
  void zeroMeansNoLimitWhereTheVendorSaysSo() {
    QueueSettings settings =
        parse("{'maxQueueMessageCount':0,'maxTtl':0,'maxRedeliveryCount':0}")
            .applyTo(QueueSettings.DEFAULT);
    assertThat(settings.maxMessages()).isEqualTo(QueueSettings.DEFAULT.maxMessages());
    assertThat(settings.maxTtl()).isZero();
    assertThat(settings.maxRedeliveries()).isZero();
    assertThat(QueueAttributes.of(settings).maxQueueMessageCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "accessType | {'accessType':'SHARED'}",
        "accessType | {'accessType':1}",
        "maxRedeliveryCount | {'maxRedeliveryCount':256}",
        "maxRedeliveryCount | {'maxRedeliveryCount':-1}",
        "maxRedeliveryCount | {'maxRedeliveryCount':'many'}",
        "maxRedeliveryCount | {'maxRedeliveryCount':1.5}",
        "maxRedeliveryCount | {'maxRedeliveryCount':true}",
        "maxQueueSizeInBytes | {'maxQueueSizeInBytes':0}",
        "maxQueueSizeInBytes | {'maxQueueSizeInBytes':99999999999999999999}",
        "maxMessageSizeInBytes | {'maxMessageSizeInBytes':0}",
        "maxMsgSizeInBytes | {'maxMsgSizeInBytes':'x'}",
        "maxTtl | {'maxTtl':-5}",
        "maxTtl | {'maxTtl':315360001}",
        "respectTtl | {'respectTtl':'yes'}",
        "respectTtl | {'respectTtl':1}",
        "deadMsgQueue | {'deadMsgQueue':7}",
        "deadMsgQueue | {'deadMsgQueue':'a//b'}",
        "redelivery | {'redelivery':'sometimes'}",
        "redelivery | {'redelivery':7}",
        "redelivery | {'redelivery':{'firstDelay':'10m','maxDelay':'1m'}}",
        "redelivery | {'redelivery':{'factor':0.5}}",
        "redelivery | {'redelivery':{'firstDelay':'0s'}}",
        "redelivery.firstDelay | {'redelivery':{'firstDelay':'soon'}}",
        "redelivery.factor | {'redelivery':{'factor':'double'}}",
        "redelivery.order | {'redelivery':{'order':'random'}}",
        "document | []",
        "document | 7",
      })
  void whatCannotBeIsNamedByItsPath(String path, String json) {
    assertThatThrownBy(() -> parse(json).applyTo(QueueSettings.DEFAULT))
        .isInstanceOfSatisfying(
            MeshException.InvalidValue.class,
            invalid -> assertThat(invalid.path()).isEqualTo(path));
  }

  @Test
  void redeliveryIsImmediateOrPaced() {
    assertThat(parse("{'redelivery':'immediate'}").redelivery()).isEqualTo(Redelivery.IMMEDIATE);
    assertThat(parse("{'redelivery':'default'}").redelivery()).isEqualTo(Redelivery.DEFAULT);
    assertThat(parse("{'redelivery':{}}").redelivery()).isEqualTo(Redelivery.DEFAULT);
    // DESIGN section 5
    assertThat(
            parse("{'redelivery':{'firstDelay':'1s','factor':2,'maxDelay':'5m','order':'strict'}}")
                .redelivery())
        .isEqualTo(
            new Redelivery.Paced(
                Duration.ofSeconds(1), 2, Duration.ofMinutes(5), Redelivery.Order.STRICT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1ms", "1500ms", "1s", "90s", "5m", "2h", "3d"})
  void durationsComeBackAsTheyMean(String text) {
    QueueAttributes first = parse("{'redelivery':{'firstDelay':'1ms','maxDelay':'" + text + "'}}");
    assertThat(QueueAttributes.parse(first.toDocument())).isEqualTo(first);
  }

  @Test
  void everySettingSurvivesItsDocument() {
    List<QueueSettings> samples =
        List.of(
            QueueSettings.DEFAULT,
            parse("{'redelivery':'immediate','deadMsgQueue':'a/b/c/d','maxQueueMessageCount':3}")
                .applyTo(QueueSettings.DEFAULT),
            parse("{'accessType':'EXCLUSIVE','onReject':'DEAD','onDead':'DISCARD','fair':true}")
                .applyTo(QueueSettings.DEFAULT));
    for (QueueSettings settings : samples) {
      String text = QueueAttributes.of(settings).toDocument().toString();
      assertThat(
              QueueAttributes.parse(JsonValues.JSON.readTree(text)).applyTo(QueueSettings.DEFAULT))
          .isEqualTo(settings);
    }
  }

  @Test
  void ourOwnWordsAreThoseOfTheLandscapeFile() {
    // An export must be a landscape again: its schema knows small letters.
    ObjectNode document =
        QueueAttributes.of(
                QueueSettings.DEFAULT.toBuilder()
                    .onReject(QueueSettings.OnReject.DEAD)
                    .onDead(QueueSettings.OnDead.DISCARD)
                    .build())
            .toDocument();
    assertThat(document.path("onReject").asString()).isEqualTo("dead");
    assertThat(document.path("onDead").asString()).isEqualTo("discard");
  }
}
