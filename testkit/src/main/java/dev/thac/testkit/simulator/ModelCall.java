package dev.thac.testkit.simulator;

import com.sun.net.httpserver.HttpExchange;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** One model call from the request's first byte to the answer's last; used by one thread. */
final class ModelCall {

    private static final long MILLI = 1_000_000L;
    private static final double CUT = 0.6;
    private static final int MAX_BODY = 32 << 20;

    private final Shared shared;
    private final HttpExchange exchange;
    private final WireFormat format;
    private final State state;
    private final long arrived = System.nanoTime();
    private final Instant time = Instant.now();
    private final long number;
    private final Instant asking;

    private String model = "";
    private int items;
    private List<Items.Item> asked = List.of();
    private Usage billed = Usage.NONE;

    /** Whether it counts as being worked on. */
    private boolean entered;

    /**
     * What all calls share.
     *
     * @param bill counts and charges
     * @param fates decides what happens
     * @param numbers counts the calls
     * @param closed opens when the simulator stops
     */
    record Shared(Bill bill, Fates fates, AtomicLong numbers, CountDownLatch closed) {}

    ModelCall(Shared shared, HttpExchange exchange, WireFormat format, State state) {
        this.shared = shared;
        this.exchange = exchange;
        this.format = format;
        this.state = state;
        this.number = shared.numbers().incrementAndGet();
        this.asking = shared.bill().now();
    }

    /**
     * Serves the call.
     *
     * @throws IOException if the client is gone
     * @throws InterruptedException if the simulator stops
     */
    void serve() throws IOException, InterruptedException {
        shared.bill().arrived(arrived);
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        try {
            CallRequest request = admit(body);
            if (!shared.bill().enter(state.settings().limits().concurrency())) {
                throw new RefusedException(
                        Refusal.of(
                                        429,
                                        "rate_limit_error",
                                        "Number of concurrent connections has exceeded your rate"
                                                + " limit.")
                                .withCode("rate_limit_exceeded")
                                .as("concurrency")
                                .after(state.settings().retryAfter()));
            }
            entered = true;
            try {
                work(request, body);
            } finally {
                leave();
            }
        } catch (RefusedException e) {
            refuse(e.refusal());
        }
    }

    private CallRequest admit(byte[] body) throws RefusedException {
        SimulatorSettings settings = state.settings();
        if (body.length > MAX_BODY) {
            throw new RefusedException(
                    Refusal.of(413, "request_too_large", "Request exceeds the maximum size"));
        }
        format.check(exchange.getRequestHeaders(), settings.key());
        CallRequest request;
        try {
            request = format.read(RequestBody.read(body));
        } catch (IOException e) {
            throw new RefusedException(
                    Refusal.invalid("The request body is not valid JSON: " + e.getMessage()));
        }
        model = request.model();
        if (settings.spendCap().isPresent()) {
            SpendCap cap = settings.spendCap().get();
            if (shared.bill().usdNanos() >= cap.usd().movePointRight(9).longValue()) {
                throw new RefusedException(format.spendCap(cap.form()));
            }
        }
        Optional<RateLimiter.Wait> wait =
                state.limiter().admit(request.inputTokens(), System.nanoTime());
        if (wait.isPresent()) {
            throw new RefusedException(
                    limited(
                                    "This request would exceed your account's rate limit of "
                                            + wait.get().what()
                                            + " per minute.")
                            .as("rate-limit")
                            .after(wait.get().time()));
        }
        return request;
    }

    private static Refusal limited(String message) {
        return Refusal.of(429, "rate_limit_error", message).withCode("rate_limit_exceeded");
    }

    private void work(CallRequest request, byte[] body)
            throws IOException, InterruptedException, RefusedException {
        asked = Items.of(request.content());
        items = asked.size();
        Plan plan = shared.fates().of(state.settings(), body, () -> view(request, body));
        if (plan.fault().isPresent() && plan.fault().get().immediate()) {
            throw new RefusedException(refusal(plan.fault().get()));
        }
        if (plan.reply().orElse(null) instanceof Reply.Raw raw) {
            pause(plan.latency());
            raw(raw);
            return;
        }
        String text = state.composer().text(request, asked, plan.fault());
        if (plan.reply().isPresent()) {
            text = scripted(plan.reply().get(), text);
        }
        pause(plan.latency());
        if (plan.fault().isPresent()) {
            faulty(request, text, plan.fault().get());
        } else {
            answer(request, text, Finish.STOP, "ok");
        }
    }

    private static String scripted(Reply reply, String text) {
        return switch (reply) {
            case Reply.Says says -> says.text();
            case Reply.Edited edited -> edited.edit().apply(text);
            case Reply.Normal _, Reply.Faulty _, Reply.Raw _, Reply.Delayed _ -> text;
        };
    }

    private void faulty(CallRequest request, String text, Fault fault)
            throws IOException, InterruptedException {
        String kind = fault.spelling();
        switch (fault) {
            case SERVER_ERROR, UNAVAILABLE, BAD_GATEWAY, GATEWAY_TIMEOUT -> broken(fault);
            case HANG -> {
                shared.bill().error(kind);
                hang(kind);
            }
            case STALL, RESET -> half(request, text, fault);
            case TRUNCATE -> answer(request, cut(text, CUT), Finish.LENGTH, kind);
            case NOT_JSON ->
                    answer(
                            request,
                            "I looked at the items. Most of them read well, some do not.",
                            Finish.STOP,
                            kind);
            case FENCED -> answer(request, "```json\n" + text + "\n```", Finish.STOP, kind);
            case EMPTY -> answer(request, "", Finish.STOP, kind);
            case REFUSAL ->
                    answer(
                            request,
                            format.wire() == Wire.OPENAI ? "I can't help with that." : "",
                            Finish.REFUSAL,
                            kind);
            // The composer has spoilt the items; the rest was refused at once.
            default -> answer(request, text, Finish.STOP, kind);
        }
    }

    private void answer(CallRequest request, String text, Finish finish, String outcome)
            throws IOException {
        byte[] response = response(request, text, finish);
        charge(request, outcome);
        log(200, outcome); // first: who has the answer may ask for the list of calls at once
        send(200, "application/json", response);
    }

    private byte[] response(CallRequest request, String text, Finish finish) throws IOException {
        String effort =
                request.effort().isEmpty()
                        ? format.defaultEffort(request.model())
                        : request.effort();
        long thinking = Effort.thinkingTokens(effort, items);
        long spoken = Usage.tokens(Usage.bytes(text));
        long limit = request.maxTokens() == 0 ? Long.MAX_VALUE : request.maxTokens();
        boolean tooLong = thinking + spoken > limit;
        if (tooLong) {
            double share = Math.max(0, limit - thinking) / (double) Math.max(1, spoken);
            billed = new Usage(request.inputTokens(), limit, Math.min(thinking, limit));
            return format.answer(request, cut(text, share), billed, Finish.LENGTH, number);
        }
        long output =
                finish == Finish.LENGTH && request.maxTokens() > 0
                        ? request.maxTokens()
                        : thinking + spoken;
        billed = new Usage(request.inputTokens(), output, thinking);
        return format.answer(request, text, billed, finish, number);
    }

    private void charge(CallRequest request, String outcome) {
        shared.bill()
                .charge(
                        new Bill.Charged(request.model(), asking),
                        items,
                        billed,
                        state.settings().prices());
        shared.bill()
                .paid(
                        new PaidCall(
                                time,
                                Instant.now(),
                                request.model(),
                                request.system(),
                                asked.stream().map(Items.Item::input).toList()));
        state.limiter().produced(billed.output(), System.nanoTime());
        if (!outcome.equals("ok")) {
            shared.bill().error(outcome);
        }
    }

    /** The work is done and billed, but only half of it arrives. */
    private void half(CallRequest request, String text, Fault fault)
            throws IOException, InterruptedException {
        byte[] response = response(request, text, Finish.STOP);
        charge(request, fault.spelling());
        head("application/json");
        exchange.sendResponseHeaders(200, response.length);
        OutputStream out = exchange.getResponseBody();
        out.write(response, 0, response.length / 2);
        out.flush();
        if (fault == Fault.STALL) {
            hang(fault.spelling());
        } else {
            log(0, fault.spelling());
            exchange.close();
        }
    }

    private void hang(String kind) throws InterruptedException {
        boolean _ =
                shared.closed().await(state.settings().hangFor().toNanos(), TimeUnit.NANOSECONDS);
        log(0, kind);
        exchange.close();
    }

    private void broken(Fault fault) throws IOException {
        int status = Integer.parseInt(fault.spelling());
        shared.bill().error(fault.spelling());
        if (fault == Fault.BAD_GATEWAY || fault == Fault.GATEWAY_TIMEOUT) {
            String page = "<html><body><h1>" + status + "</h1></body></html>";
            send(status, "text/html", page.getBytes(StandardCharsets.UTF_8));
        } else {
            Refusal refusal = Refusal.of(status, "api_error", "Internal server error");
            send(status, "application/json", format.error(refusal, requestId()));
        }
        log(status, fault.spelling());
    }

    private Refusal refusal(Fault fault) {
        Refusal refusal =
                switch (fault) {
                    case OVERLOADED -> Refusal.of(529, "overloaded_error", "Overloaded");
                    case UNAUTHORIZED ->
                            Refusal.of(401, "authentication_error", "invalid x-api-key")
                                    .withCode("invalid_api_key");
                    case FORBIDDEN ->
                            Refusal.of(
                                    403,
                                    "permission_error",
                                    "Your API key does not have permission to use the specified"
                                            + " resource");
                    case SPEND_CAP -> format.spendCap(spendCapForm());
                    case RATE_LIMITED ->
                            limited("Rate limited").after(state.settings().retryAfter());
                    case RATE_LIMITED_DATE -> dated(limited("Rate limited"));
                    case RATE_LIMITED_MILLIS -> inMillis(limited("Rate limited"));
                    default -> limited("Rate limited");
                };
        return refusal.as(fault.spelling());
    }

    private SpendCap.Form spendCapForm() {
        return state.settings()
                .spendCap()
                .map(SpendCap::form)
                .orElse(SpendCap.Form.RATE_LIMIT_ERROR);
    }

    private Refusal dated(Refusal refusal) {
        Instant when = Instant.now().plus(state.settings().retryAfter());
        header(
                "retry-after",
                DateTimeFormatter.RFC_1123_DATE_TIME.format(when.atOffset(ZoneOffset.UTC)));
        return refusal;
    }

    private Refusal inMillis(Refusal refusal) {
        header("retry-after-ms", Long.toString(state.settings().retryAfter().toMillis()));
        return refusal;
    }

    private void refuse(Refusal refusal) throws IOException {
        shared.bill().refused(refusal.kind());
        refusal.retryAfter()
                .ifPresent(
                        wait ->
                                header(
                                        "retry-after",
                                        Long.toString(
                                                Math.max(
                                                        1,
                                                        wait.plusNanos(999_999_999).toSeconds()))));
        send(refusal.status(), "application/json", format.error(refusal, requestId()));
        log(refusal.status(), refusal.kind());
    }

    private void raw(Reply.Raw raw) throws IOException {
        raw.headers().forEach(this::header);
        String outcome = raw.status() < 400 ? "ok" : Integer.toString(raw.status());
        if (raw.status() >= 400) {
            shared.bill().error(outcome);
        }
        byte[] body = raw.body().getBytes(StandardCharsets.UTF_8);
        String type = raw.headers().getOrDefault("content-type", "application/json");
        send(raw.status(), type, body);
        log(raw.status(), outcome);
    }

    private void send(int status, String type, byte[] body) throws IOException {
        leave(); // first: who has the answer may ask again at once
        head(type);
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
        exchange.close();
    }

    private void leave() {
        if (entered) {
            entered = false;
            shared.bill().leave();
        }
    }

    private void head(String type) {
        header("content-type", type);
        header(format.requestIdHeader(), requestId());
        if (!state.settings().limits().equals(RateLimits.NONE)) {
            format.limits(
                    exchange.getResponseHeaders(),
                    state.limiter().levels(System.nanoTime()),
                    Instant.now());
        }
    }

    private void header(String name, String value) {
        exchange.getResponseHeaders().set(name, value);
    }

    private String requestId() {
        return "req_sim_" + number;
    }

    private void log(int status, String outcome) {
        shared.bill()
                .log(
                        new Call(
                                time,
                                format.wire(),
                                model,
                                items,
                                status,
                                outcome,
                                billed.input(),
                                billed.output(),
                                Duration.ofNanos(System.nanoTime() - arrived)));
    }

    private void pause(Duration latency) throws InterruptedException {
        long left = arrived + latency.toNanos() - System.nanoTime();
        if (left > 0 && latency.toNanos() >= MILLI / 10) {
            Thread.sleep(Duration.ofNanos(left));
        }
    }

    private static String cut(String text, double share) {
        int end = (int) (text.length() * Math.clamp(share, 0, 1));
        if (end > 0 && end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
            end--;
        }
        return text.substring(0, end);
    }

    private CallView view(CallRequest request, byte[] body) {
        Map<String, String> headers = new HashMap<>();
        exchange.getRequestHeaders()
                .forEach(
                        (name, values) ->
                                headers.put(name.toLowerCase(Locale.ROOT), values.getFirst()));
        headers.remove("x-api-key");
        headers.remove("authorization");
        return new CallView(
                number,
                format.wire(),
                request.model(),
                request.system(),
                asked.stream().map(Items.Item::input).toList(),
                request.effort(),
                request.maxTokens(),
                headers,
                new String(body, StandardCharsets.UTF_8));
    }
}
