package dev.thac.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * Runs one benchmark and reports: {@code bench NAME [--option value]…}. The table goes to standard
 * output and, with every raw figure, to {@code bench/results/}; talk goes to standard error.
 *
 * <p>Exit codes: 0 it ran · 1 a row lost or repeated records, or, with {@code --strict}, a bar was
 * missed · 2 usage.
 */
public final class Main {

    /** The Kafka clients tell a page about themselves at INFO. */
    static final String LOG_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

    private static final String USAGE =
            """
            usage: bench NAME [options]

              rules   what each stage costs beside a bare consume-and-produce loop
                      --events 1000000  --partitions 8
              lookups the same pipeline with a row of PostgreSQL beside each event, once all
                      10,000 rows are known
                      --events 1000000  --partitions 8
              windows a count by key and minute beside the same in plain Kafka Streams
                      --events 1000000  --partitions 8
              sinks   a topic into a table of PostgreSQL beside a hand-written loop; into files and
                      to an address
                      --events 200000  --partitions 8
              model   every event judged over HTTP by the simulator
                      --latency 42ms|lognormal:3s,0.6  --batch 50  --in-flight 128
                      --events N (default: what the ideal rate does in 10 s)
                      --wait 10ms  longest wait of a batch's first event
                      --delay-seconds 20  how long the delay at half load is measured
                      --no-delays  leave the delay at half load out
              slow    the same with answers that take seconds: sustained speed, also with calls
                      that are never answered (1 round, no warm-up unless asked for)
                      --latency lognormal:3s,0.6  --batch 10  --in-flight 128  --events 20480
                      --timeout 60s  --stuck-percent 1  --wait 10ms
              backlog a large backlog and slow answers in a small heap
                      --events 5000000  --latency 60s  --batch 10  --in-flight 128
                      --heap 256  MiB  --seconds 180  --open 20000
            all
              --rounds 3     measured rounds; all rows of a round run one after the other
              --warmup 1     rounds before them that are not counted
              --rows a,b     only rows whose name contains one of these (the base row always runs)
              --seed 1       of the generated events
              --results DIR  default bench/results
              --profile      sample the measured rounds and print where each row's time goes
              --strict       exit 1 when a bar is missed
            """;

    private Main() {}

    /**
     * The entry point.
     *
     * @param args the benchmark's name, then options
     * @throws IOException when a child process or a result file cannot be written or read
     * @throws InterruptedException when interrupted
     */
    public static void main(String[] args) throws IOException, InterruptedException {
        if (System.getProperty(LOG_LEVEL) == null) {
            System.setProperty(LOG_LEVEL, "error");
            // a topic that is not there yet is no error to one who waits for it
            System.setProperty("org.slf4j.simpleLogger.log.org.apache.kafka.clients.admin", "off");
        }
        System.exit(run(args));
    }

    private static int run(String[] args) throws IOException, InterruptedException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        Report report;
        Options options;
        try {
            options = Options.parse(List.of(args));
            report =
                    switch (options.name()) {
                        case "rules" -> new RulesBench(options).run();
                        case "lookups" -> new LookupBench(options).run();
                        case "windows" -> new WindowBench(options).run();
                        case "sinks" -> new SinkBench(options).run();
                        case "model" -> new ModelBench(options).run();
                        case "slow" -> new SlowBench(options).run();
                        case "backlog" -> new BacklogBench(options).run();
                        default ->
                                throw new Options.UsageException(
                                        "no benchmark is called '" + options.name() + "'");
                    };
        } catch (Options.UsageException e) {
            System.err.println("bench: " + e.getMessage());
            System.err.println(USAGE);
            return 2;
        } catch (WrongOutputException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                System.err.println("bench: " + cause);
            }
            return 1;
        }
        out.println(report.text());
        Path json = report.write(options.results());
        System.err.println("bench: written to " + json + " and the .md beside it");
        return options.strict() && !report.passed() ? 1 : 0;
    }
}
