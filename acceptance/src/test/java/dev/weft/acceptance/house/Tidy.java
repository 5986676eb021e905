// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.acceptance.house;

import com.sun.source.tree.BlockTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * What a reviewer would say about one file, without the reviewer. A finding is taken back by a
 * comment {@code tidy: <reason>} on the line or on the one above. The length of a file is excused
 * within its first {@value #HEADER_LINES} lines, also by a sentence such as <em>longer than 500
 * lines because</em>.
 */
final class Tidy {
  static final int FILE_LINES_MAX = 500;
  static final int METHOD_LINES_MAX = 70;
  private static final int HEADER_LINES = 60;
  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();

  /** Where a line rule applies. */
  private enum Where {
    ANY_TEXT {
      @Override
      boolean covers(String path) {
        return true;
      }
    },
    JAVA {
      @Override
      boolean covers(String path) {
        return path.endsWith(".java");
      }
    },
    JAVA_MAIN {
      @Override
      boolean covers(String path) {
        return path.endsWith(".java") && path.contains("/src/main/");
      }
    },
    JAVA_OUTSIDE_THE_CLI {
      @Override
      boolean covers(String path) {
        return JAVA_MAIN.covers(path) && !path.contains("/cli/");
      }
    };

    abstract boolean covers(String path);
  }

  private record LineRule(String says, Where where, Pattern pattern) {
    LineRule(String says, Where where, String regex) {
      this(says, where, Pattern.compile(regex));
    }
  }

  private static final List<LineRule> LINE_RULES =
      List.of(
          new LineRule(
              "unbounded queue",
              Where.JAVA_MAIN,
              "new (LinkedBlockingQueue|LinkedBlockingDeque)<[^>]*>\\(\\)"
                  + "|new (ConcurrentLinkedQueue|ConcurrentLinkedDeque|LinkedTransferQueue)<"
                  + "|new Mpsc(Linked|Unbounded)\\w+"),
          new LineRule("stray print", Where.JAVA_OUTSIDE_THE_CLI, "System\\.(out|err)\\b"),
          new LineRule("stray print", Where.JAVA_MAIN, "printStackTrace\\("),
          new LineRule("sleep", Where.JAVA, "\\bThread\\.sleep\\("),
          new LineRule(
              "wall clock",
              Where.JAVA_MAIN,
              "System\\.currentTimeMillis\\(|\\bInstant\\.now\\(\\)"),
          new LineRule("sun.misc.Unsafe", Where.JAVA, "\\bsun\\.misc\\.Unsafe\\b"),
          new LineRule("Lombok", Where.JAVA, "\\bimport lombok\\b"),
          new LineRule(
              "to-do without an issue", Where.ANY_TEXT, "\\b(TODO|FIXME)\\b(?!\\(#\\d+\\))"),
          new LineRule("machine path", Where.ANY_TEXT, "(?<![\\w.}])/(home|Users|root|work)/\\w"));

  private static final Pattern NEEDS_HEADER =
      Pattern.compile(".*\\.(java|xml|sh|js|mjs|ts|py|yaml|yml|sql)|.*/?(weft|run)");

  private Tidy() {}

  /**
   * @param path relative to the repository, with {@code /}
   * @return one sentence per finding, {@code path:line: finding}
   */
  static List<String> findings(String path, String text) {
    List<String> lines = text.lines().toList();
    List<String> findings = new ArrayList<>();
    if (NEEDS_HEADER.matcher(path).matches()
        && lines.stream()
            .limit(5)
            .noneMatch(line -> line.contains("SPDX-License-" + "Identifier"))) {
      findings.add(path + ":1: no SPDX header");
    }
    for (int i = 0; i < lines.size(); i++) {
      for (LineRule rule : LINE_RULES) {
        if (rule.where.covers(path)
            && rule.pattern.matcher(lines.get(i)).find()
            && !excused(lines, i)) {
          findings.add(path + ":" + (i + 1) + ": " + rule.says);
        }
      }
    }
    if (path.endsWith(".java")) {
      if (lines.size() > FILE_LINES_MAX
          && lines.stream().limit(HEADER_LINES).noneMatch(Tidy::givesAReason)) {
        findings.add(path + ":1: " + lines.size() + " lines, and the header says no reason");
      }
      // A short file holds no long method, and most files are short.
      List<LongMethod> longMethods =
          lines.size() > METHOD_LINES_MAX ? longMethods(path, text) : List.of();
      longMethods.stream()
          .filter(
              method ->
                  IntStream.rangeClosed(method.line, method.braceLine)
                      .noneMatch(line -> excused(lines, line - 1)))
          .forEach(
              method ->
                  findings.add(
                      path + ":" + method.line + ": method of " + method.length + " lines"));
    }
    return findings;
  }

  private static boolean excused(List<String> lines, int index) {
    return givesAReason(lines.get(index)) || (index > 0 && givesAReason(lines.get(index - 1)));
  }

  private static boolean givesAReason(String line) {
    return line.contains("tidy: ") || line.contains(" lines because ");
  }

  private record LongMethod(int line, int braceLine, int length) {}

  /** Methods past the limit, measured from brace to brace. */
  private static List<LongMethod> longMethods(String path, String text) {
    JavaFileObject source =
        new SimpleJavaFileObject(URI.create("tidy:///" + path), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
          }
        };
    JavacTask task =
        (JavacTask) COMPILER.getTask(null, null, diagnostic -> {}, null, null, List.of(source));
    Trees trees = Trees.instance(task);
    List<LongMethod> found = new ArrayList<>();
    try {
      for (CompilationUnitTree unit : task.parse()) {
        LineMap lineMap = unit.getLineMap();
        new TreeScanner<@Nullable Void, @Nullable Void>() {
          @Override
          public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            BlockTree body = method.getBody();
            if (body != null) {
              SourcePositions positions = trees.getSourcePositions();
              int line = (int) lineMap.getLineNumber(positions.getStartPosition(unit, method));
              int brace = (int) lineMap.getLineNumber(positions.getStartPosition(unit, body));
              int last = (int) lineMap.getLineNumber(positions.getEndPosition(unit, body));
              if (last - brace + 1 > METHOD_LINES_MAX) {
                found.add(new LongMethod(line, brace, last - brace + 1));
              }
            }
            return super.visitMethod(method, null);
          }
        }.scan(unit, null);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }
}
