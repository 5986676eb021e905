// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.broker;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Remembers what a function answered for the keys asked last, at most twice {@code max} of them:
 * when the young half is full, the old half is dropped. A hit costs one or two look-ups and no
 * garbage. Safe for any thread; the function may run more than once for a key.
 */
final class Recent<K, V> {
  private final int max;
  private final Function<? super K, ? extends V> function;
  private volatile ConcurrentHashMap<K, V> young = new ConcurrentHashMap<>();
  private volatile ConcurrentHashMap<K, V> old = new ConcurrentHashMap<>();

  Recent(int max, Function<? super K, ? extends V> function) {
    this.max = max;
    this.function = function;
  }

  V of(K key) {
    V known = young.get(key);
    return known == null ? remember(key) : known;
  }

  private V remember(K key) {
    V value = old.get(key);
    if (value == null) {
      value = function.apply(key);
    }
    if (young.size() >= max) {
      turn();
    }
    young.put(key, value);
    return value;
  }

  private synchronized void turn() {
    if (young.size() >= max) {
      old = young;
      young = new ConcurrentHashMap<>();
    }
  }

  /** Entries held now, some of them twice. */
  int size() {
    return young.size() + old.size();
  }
}
