// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.crash;

import dev.weft.acceptance.crash.Publication.Item;
import dev.weft.acceptance.crash.Verifier.Answer;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Publishes over REST with quality of service 1 and waits for each answer. */
final class RestPublisher implements Worker {
  private final String name;
  private final Publication publication;
  private final Verifier verifier;
  private final int waitingMax;

  RestPublisher(String name, Publication publication, Verifier verifier, int waitingMax) {
    this.name = name;
    this.publication = publication;
    this.verifier = verifier;
    this.waitingMax = waitingMax;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void work(ServerLife life) {
    while (life.running()) {
      if (verifier.waiting() > waitingMax) {
        life.pause(Duration.ofMillis(5));
        continue;
      }
      Item item = publication.next();
      Answer answer = Answer.UNKNOWN;
      try {
        String body = new String(item.body(), StandardCharsets.US_ASCII);
        int status = life.mesh().publishToTopic(item.topic(), body).statusCode();
        answer = status / 100 == 2 ? Answer.ACCEPTED : Answer.REFUSED;
      } catch (UncheckedIOException noAnswer) {
        life.trouble(name + " waits for " + item.id(), noAnswer);
      } finally {
        publication.answered(item, answer);
      }
    }
  }
}
