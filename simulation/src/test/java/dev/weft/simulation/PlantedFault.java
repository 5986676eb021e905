// SPDX-FileCopyrightText: 2026 The Weft authors
// SPDX-License-Identifier: Apache-2.0
package dev.weft.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * A bug that is planted into the compiled engine: one call in one of its methods does not happen,
 * and gives false, zero or null where an answer is needed. The product knows nothing of it.
 *
 * @param says what is wrong then
 * @param type simple name of the class in {@code dev.weft.journal}
 * @param method that is changed
 * @param callee name of the method that is called no more
 */
record PlantedFault(String says, String type, String method, String callee) {
  private static final String ENGINE = "dev.weft.journal.";

  @Override
  public String toString() {
    return says;
  }

  /** A campaign over an engine with this bug: from a seed to what it found, or null. */
  LongFunction<@Nullable String> campaign() throws ReflectiveOperationException {
    AtomicInteger planted = new AtomicInteger();
    ClassLoader loader = new Loader(planted);
    @SuppressWarnings("unchecked")
    LongFunction<@Nullable String> campaign =
        (LongFunction<@Nullable String>)
            loader.loadClass(Hunt.class.getName()).getDeclaredConstructor().newInstance();
    loader.loadClass(ENGINE + type);
    if (planted.get() == 0) {
      throw new IllegalStateException(
          "there is no call of " + callee + " in " + type + "." + method + " any more");
    }
    return campaign;
  }

  /** Loads the engine and the simulation anew, the engine with the bug. */
  private final class Loader extends ClassLoader {
    private final AtomicInteger planted;

    Loader(AtomicInteger planted) {
      super(PlantedFault.class.getClassLoader());
      this.planted = planted;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null) {
          return loaded;
        }
        if (!name.startsWith(ENGINE) && !name.startsWith("dev.weft.simulation.")) {
          return super.loadClass(name, resolve);
        }
        byte[] code = code(name);
        return defineClass(name, code, 0, code.length);
      }
    }

    private byte[] code(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        if (in == null) {
          throw new ClassNotFoundException(name);
        }
        byte[] code = in.readAllBytes();
        return name.equals(ENGINE + type) ? plant(code) : code;
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }

    private byte[] plant(byte[] code) {
      ClassFile file = ClassFile.of();
      return file.transformClass(
          file.parse(code),
          ClassTransform.transformingMethodBodies(
              candidate -> candidate.methodName().equalsString(method),
              (builder, element) -> leaveOut(builder, element)));
    }

    private void leaveOut(CodeBuilder builder, CodeElement element) {
      if (!(element instanceof InvokeInstruction call)
          || !call.name().equalsString(callee)
          || call.opcode() == Opcode.INVOKESPECIAL) {
        builder.with(element);
        return;
      }
      planted.incrementAndGet();
      var arguments = call.typeSymbol().parameterList();
      for (ClassDesc argument : arguments.reversed()) {
        pop(builder, TypeKind.from(argument));
      }
      if (call.opcode() != Opcode.INVOKESTATIC) {
        builder.pop();
      }
      switch (TypeKind.from(call.typeSymbol().returnType())) {
        case VOID -> {}
        case LONG -> builder.lconst_0();
        case FLOAT -> builder.fconst_0();
        case DOUBLE -> builder.dconst_0();
        case REFERENCE -> builder.aconst_null();
        case BOOLEAN, BYTE, CHAR, SHORT, INT -> builder.iconst_0();
      }
    }

    private static void pop(CodeBuilder builder, TypeKind kind) {
      if (kind.slotSize() == 2) {
        builder.pop2();
      } else {
        builder.pop();
      }
    }
  }
}
