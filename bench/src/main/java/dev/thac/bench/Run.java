package dev.thac.bench;

/**
 * One row of one round.
 *
 * @param row the row's name
 * @param round from 1; warm-up rounds are not kept
 * @param records records (or items) done
 * @param seconds from the first poll that returned records to the last output's append
 * @param cpuSeconds processor time of this process meanwhile: the row, its clients, its collector
 * @param brokerCpuSeconds processor time of the broker's process; 0 where there is none
 * @param simulatorCpuSeconds processor time of the simulator's process; 0 where there is none
 */
record Run(
        String row,
        int round,
        long records,
        double seconds,
        double cpuSeconds,
        double brokerCpuSeconds,
        double simulatorCpuSeconds) {

    double perSecond() {
        return records / seconds;
    }

    double cpuMicrosPerRecord() {
        return cpuSeconds * 1e6 / records;
    }
}
