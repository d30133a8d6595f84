package dev.thac.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.thac.meter.Meters;
import dev.thac.testkit.broker.EmbeddedKafka;
import dev.thac.testkit.broker.TopicReader;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Five years of real review events counted by vendor and day. The file is not in the order of time,
 * so the events are sorted first and then dealt out to the partitions in turn: each vendor's day
 * comes from all of them, no partition has a late event, and without any grace the final figures
 * must be those of the file, however the partitions are read beside each other.
 */
class ReviewWindowsIT {

    private static final int ALL = 578_805;
    private static final int CUT = 50_000;
    private static final int PARTITIONS = 4;
    private static final String FILE = "reviews_events_anon/anonreviews.csv.gz";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir private Path folder;

    /** One line of the file. */
    private record Review(String vendor, int rating, String date) {

        static Review of(String line) {
            String[] parts = line.split(",", -1);
            return new Review(parts[1], Integer.parseInt(parts[2]), parts[3]);
        }

        String day() {
            return date.substring(0, 10);
        }

        byte[] json() {
            return "{\"vendor\":\"%s\",\"rating\":%d,\"date\":\"%s\"}"
                    .formatted(vendor, rating, date)
                    .getBytes(StandardCharsets.UTF_8);
        }
    }

    /** What is known of a vendor's day. */
    private record Day(long count, BigDecimal mean) {}

    @Test
    void everyDayOfEveryVendorIsCountedAsInAPartOfTheFile() throws Exception {
        replay(reviews(CUT), Duration.ofMinutes(2));
    }

    @Test
    @Tag("faults")
    void everyDayOfEveryVendorIsCountedAsInTheWholeFile() throws Exception {
        List<Review> reviews = reviews(Integer.MAX_VALUE);
        assertThat(reviews).hasSize(ALL);
        replay(reviews, Duration.ofMinutes(10));
    }

    private void replay(List<Review> reviews, Duration patience) throws Exception {
        Path file =
                Files.writeString(
                        folder.resolve("pipeline.yaml"),
                        """
                        pipeline: vendors
                        source:
                          topic: reviews
                          group: vendors
                          start: earliest
                          time: value.date
                        windows:
                          vendor-day:
                            by: [value.vendor]
                            tumbling: 24h
                            idle: 1h
                            measures:
                              reviews: { kind: count }
                              rating:  { kind: avg, of: value.rating }
                            emit: final
                            to: vendor-days
                            late: vendor-days.late
                        """);
        Map<String, Day> expected = days(reviews);
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            for (String topic : List.of("reviews", "vendor-days", "vendor-days.late")) {
                kafka.createTopic(topic, PARTITIONS);
            }
            produce(kafka, reviews);
            PipelineRuntime runtime =
                    ContextProcess.start(
                            file, RuntimeSettings.of(kafka.bootstrapServers()), new Meters());
            TopicReader reader = TopicReader.readCommitted(kafka.bootstrapServers());
            await().atMost(patience)
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> reader.drain("vendor-days").size() >= expected.size());
            runtime.stop();

            List<ConsumerRecord<byte[], byte[]>> results = reader.drain("vendor-days");
            assertThat(results).as("each once").hasSize(expected.size());
            assertThat(days(results, expected.size())).isEqualTo(expected);
            assertThat(reader.drain("vendor-days.late")).isEmpty();
        }
    }

    /** The events in turn to all partitions, and to each at last one that closes all windows. */
    private static void produce(EmbeddedKafka kafka, List<Review> reviews) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", kafka.bootstrapServers(), "linger.ms", 5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < reviews.size(); i++) {
                producer.send(
                        new ProducerRecord<>(
                                "reviews", i % PARTITIONS, null, reviews.get(i).json()));
            }
            LocalDate after = LocalDate.parse(reviews.getLast().day()).plusDays(2);
            byte[] end = new Review("end", 0, after + " 00:00").json();
            for (int partition = 0; partition < PARTITIONS; partition++) {
                producer.send(new ProducerRecord<>("reviews", partition, null, end));
            }
        }
    }

    /** Computed from the file: the number of reviews and their exact sum. */
    private static Map<String, Day> days(List<Review> reviews) {
        Map<String, long[]> sums = new HashMap<>();
        for (Review review : reviews) {
            long[] sum =
                    sums.computeIfAbsent(review.vendor() + " " + review.day(), _ -> new long[2]);
            sum[0]++;
            sum[1] += review.rating();
        }
        Map<String, Day> days = new HashMap<>();
        sums.forEach(
                (day, sum) ->
                        days.put(
                                day,
                                day(
                                        sum[0],
                                        BigDecimal.valueOf(sum[1])
                                                .divide(
                                                        BigDecimal.valueOf(sum[0]),
                                                        MathContext.DECIMAL64))));
        return days;
    }

    /** As the windows say. */
    private static Map<String, Day> days(List<ConsumerRecord<byte[], byte[]>> results, int expected)
            throws IOException {
        Map<String, Day> days = HashMap.newHashMap(expected);
        for (ConsumerRecord<byte[], byte[]> result : results) {
            JsonNode value = JSON.readTree(result.value());
            String start = value.at("/window/start").asText();
            assertThat(start).endsWith("T00:00:00Z");
            days.put(
                    value.at("/key/vendor").asText() + " " + start.substring(0, 10),
                    day(
                            value.path("reviews").asLong(),
                            new BigDecimal(value.path("rating").asText())));
        }
        return days;
    }

    private static Day day(long count, BigDecimal mean) {
        return new Day(count, mean.stripTrailingZeros());
    }

    private static List<Review> reviews(int limit) throws IOException {
        Path root = Path.of(System.getProperty("thac.root", "..")).toAbsolutePath().normalize();
        Path data =
                Optional.ofNullable(System.getProperty("thac.data"))
                        .map(Path::of)
                        .orElseGet(() -> root.resolveSibling("shared").resolve("data"));
        Path file = data.resolve(FILE);
        assumeTrue(
                Files.isRegularFile(file),
                "no " + FILE + " under -Dthac.data or ../shared/data: it is not in the repository");
        try (BufferedReader in =
                        new BufferedReader(
                                new InputStreamReader(
                                        new GZIPInputStream(Files.newInputStream(file)),
                                        StandardCharsets.UTF_8));
                Stream<String> lines = in.lines()) {
            return lines.skip(1)
                    .limit(limit)
                    .map(Review::of)
                    .sorted(Comparator.comparing(Review::date))
                    .toList();
        }
    }
}
