// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.queue;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Remembers what an append was told. Safe for any thread. */
public final class RecordingAppend implements AppendListener {
  private static final Duration DEADLINE = Duration.ofSeconds(10);

  /** Completes with the refusal, or exceptionally never: empty means stored. */
  private final CompletableFuture<Answer> answer = new CompletableFuture<>();

  private final AtomicInteger answers = new AtomicInteger();

  private record Answer(@Nullable MeshException refusal) {}

  @Override
  public void stored() {
    answers.incrementAndGet();
    answer.complete(new Answer(null));
  }

  @Override
  public void refused(MeshException reason) {
    answers.incrementAndGet();
    answer.complete(new Answer(reason));
  }

  /** How often the engine answered: the promise is once. */
  public int answers() {
    return answers.get();
  }

  /** Whether the engine answered yet. */
  public boolean answered() {
    return answer.isDone();
  }

  /** Waits for the answer, which must be {@code stored}. */
  public void awaitStored() {
    MeshException refusal = await().refusal();
    if (refusal != null) {
      throw new AssertionError("the append was refused: " + refusal, refusal);
    }
  }

  /** Waits for the answer, which must be a refusal. */
  public MeshException awaitRefused() {
    MeshException refusal = await().refusal();
    if (refusal == null) {
      throw new AssertionError("the append was stored");
    }
    return refusal;
  }

  /** Waits for the answer of either kind; whether the message was stored. */
  public boolean awaitAnswer() {
    return await().refusal() == null;
  }

  private Answer await() {
    try {
      return answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      throw new AssertionError("the append was not answered within " + DEADLINE, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }
}
