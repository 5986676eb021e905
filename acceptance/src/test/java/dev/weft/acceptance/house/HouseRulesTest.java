// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The drawing of the house, checked against the byte code of every module on the class path. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HouseRulesTest {
  private static final String ROOT = "dev.weft";
  private static final String SAMPLE = "dev.weft.acceptance.sample";

  private JavaClasses house;
  private JavaClasses sample;

  @BeforeAll
  void readTheHouse() {
    house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
    sample = new ClassFileImporter().importPackages(SAMPLE);
  }

  @Test
  void everyRoomIsSeen() {
    // A rule over an empty class path would hold for ever.
    assertThat(house.stream().map(type -> type.getPackageName()).distinct())
        .contains(
            Stream.of(
                    "queue",
                    "journal",
                    "access",
                    "broker",
                    "amqp",
                    "mqtt",
                    "rest",
                    "webhook",
                    "server.node",
                    "producer")
                .map(room -> ROOT + "." + room)
                .toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theHouseKeepsTheRule(Rule rule) {
    rule.of(new HouseRules(ROOT)).check(house);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void theRuleCatchesASampleThatBreaksIt(Rule rule) {
    assertThat(rule.of(new HouseRules(SAMPLE)).evaluate(sample).hasViolation()).isTrue();
  }

  @Test
  void acceptanceTestsSpeakOverTheWireAlone() {
    JavaClasses acceptance = new ClassFileImporter().importPackages(ROOT + ".acceptance");

    new HouseRules(ROOT).acceptanceImportsNoRoom().check(acceptance);
  }

  static List<Rule> rules() {
    return List.of(
        new Rule("no cycles between rooms", HouseRules::noCyclesBetweenRooms),
        new Rule("no door imports a door", HouseRules::noDoorImportsADoor),
        new Rule("broker imports no engine", HouseRules::brokerImportsNoEngine),
        new Rule("guests import no room", HouseRules::guestsImportNoRoom),
        new Rule("no drawer packages", HouseRules::noDrawerPackages));
  }

  /** A rule by name, so that a failure says which one was broken. */
  record Rule(String name, Function<HouseRules, ArchRule> rule) {
    ArchRule of(HouseRules rules) {
      return rule.apply(rules);
    }

    @Override
    public String toString() {
      return name;
    }
  }
}
