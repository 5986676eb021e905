// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.house;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/message-path.md} sends nobody to a class that is gone. */
class MessagePathPageTest {
  private static final String NAME = "`([A-Z]\\w+)`";
  private static final Pattern CLASSES_OF_A_ROOM =
      Pattern.compile("((?:" + NAME + ", )*" + NAME + ")[^|;`]*\\(`(\\w+)`\\)");

  @Test
  void everyClassOnThePageExistsInItsRoom() throws IOException {
    JavaClasses house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.weft");
    String page = Files.readString(TidyTest.repository().resolve("docs/message-path.md"));

    List<String> named = new ArrayList<>();
    Matcher matcher = CLASSES_OF_A_ROOM.matcher(page);
    while (matcher.find()) {
      String room = matcher.group(4);
      Pattern.compile(NAME)
          .matcher(matcher.group(1))
          .results()
          .map((MatchResult name) -> "dev.weft." + room + "." + name.group(1))
          .forEach(named::add);
    }

    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named).filteredOn(name -> !house.contain(name)).isEmpty();
  }
}
