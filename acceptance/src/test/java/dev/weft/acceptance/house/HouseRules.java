// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.CompositeArchRule;
import java.util.List;
import java.util.stream.Stream;

/**
 * The five rules that keep the drawing of the house true, for the house below one root package, and
 * a sixth for this module. The rules also cover rooms that have not been built yet.
 *
 * @param root {@code dev.weft}, or the root of a sample that breaks the rules
 */
record HouseRules(String root) {
  private static final List<String> DOORS = List.of("amqp", "mqtt", "rest", "webhook");
  private static final List<String> ENGINES = List.of("journal", "rabbitmq");
  private static final List<String> GUESTS = List.of("producer", "flow");
  private static final List<String> ROOMS =
      List.of(
          "queue",
          "journal",
          "rabbitmq",
          "access",
          "broker",
          "amqp",
          "mqtt",
          "rest",
          "webhook",
          "server");

  ArchRule noCyclesBetweenRooms() {
    return slices().matching(root + ".(*)..").should().beFreeOfCycles();
  }

  ArchRule noDoorImportsADoor() {
    return all(
        DOORS.stream()
            .map(
                door ->
                    noClasses()
                        .that()
                        .resideInAPackage(room(door))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(rooms(others(DOORS, door)))));
  }

  ArchRule brokerImportsNoEngine() {
    return noClasses()
        .that()
        .resideInAPackage(room("broker"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(rooms(ENGINES))
        .allowEmptyShould(true);
  }

  ArchRule guestsImportNoRoom() {
    return all(
        GUESTS.stream()
            .map(
                guest ->
                    noClasses()
                        .that()
                        .resideInAPackage(room(guest))
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                            rooms(
                                Stream.concat(ROOMS.stream(), others(GUESTS, guest).stream())
                                    .toList()))));
  }

  ArchRule noDrawerPackages() {
    return noClasses()
        .should()
        .resideInAnyPackage(
            Stream.of("common", "util", "core", "api", "helper")
                .map(drawer -> root + ".." + drawer + "..")
                .toArray(String[]::new));
  }

  ArchRule acceptanceImportsNoRoom() {
    return noClasses()
        .that()
        .resideInAPackage(room("acceptance"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(rooms(ROOMS))
        .allowEmptyShould(true);
  }

  private String room(String name) {
    return root + "." + name + "..";
  }

  private String[] rooms(List<String> names) {
    return names.stream().map(this::room).toArray(String[]::new);
  }

  private static List<String> others(List<String> names, String one) {
    return names.stream().filter(name -> !name.equals(one)).toList();
  }

  private static ArchRule all(Stream<? extends ArchRule> rules) {
    return CompositeArchRule.of(rules.map(rule -> rule.allowEmptyShould(true)).toList());
  }
}
