package dev.thac.bench;

/**
 * One line of a benchmark.
 *
 * @param name as printed
 * @param judged whether its outputs must carry an analysis
 * @param work does the job and returns when every record is written and committed
 */
record Row(String name, boolean judged, Work work) {

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
