package dev.thac.pipeline;

import dev.thac.event.Delivery;
import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.JsonTree;
import dev.thac.recover.Relayed;

import org.jspecify.annotations.Nullable;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Places the history that came with a record beside its value; none is an empty one. */
final class ContextStage implements Stage {

    private static final String NAME = "context";

    private final Map<String, Object> empty;

    ContextStage(ContextSpec spec) {
        Map<String, Object> none = new LinkedHashMap<>();
        if (spec.last() > 0) {
            none.put(ContextSpec.LAST, List.of());
        }
        spec.measures().keySet().forEach(name -> none.put(name, 0L));
        this.empty = none;
    }

    @Override
    public Progress decide(OpenEvent open) {
        Event event = open.event();
        if (!(event.value() instanceof Map<?, ?>)) {
            return open.fail(
                    new Failure(
                            ErrorCode.WRONG_TYPE,
                            NAME,
                            "the value is no object: nothing can be placed beside it"));
        }
        Object context;
        try {
            context = context(event.delivery());
        } catch (IllegalArgumentException e) {
            return open.fail(new Failure(ErrorCode.WRONG_TYPE, NAME, "damaged: " + e.getMessage()));
        }
        open.is(event.withBeside(ContextSpec.MEMBER, context == null ? empty : context));
        return Progress.NEXT;
    }

    private static @Nullable Object context(Delivery delivery) {
        for (Header header : delivery.headers()) {
            byte[] json = header.value();
            if (header.key().equals(Relayed.CONTEXT) && json != null) {
                return JsonTree.read(json);
            }
        }
        return null;
    }
}
