package dev.thac.testkit.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import dev.thac.testkit.answer.HeuristicAnswers;
import dev.thac.testkit.answer.RecordedAnswers;
import dev.thac.testkit.broker.PortTakenException;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.DateTimeException;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A language model provider that is none: it speaks Anthropic's and OpenAI's wire formats over real
 * HTTP, validates requests as the providers do, answers by heuristic or from a recording, goes
 * wrong as told, and keeps its own bill.
 *
 * <p>Beside the providers' paths (with and without {@code /v1}) it serves {@code GET /stats},
 * {@code POST /stats/reset}, {@code GET /bill?zone=ZONE}, {@code GET /calls?limit=N} and {@code
 * POST /control}. Thread-safe.
 */
public final class Simulator implements AutoCloseable {

    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final int BACKLOG = 4096;
    private static final int CALLS_SHOWN = 100;

    static {
        // Read once by the JDK's server: without the first, every answer waits for a delayed
        // acknowledgement (40 ms); the others keep busy clients' idle connections open.
        System.setProperty("sun.net.httpserver.nodelay", "true");
        System.setProperty("sun.net.httpserver.maxIdleConnections", "10000");
        System.setProperty("sun.net.httpserver.idleInterval", "300");
    }

    private final HttpServer server;
    private final ExecutorService threads;
    private final Bill bill = new Bill();
    private final Fates fates = new Fates();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final ModelCall.Shared shared =
            new ModelCall.Shared(bill, fates, new AtomicLong(), closed);
    private final WireFormat anthropic = new AnthropicFormat();
    private final WireFormat openai = new OpenAiFormat();
    private final HeuristicAnswers heuristic;
    private final Optional<RecordedAnswers> recorded;
    private volatile State state;

    private Simulator(SimulatorSettings settings, HttpServer server) {
        this.server = server;
        heuristic = new HeuristicAnswers(settings.seed());
        recorded = settings.answers().map(file -> RecordedAnswers.load(file, settings.modelIds()));
        state = stateOf(settings, new RateLimiter(settings.limits(), System.nanoTime()));
        threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("simulator-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** A simulator with all defaults. */
    public static Simulator start() {
        return start(SimulatorSettings.DEFAULT);
    }

    /**
     * Starts a simulator; it listens when this returns.
     *
     * @throws PortTakenException if the port is in use
     * @throws IllegalArgumentException if the recorded answers are malformed
     * @throws UncheckedIOException if it cannot listen, or not read the recorded answers
     */
    public static Simulator start(SimulatorSettings settings) {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
            return new Simulator(settings, server);
        } catch (BindException e) {
            throw new PortTakenException(settings.port(), e);
        } catch (IOException e) {
            throw new UncheckedIOException("the simulator cannot listen", e);
        }
    }

    /** The base URL for clients, without {@code /v1}. */
    public URI baseUri() {
        String host = state.settings().host();
        boolean everywhere = host.equals("0.0.0.0") || host.equals("::");
        return URI.create("http://" + (everywhere ? "127.0.0.1" : host) + ":" + port());
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The bill and the counts. */
    public Stats stats() {
        return bill.stats();
    }

    /**
     * The bill by day and model, whatever their number.
     *
     * @param zone whose midnight begins a day
     */
    public List<BillLine> bill(ZoneId zone) {
        return bill.lines(zone);
    }

    /** Sets the clock of the bill: prices and days go by it. */
    public void billTime(InstantSource clock) {
        bill.clock(clock);
    }

    /** Starts a new bill and forgets the call log. */
    public void resetStats() {
        bill.reset();
    }

    /** The last calls, oldest first; at most 10,000. */
    public List<Call> calls() {
        return bill.calls();
    }

    /** The settings in force. */
    public SimulatorSettings settings() {
        return state.settings();
    }

    /**
     * Changes settings while running; address, seed and recording stay what they were. Full buckets
     * are handed out when the rate limits change.
     */
    public synchronized void update(UnaryOperator<SimulatorSettings> change) {
        SimulatorSettings settings = change.apply(state.settings());
        boolean sameLimits = settings.limits().equals(state.settings().limits());
        RateLimiter limiter =
                sameLimits
                        ? state.limiter()
                        : new RateLimiter(settings.limits(), System.nanoTime());
        state = stateOf(settings, limiter);
    }

    /** What the coming calls that pass the checks get, in order; goes before a script. */
    public void next(Reply... replies) {
        for (Reply reply : replies) {
            fates.enqueue(reply);
        }
    }

    /**
     * Lets a function decide about every call that passes the checks; random faults are off then.
     *
     * @param decide called on the calls' own threads
     */
    public void script(Function<CallView, Reply> decide) {
        fates.script(Optional.of(decide));
    }

    /** Lets the dice decide again. */
    public void unscript() {
        fates.script(Optional.empty());
    }

    /**
     * Hands every call that is charged from now on to a listener, in place of the present one.
     *
     * @param listener called on the calls' own threads, before the answer is sent
     */
    public void onPaid(Consumer<PaidCall> listener) {
        bill.onPaid(listener);
    }

    /** Stops listening and drops open connections. */
    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }

    private State stateOf(SimulatorSettings settings, RateLimiter limiter) {
        return new State(
                settings, limiter, new Composer(heuristic, recorded, settings.onMiss(), bill));
    }

    private void handle(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String bare = path.startsWith("/v1/") ? path.substring(3) : path;
        String route = exchange.getRequestMethod() + " " + bare;
        try {
            switch (route) {
                case "POST /messages" -> new ModelCall(shared, exchange, anthropic, state).serve();
                case "POST /chat/completions" ->
                        new ModelCall(shared, exchange, openai, state).serve();
                case "GET /models" -> json(exchange, 200, models());
                case "GET /stats" -> json(exchange, 200, statsJson());
                case "GET /bill" -> bill(exchange);
                case "POST /stats/reset" -> {
                    resetStats();
                    json(exchange, 200, statsJson());
                }
                case "GET /calls" -> json(exchange, 200, callsJson(exchange.getRequestURI()));
                case "POST /control" -> control(exchange);
                default -> json(exchange, 404, error("not_found_error", "no " + route));
            }
        } catch (InterruptedException _) {
            // close() interrupts whoever waits; the connection goes with the server.
            Thread.currentThread().interrupt();
            exchange.close();
        }
    }

    private void bill(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getQuery();
        try {
            json(exchange, 200, billJson(ZoneId.of(zone(query == null ? "" : query))));
        } catch (DateTimeException e) {
            json(exchange, 400, error("invalid_request_error", String.valueOf(e.getMessage())));
        }
    }

    private static String zone(String query) {
        return query.startsWith("zone=") ? query.substring("zone=".length()) : "UTC";
    }

    private ObjectNode billJson(ZoneId zone) {
        ObjectNode json = MAPPER.createObjectNode();
        json.put("simulated", true).put("zone", zone.getId());
        ArrayNode lines = json.putArray("lines");
        for (BillLine line : bill.lines(zone)) {
            lines.addObject()
                    .put("day", line.day().toString())
                    .put("model", line.model())
                    .put("calls", line.bill().calls())
                    .put("inputTokens", line.bill().inputTokens())
                    .put("outputTokens", line.bill().outputTokens())
                    .put("usdNanos", line.bill().usdNanos());
        }
        return json;
    }

    private void control(HttpExchange exchange) throws IOException {
        try {
            JsonNode change = MAPPER.readTree(exchange.getRequestBody().readAllBytes());
            update(settings -> Control.apply(settings, change));
            json(exchange, 200, MAPPER.createObjectNode().put("ok", true));
        } catch (IllegalArgumentException | JsonProcessingException e) {
            json(exchange, 400, error("invalid_request_error", String.valueOf(e.getMessage())));
        }
    }

    private static ObjectNode error(String type, String message) {
        ObjectNode body = MAPPER.createObjectNode().put("type", "error");
        body.putObject("error").put("type", type).put("message", message);
        return body;
    }

    /** A list both wire formats' clients can read. */
    private ObjectNode models() {
        ObjectNode list = MAPPER.createObjectNode().put("object", "list").put("has_more", false);
        ArrayNode data = list.putArray("data");
        for (String id : new TreeMap<>(state.settings().prices()).keySet()) {
            data.addObject()
                    .put("id", id)
                    .put("type", "model")
                    .put("object", "model")
                    .put("display_name", id + " (simulated)")
                    .put("owned_by", "simulator");
        }
        return list;
    }

    private ObjectNode statsJson() {
        Stats stats = bill.stats();
        ObjectNode json = MAPPER.createObjectNode();
        json.put("simulated", true)
                .put("calls", stats.calls())
                .put("items", stats.items())
                .put("inputTokens", stats.inputTokens())
                .put("outputTokens", stats.outputTokens())
                .put("usdNanos", stats.usdNanos())
                .put("usd", BigDecimal.valueOf(stats.usdNanos(), 9).toPlainString())
                .put("refused", stats.refused())
                .put("maxConcurrency", stats.maxConcurrency())
                .put("maxCallsPerSecond", stats.maxCallsPerSecond())
                .put("recordedHits", stats.recordedHits())
                .put("recordedMisses", stats.recordedMisses());
        ObjectNode errors = json.putObject("errors");
        new TreeMap<>(stats.errors()).forEach(errors::put);
        ObjectNode models = json.putObject("models");
        new TreeMap<>(stats.models())
                .forEach(
                        (id, model) ->
                                models.putObject(id)
                                        .put("calls", model.calls())
                                        .put("items", model.items())
                                        .put("inputTokens", model.inputTokens())
                                        .put("outputTokens", model.outputTokens())
                                        .put("thinkingTokens", model.thinkingTokens())
                                        .put("usdNanos", model.usdNanos()));
        ArrayNode unpriced = json.putArray("unpriced");
        stats.unpriced().stream().sorted().forEach(unpriced::add);
        return json;
    }

    private ArrayNode callsJson(URI uri) {
        String query = uri.getQuery() == null ? "" : uri.getQuery();
        int limit =
                query.matches("limit=\\d{1,6}")
                        ? Integer.parseInt(query.substring("limit=".length()))
                        : CALLS_SHOWN;
        List<Call> calls = bill.calls();
        ArrayNode list = MAPPER.createArrayNode();
        for (Call call : calls.subList(Math.max(0, calls.size() - limit), calls.size())) {
            list.addObject()
                    .put("time", call.time().toString())
                    .put("wire", call.wire().name())
                    .put("model", call.model())
                    .put("items", call.items())
                    .put("status", call.status())
                    .put("outcome", call.outcome())
                    .put("inputTokens", call.inputTokens())
                    .put("outputTokens", call.outputTokens())
                    .put("micros", call.took().toNanos() / 1000);
        }
        return list;
    }

    private static void json(HttpExchange exchange, int status, JsonNode body) throws IOException {
        byte[] bytes = MAPPER.writeValueAsBytes(body);
        exchange.getResponseHeaders().set("content-type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
