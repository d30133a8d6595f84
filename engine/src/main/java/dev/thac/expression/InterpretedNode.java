package dev.thac.expression;

import com.google.common.primitives.UnsignedLong;

import dev.cel.common.values.CelByteString;
import dev.cel.common.values.ErrorValue;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.thac.event.Event;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A whole expression run by dev.cel's interpreter: complete, and some ten times slower. */
final class InterpretedNode implements Node {

    private final CelRuntime.Program program;

    InterpretedNode(CelRuntime.Program program) {
        this.program = program;
    }

    @Override
    public @Nullable Object eval(Event event, @Nullable Object[] slots) {
        try {
            return fromCel(
                    program.eval(name -> Root.named(name).map(root -> toCel(root.of(event)))));
        } catch (CelEvaluationException failed) {
            // its message may quote the payload
            return new Fault("evaluation failed: " + failed.getErrorCode());
        }
    }

    private static Object toCel(@Nullable Object tree) {
        return switch (tree) {
            case null -> NullValue.NULL_VALUE;
            case BigInteger number -> number.doubleValue();
            case BigDecimal number -> number.doubleValue();
            case List<?> list -> {
                List<Object> copy = new ArrayList<>(list.size());
                list.forEach(element -> copy.add(toCel(element)));
                yield copy;
            }
            case Map<?, ?> map -> {
                Map<Object, Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((name, member) -> copy.put(name, toCel(member)));
                yield copy;
            }
            default -> tree;
        };
    }

    private static @Nullable Object fromCel(Object result) {
        return switch (result) {
            case NullValue _ -> null;
            case com.google.protobuf.NullValue _ -> null;
            case UnsignedLong number -> {
                long bits = number.longValue();
                yield bits >= 0 ? (Object) bits : number.bigIntegerValue();
            }
            case CelByteString bytes -> Base64.getEncoder().encodeToString(bytes.toByteArray());
            case Optional<?> optional -> optional.map(InterpretedNode::fromCel).orElse(null);
            case List<?> list -> {
                List<@Nullable Object> copy = new ArrayList<>(list.size());
                for (Object element : list) {
                    copy.add(fromCel(element));
                }
                yield firstFault(copy).orElse(copy);
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> copy = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((name, member) -> copy.put(name.toString(), fromCel(member)));
                yield firstFault(copy.values()).orElse(copy);
            }
            // the interpreter leaves some errors of macros inside the list they build
            case ErrorValue _ -> new Fault("evaluation failed");
            case String _, Long _, Double _, Boolean _ -> result;
            default -> result.toString();
        };
    }

    private static Optional<Object> firstFault(Collection<@Nullable Object> values) {
        for (Object value : values) {
            if (value instanceof Fault) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}
