package dev.thac.bench;

/**
 * One line of a benchmark.
 *
 * @param name as printed
 * @param output what it must leave behind
 * @param work does the job and returns when all of it is done, written and committed
 */
record Row(String name, Output output, Work work) {

    /** What a row leaves behind. */
    enum Output {
        /** Every event as it was. */
        COPIED,
        /** Every event with an analysis. */
        JUDGED,
        /** Something else, which the benchmark itself compares with what is true. */
        COUNTED,
        /** Nothing in Kafka: the row is timed by the clock and checks itself. */
        NONE
    }

    /** What a row does. */
    interface Work {
        /**
         * Does it.
         *
         * @throws Exception whatever the clients throw; ends the benchmark
         */
        void run(Job job) throws Exception;
    }
}
