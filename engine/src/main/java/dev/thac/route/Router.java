package dev.thac.route;

import dev.thac.event.ErrorCode;
import dev.thac.event.Event;
import dev.thac.event.Failure;
import dev.thac.event.Header;
import dev.thac.event.JsonText;
import dev.thac.event.SinkRecord;
import dev.thac.event.Trail;
import dev.thac.expression.EvaluationException;
import dev.thac.expression.ExpressionException;
import dev.thac.expression.Formula;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Makes output records: every route whose condition holds gets one, and the {@code otherwise}
 * routes do where no other took the event. Immutable and thread-safe.
 *
 * <p>The timestamp is the source record's, and so is the key unless the route computes one; texts,
 * numbers and booleans become keys as text, objects and lists as JSON, and {@code null} no key.
 */
public final class Router {

    private static final String STAGE = "route";

    /** Where one event goes. */
    public sealed interface Routing {

        /**
         * To the topics whose conditions hold.
         *
         * @param records in the order of the routes; empty where no condition holds
         */
        record Sent(List<SinkRecord> records) implements Routing {}

        /**
         * Nowhere: an output key, header or partition could not be computed.
         *
         * @param failure why
         */
        record Refused(Failure failure) implements Routing {}
    }

    private final Provenance provenance;
    private final List<Route> routes;
    private final List<Route> otherwise;
    private final List<Route> besides;

    /**
     * Compiles routes.
     *
     * @param pipeline the pipeline's name, for the provenance headers
     * @param routes the routes, in the file's order
     * @throws ExpressionException when an expression in them is wrong
     */
    public Router(String pipeline, List<RouteSpec> routes) throws ExpressionException {
        this.provenance = new Provenance(pipeline);
        List<Route> plain = new ArrayList<>();
        List<Route> last = new ArrayList<>();
        List<Route> own = new ArrayList<>();
        for (RouteSpec spec : routes) {
            if (spec.to().equals(decisions(pipeline))) {
                own.add(Route.compile(spec));
            } else {
                (spec.otherwise() ? last : plain).add(Route.compile(spec));
            }
        }
        this.routes = List.copyOf(plain);
        this.otherwise = List.copyOf(last);
        this.besides = List.copyOf(own);
    }

    /**
     * The internal topic that gets a record of every decided event, where something wants it. No
     * other route is affected by it.
     *
     * @param pipeline the pipeline
     * @return its name
     */
    public static String decisions(String pipeline) {
        return pipeline + ".decisions";
    }

    /**
     * Routes one event.
     *
     * @param event the event with its answers
     * @param trail what was done for it
     * @return the records, or why there are none
     */
    public Routing route(Event event, Trail trail) {
        return route(event, trail, List.of());
    }

    /**
     * Routes one event whose records say more than where they are from.
     *
     * @param event the event with its answers
     * @param trail what was done for it
     * @param marks headers for all its records
     * @return the records, or why there are none
     */
    public Routing route(Event event, Trail trail, List<Header> marks) {
        List<SinkRecord> records = new ArrayList<>(routes.size());
        Output output = new Output(event, trail);
        List<Header> headers = List.of();
        try {
            for (int i = 0; i < routes.size() + otherwise.size(); i++) {
                boolean plain = i < routes.size();
                if (!plain && records.size() > 0 && i == routes.size()) {
                    break;
                }
                Route route = plain ? routes.get(i) : otherwise.get(i - routes.size());
                if (route.when() == null || route.when().test(event)) {
                    if (headers.isEmpty()) {
                        headers = provenance.headers(event, trail, marks);
                    }
                    records.add(record(route, event, output, headers));
                }
            }
            for (Route own : besides) {
                List<Header> marked =
                        headers.isEmpty() ? provenance.headers(event, trail, marks) : headers;
                records.add(record(own, event, output, marked));
            }
        } catch (RefusedException refused) {
            return new Routing.Refused(
                    new Failure(ErrorCode.WRONG_TYPE, STAGE, String.valueOf(refused.getMessage())));
        }
        return new Routing.Sent(records);
    }

    private static SinkRecord record(Route route, Event event, Output output, List<Header> headers)
            throws RefusedException {
        byte[] key =
                route.key() == null
                        ? event.delivery().key()
                        : bytes(computed(route, "key", route.key(), event));
        return new SinkRecord(
                route.to(),
                route.partition() == null
                        ? null
                        : partition(route, computed(route, "partition", route.partition(), event)),
                event.delivery().timestamp(),
                key,
                output.value(route.emit()),
                route.headers().isEmpty() ? headers : route.headers(event, headers));
    }

    private static @Nullable Object computed(Route route, String what, Formula formula, Event event)
            throws RefusedException {
        try {
            return formula.apply(event);
        } catch (EvaluationException failed) {
            throw new RefusedException(
                    "the " + what + " for " + route.to() + ": " + failed.getMessage());
        }
    }

    private static byte @Nullable [] bytes(@Nullable Object key) {
        return switch (key) {
            case null -> null;
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            case Map<?, ?> map -> JsonText.bytes(map);
            case List<?> list -> JsonText.bytes(list);
            default -> key.toString().getBytes(StandardCharsets.UTF_8);
        };
    }

    private static Integer partition(Route route, @Nullable Object partition)
            throws RefusedException {
        if (partition instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
            return number.intValue();
        }
        if (partition instanceof String text) {
            return KeyHash.of(text.getBytes(StandardCharsets.UTF_8));
        }
        throw new RefusedException(
                "the partition for "
                        + route.to()
                        + " must be a whole number, not negative, or a text");
    }
}
