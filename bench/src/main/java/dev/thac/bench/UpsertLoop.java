package dev.thac.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;

/**
 * A topic into a table, as one writes it by hand with what the driver offers: poll, one batch of
 * upserts that the driver joins to statements of many rows, commit the transaction, then the
 * offsets. It knows what its table looks like, and that no id comes twice in a poll.
 */
final class UpsertLoop {

    private static final int MAX_POLL_RECORDS = 5000;
    private static final String UPSERT =
            "insert into reviews (id, product, rating, text, verified, at)"
                    + " values (?, ?, ?, ?, ?, ?) on conflict (id) do update set"
                    + " product = excluded.product, rating = excluded.rating,"
                    + " text = excluded.text, verified = excluded.verified, at = excluded.at";

    private final ObjectMapper json = new ObjectMapper();
    private final String url;
    private final String user;
    private final String password;

    /** A loop into the table {@code reviews} of a database. */
    UpsertLoop(String url, String user, String password) {
        this.url = url + "?reWriteBatchedInserts=true";
        this.user = user;
        this.password = password;
    }

    void run(Job job) throws SQLException, IOException {
        try (KafkaConsumer<byte[], byte[]> consumer = Clients.consumer(job, MAX_POLL_RECORDS);
                Connection connection = DriverManager.getConnection(url, user, password);
                PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            connection.setAutoCommit(false);
            consumer.subscribe(List.of(job.input()));
            int done = 0;
            while (done < job.records()) {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(100));
                if (records.isEmpty()) {
                    continue;
                }
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    add(upsert, json.readTree(record.value()));
                }
                int[] _ = upsert.executeBatch();
                connection.commit();
                consumer.commitSync();
                done += records.count();
            }
        }
    }

    private static void add(PreparedStatement upsert, JsonNode event) throws SQLException {
        upsert.setString(1, event.path("id").textValue());
        upsert.setString(2, event.path("product").textValue());
        upsert.setInt(3, event.path("rating").intValue());
        upsert.setString(4, event.path("text").textValue());
        upsert.setBoolean(5, event.path("verified").booleanValue());
        upsert.setObject(6, OffsetDateTime.parse(event.path("at").textValue()));
        upsert.addBatch();
    }
}
