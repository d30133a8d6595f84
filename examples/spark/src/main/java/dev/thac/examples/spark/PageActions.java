package dev.thac.examples.spark;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.to_json;
import static org.apache.spark.sql.functions.window;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryProgress;
import org.apache.spark.sql.streaming.Trigger;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Counts what users do, by five minutes and action: reads a topic that Thác wrote, as a reader that
 * sees only what is committed, and writes the counts to another topic. The checkpoint holds the
 * offsets and the counts; started again with it, the program goes on where it was.
 */
public final class PageActions {

    private static final StructType CLICK =
            new StructType()
                    .add("user_id", DataTypes.StringType)
                    .add("action", DataTypes.StringType)
                    .add("timestamp", DataTypes.TimestampType);

    private PageActions() {}

    /**
     * Runs the query.
     *
     * @param arguments brokers, topic to read, topic to write, folder of the checkpoint; then
     *     {@code once} to end when everything is read that is there now
     */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length < 4) {
            System.err.println("BROKERS IN OUT CHECKPOINT [once]");
            System.exit(2);
        }
        SparkSession spark =
                SparkSession.builder()
                        .appName("page-actions")
                        .master("local[2]")
                        .config("spark.sql.shuffle.partitions", "2")
                        .config("spark.sql.session.timeZone", "UTC")
                        .config("spark.ui.enabled", "false")
                        .getOrCreate();
        spark.sparkContext().setLogLevel("ERROR");

        Dataset<Row> clicks =
                spark.readStream()
                        .format("kafka")
                        .option("kafka.bootstrap.servers", arguments[0])
                        .option("kafka.isolation.level", "read_committed")
                        .option("subscribe", arguments[1])
                        .option("startingOffsets", "earliest")
                        .load()
                        .select(from_json(col("value").cast("string"), CLICK).as("click"))
                        .select("click.*");

        // A window is counted on until events a minute after its end have come: clicks are up to
        // 59 seconds late. Each run writes the counts it changed; the last one of a key holds.
        Dataset<Row> counts =
                clicks.withWatermark("timestamp", "1 minute")
                        .groupBy(window(col("timestamp"), "5 minutes"), col("action"))
                        .agg(count(lit(1)).as("count"));

        StreamingQuery query =
                counts.select(
                                concat_ws("|", col("window.start"), col("action")).as("key"),
                                to_json(struct(col("window"), col("action"), col("count")))
                                        .as("value"))
                        .writeStream()
                        .format("kafka")
                        .outputMode("update")
                        .option("kafka.bootstrap.servers", arguments[0])
                        .option("topic", arguments[2])
                        .option("checkpointLocation", arguments[3])
                        .trigger(
                                arguments.length > 4
                                        ? Trigger.AvailableNow()
                                        : Trigger.ProcessingTime("2 seconds"))
                        .start();
        query.awaitTermination();
        long read = 0;
        for (StreamingQueryProgress progress : query.recentProgress()) {
            read += progress.numInputRows();
        }
        System.out.printf(
                "read %,d records of %s, wrote to %s%n", read, arguments[1], arguments[2]);
        spark.stop();
    }
}
