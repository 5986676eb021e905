/** Tests of the race and of its load generator. */
@NullMarked
package dev.weft.benchmarks;

import org.jspecify.annotations.NullMarked;
