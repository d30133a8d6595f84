package dev.thac.enrich;

import dev.thac.database.DatabaseSpec;
import dev.thac.database.Databases;
import dev.thac.event.JsonText;
import dev.thac.spec.Secrets;

import org.jspecify.annotations.Nullable;

import java.net.http.HttpClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * The real databases, services and tables behind the lookups of a pipeline. Connected to at the
 * first use; closed once. Thread-safe.
 */
public final class LiveLookups implements LookupSources, AutoCloseable {

    private final Map<String, DatabaseSpec> specs;
    private final Databases databases;
    private final Secrets secrets;
    private final Function<String, TableLookup> tables;
    private final LookupWatch watch;
    private final Map<String, Semaphore> places = new ConcurrentHashMap<>();
    private @Nullable HttpClient client;

    /**
     * What lookups may ask.
     *
     * @param specs databases by name
     * @param secrets reads what the declarations refer to
     * @param tables the table of a topic
     * @param watch is told of trouble
     */
    public LiveLookups(
            Map<String, DatabaseSpec> specs,
            Secrets secrets,
            Function<String, TableLookup> tables,
            LookupWatch watch) {
        this.specs = Map.copyOf(specs);
        this.databases = Databases.readOnly(specs, secrets);
        this.secrets = secrets;
        this.tables = tables;
        this.watch = watch;
    }

    @Override
    public Lookup open(String name, EnrichSpec spec) {
        if (spec.jdbc().isPresent()) {
            String database = spec.jdbc().get();
            DatabaseSpec declared = specs.get(database);
            int pool = declared == null ? 1 : declared.pool();
            return new JdbcLookup(
                    databases, places.computeIfAbsent(database, _ -> new Semaphore(pool)), spec);
        }
        if (spec.http().isPresent()) {
            Map<String, String> headers = new LinkedHashMap<>();
            spec.headers().forEach((header, text) -> headers.put(header, secrets.expand(text)));
            return new HttpLookup(client(), spec.timeout(), headers);
        }
        TableLookup table = tables.apply(spec.table().orElseThrow());
        return new Local(
                key -> {
                    Object value = key.getFirst();
                    if (value == null) {
                        return Optional.empty();
                    }
                    return table.find(value instanceof String text ? text : JsonText.text(value));
                });
    }

    @Override
    public LookupWatch watch() {
        return watch;
    }

    /** Closes the connections. */
    @Override
    public synchronized void close() {
        databases.close();
        HttpClient opened = client;
        if (opened != null) {
            opened.shutdownNow();
        }
    }

    private synchronized HttpClient client() {
        HttpClient opened = client;
        if (opened == null) {
            opened =
                    HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .followRedirects(HttpClient.Redirect.NEVER)
                            .connectTimeout(Databases.CONNECT_LIMIT)
                            .build();
            client = opened;
        }
        return opened;
    }
}
