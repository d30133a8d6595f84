package dev.thac.model;

import dev.thac.cost.Price;
import dev.thac.cost.PriceBook;
import dev.thac.cost.Spending;
import dev.thac.event.ErrorCode;
import dev.thac.event.ThacException;
import dev.thac.meter.Meters;
import dev.thac.meter.Metric;
import dev.thac.resilience.CircuitBreaker;
import dev.thac.resilience.ConcurrencyLimit;
import dev.thac.resilience.Ticker;
import dev.thac.spec.Secret;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * All models of a project by the names in its files, behind the limits, retries, breakers and
 * prices that belong to them. Names with the same provider, URL, key and model id share one
 * account's limits and breaker. Thread-safe.
 */
public final class Models {

    private final Map<String, GuardedModel> models = new TreeMap<>();
    private final Map<String, Route> routes = new TreeMap<>();

    /** The accounts of these models, and what their calls are to each where places are short. */
    private final Map<Account, ConcurrencyLimit.Flow> flows = new HashMap<>();

    private final Ticker ticker;

    /** Where accounts live while the models are put together. */
    private record Build(
            Map<String, String> environment,
            PriceBook prices,
            Meters meters,
            Map<Provider, ModelAdapter> adapters,
            Accounts accounts) {}

    private Models(Ticker ticker) {
        this.ticker = ticker;
    }

    /**
     * Puts models together; connects to nothing and reads no key.
     *
     * @param specs models by name
     * @param environment variables for keys and base URLs
     * @param prices the price book
     * @param meters where calls are counted
     * @param ticker the time
     * @return the models
     * @throws ThacException {@code BAD_SPEC} when a fallback names no model or a URL is none
     */
    public static Models of(
            Map<String, ModelSpec> specs,
            Map<String, String> environment,
            PriceBook prices,
            Meters meters,
            Ticker ticker) {
        return of(specs, environment, prices, meters, ticker, new Accounts());
    }

    /**
     * Puts models together whose accounts other pipelines of this process use, too.
     *
     * @param specs models by name
     * @param environment variables for keys and base URLs
     * @param prices the price book
     * @param meters where calls are counted
     * @param ticker the time
     * @param accounts the accounts of this process
     * @return the models
     * @throws ThacException {@code BAD_SPEC} when a fallback names no model or a URL is none
     */
    public static Models of(
            Map<String, ModelSpec> specs,
            Map<String, String> environment,
            PriceBook prices,
            Meters meters,
            Ticker ticker,
            Accounts accounts) {
        List<ModelAdapter> adapters = new ArrayList<>();
        ServiceLoader.load(ModelAdapter.class, Models.class.getClassLoader())
                .forEach(adapters::add);
        Map<Provider, ModelAdapter> known = byProvider(adapters);
        return of(specs, new Build(environment, prices, meters, known, accounts), ticker);
    }

    static Models of(
            Map<String, ModelSpec> specs,
            Map<String, String> environment,
            PriceBook prices,
            Meters meters,
            Ticker ticker,
            List<ModelAdapter> adapters) {
        Map<Provider, ModelAdapter> known = byProvider(adapters);
        return of(specs, new Build(environment, prices, meters, known, new Accounts()), ticker);
    }

    private static Map<Provider, ModelAdapter> byProvider(List<ModelAdapter> adapters) {
        Map<Provider, ModelAdapter> byProvider = new EnumMap<>(Provider.class);
        adapters.forEach(adapter -> byProvider.put(adapter.provider(), adapter));
        return byProvider;
    }

    private static Models of(Map<String, ModelSpec> specs, Build build, Ticker ticker) {
        Models models = new Models(ticker);
        Map<Account.Key, ModelLimitsSpec> limits = new HashMap<>();
        specs.forEach(
                (_, spec) ->
                        limits.merge(
                                models.key(spec, build), spec.limits(), ModelLimitsSpec::stricter));
        specs.forEach((name, spec) -> models.addRoute(name, spec, build, limits));
        specs.keySet()
                .forEach(
                        name ->
                                models.models.put(
                                        name,
                                        new GuardedModel(models.withFallbacks(name), ticker)));
        return models;
    }

    /**
     * The same models on the same accounts, for an asker with money of its own.
     *
     * @param spending model name to what pays for its calls
     * @return a view; figures and health are those of all askers
     */
    public Models spending(Function<String, Spending> spending) {
        Models view = new Models(ticker);
        view.flows.putAll(flows);
        routes.forEach(
                (name, route) -> view.routes.put(name, route.paidFrom(spending.apply(name))));
        for (String name : routes.keySet()) {
            view.models.put(name, new GuardedModel(view.withFallbacks(name), ticker));
        }
        return view;
    }

    /**
     * One model.
     *
     * @param name its name in the file
     * @return the model
     * @throws ThacException {@code BAD_SPEC} when there is none
     */
    public Model get(String name) {
        GuardedModel model = models.get(name);
        if (model == null) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC,
                    "there is no model \"" + name + "\"; declared are " + models.keySet());
        }
        return model;
    }

    /**
     * All names.
     *
     * @return the names, sorted
     */
    public Set<String> names() {
        return Collections.unmodifiableSet(models.keySet());
    }

    /**
     * The price of a model now, its own or the book's.
     *
     * @param name its name in the file
     * @return the price; empty when unknown, which is not zero
     */
    public Optional<Price> price(String name) {
        Route route = routes.get(name);
        return route == null ? Optional.empty() : route.price(ticker.now());
    }

    /**
     * Divides the accounts: from now on this process uses of them what running pipelines hold of
     * their sources, by weight. Models that nobody claims use all of their accounts.
     *
     * @param pipeline the pipeline that uses these models; a replay claims under the same name
     * @return what it holds, nothing at first; to be closed when the pipeline has ended
     */
    public Claim claim(String pipeline) {
        flows.forEach((account, flow) -> flow.weight(account.weight(pipeline)));
        return new Claim(pipeline, List.copyOf(flows.keySet()));
    }

    /**
     * How all models' accounts are doing.
     *
     * @return one entry for each name, sorted by name
     */
    public List<ModelHealth> health() {
        return routes.values().stream().map(Models::health).toList();
    }

    private static ModelHealth health(Route route) {
        Account account = route.account();
        Optional<Account.Trouble> trouble = account.lastTrouble();
        return new ModelHealth(
                route.name(),
                route.spec().model(),
                route.spec().provider(),
                breaker(account),
                account.breaker().untilProbe(),
                account.concurrency().inFlight(),
                account.concurrency().limit(),
                trouble.map(last -> String.valueOf(last.error().getMessage())),
                trouble.map(Account.Trouble::at));
    }

    private static ModelHealth.Breaker breaker(Account account) {
        return switch (account.breaker().state()) {
            case CircuitBreaker.State.Closed() -> ModelHealth.Breaker.CLOSED;
            case CircuitBreaker.State.HalfOpen _ -> ModelHealth.Breaker.HALF_OPEN;
            case CircuitBreaker.State.Open _ -> ModelHealth.Breaker.OPEN;
        };
    }

    private void addRoute(
            String name, ModelSpec spec, Build build, Map<Account.Key, ModelLimitsSpec> limits) {
        Account.Key key = key(spec, build);
        Meters.Count opened = build.meters().count(Metric.BREAKER_OPENED, name);
        ApiKey apiKey = apiKey(spec, key, build);
        ModelLimitsSpec strictest = limits.getOrDefault(key, spec.limits());
        Account account =
                build.accounts()
                        .get(
                                key,
                                strictest,
                                _ ->
                                        new Account(
                                                key,
                                                strictest,
                                                spec.maxOutputTokens(),
                                                apiKey,
                                                ticker,
                                                _ -> opened.add(1)));
        ModelClient client =
                adapter(spec, build)
                        .client(
                                new ModelAdapter.Endpoint(
                                        spec, key.url(), account.key(), account::correct));
        routes.put(
                name,
                new Route(
                        new Route.Target(name, spec, client, flow(account)),
                        account,
                        build.prices(),
                        new ModelMeters(build.meters(), name),
                        ticker));
        gauges(name, account, build.meters());
    }

    private ConcurrencyLimit.Flow flow(Account account) {
        return flows.computeIfAbsent(account, _ -> new ConcurrencyLimit.Flow());
    }

    private static void gauges(String name, Account account, Meters meters) {
        meters.gauge(Metric.BREAKER_STATE, () -> breaker(account).value(), name);
        remaining(meters, name, "requests", () -> account.limits().requests());
        remaining(meters, name, "input_tokens", () -> account.limits().inputTokens());
        remaining(meters, name, "output_tokens", () -> account.limits().outputTokens());
    }

    private static void remaining(
            Meters meters, String name, String kind, Supplier<Optional<RateLimits.Window>> window) {
        meters.gauge(
                Metric.PROVIDER_REMAINING,
                () -> window.get().map(RateLimits.Window::ratio).orElse(Double.NaN),
                name,
                kind);
    }

    private List<Route> withFallbacks(String name) {
        Set<String> seen = new HashSet<>();
        List<Route> chain = new ArrayList<>();
        Optional<String> next = Optional.of(name);
        while (next.isPresent() && seen.add(next.get())) {
            Route route = routes.get(next.get());
            if (route == null) {
                throw new ThacException(
                        ErrorCode.BAD_SPEC,
                        "model \""
                                + name
                                + "\" falls back to \""
                                + next.get()
                                + "\", which is not declared");
            }
            chain.add(route);
            next = route.spec().fallback();
        }
        return chain;
    }

    private Account.Key key(ModelSpec spec, Build build) {
        ModelAdapter adapter = adapter(spec, build);
        String fromEnvironment = build.environment().get(adapter.urlVariable());
        String text =
                spec.url()
                        .orElse(
                                fromEnvironment == null || fromEnvironment.isBlank()
                                        ? adapter.publicUrl().toString()
                                        : fromEnvironment.strip());
        URI url = url(text);
        String reference =
                spec.apiKey().map(Secret::reference).orElse("${env:" + adapter.keyVariable() + "}");
        return new Account.Key(spec.provider(), url, reference, spec.model());
    }

    private static URI url(String text) {
        try {
            URI url = new URI(text);
            if (url.getHost() != null && url.getScheme() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw new ThacException(
                    ErrorCode.BAD_SPEC, "the model URL \"" + text + "\" is none", e);
        }
        throw new ThacException(
                ErrorCode.BAD_SPEC,
                "the model URL \"" + text + "\" needs http:// or https:// and a host");
    }

    /** Servers on this machine need no key. */
    private static ApiKey apiKey(ModelSpec spec, Account.Key key, Build build) {
        boolean required = spec.apiKey().isPresent() || !loopback(key.url());
        return new ApiKey(key.keyReference(), build.environment(), required);
    }

    static boolean loopback(URI url) {
        String host = url.getHost();
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.startsWith("127.")
                || host.equals("[::1]");
    }

    private static ModelAdapter adapter(ModelSpec spec, Build build) {
        ModelAdapter adapter = build.adapters().get(spec.provider());
        if (adapter == null) {
            throw new ThacException(
                    ErrorCode.INTERNAL, "the distribution lacks an adapter for " + spec.provider());
        }
        return adapter;
    }
}
