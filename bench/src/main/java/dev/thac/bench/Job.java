package dev.thac.bench;

/**
 * What a row has to do: every record of one topic to another.
 *
 * @param brokers bootstrap servers
 * @param input the preloaded topic
 * @param output a fresh topic with as many partitions
 * @param group a consumer group without commits
 * @param records how many there are
 */
record Job(String brokers, String input, String output, String group, int records) {}
