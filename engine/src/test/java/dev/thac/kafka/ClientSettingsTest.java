package dev.thac.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.Map;

class ClientSettingsTest {

    @Test
    void aSettingGoesToTheClientsThatKnowIt() {
        Map<String, String> kafka =
                Map.of("linger.ms", "9", "fetch.min.bytes", "5", "security.protocol", "SSL");

        assertThat(ClientSettings.writer("b:1", kafka, "c"))
                .containsEntry("linger.ms", "9")
                .containsEntry("security.protocol", "SSL")
                .doesNotContainKey("fetch.min.bytes");
        assertThat(ClientSettings.reader("b:1", kafka, "c"))
                .containsEntry("fetch.min.bytes", "5")
                .containsEntry("security.protocol", "SSL")
                .doesNotContainKey("linger.ms");
        assertThat(ClientSettings.admin("b:1", kafka, "c"))
                .containsEntry("security.protocol", "SSL")
                .doesNotContainKey("linger.ms");
    }

    @Test
    void aPrefixSendsASettingToOneClientAlone() {
        Map<String, String> kafka = Map.of("producer.request.timeout.ms", "1234");

        assertThat(ClientSettings.writer("b:1", kafka, "c"))
                .containsEntry("request.timeout.ms", "1234");
        assertThat(ClientSettings.reader("b:1", kafka, "c"))
                .doesNotContainKeys("request.timeout.ms", "producer.request.timeout.ms");
    }

    @Test
    void aSettingNoClientKnowsGoesToAll() {
        Map<String, String> kafka = Map.of("my.interceptor.url", "x");

        assertThat(ClientSettings.writer("b:1", kafka, "c")).containsKey("my.interceptor.url");
        assertThat(ClientSettings.reader("b:1", kafka, "c")).containsKey("my.interceptor.url");
    }

    @Test
    void whatTheRuntimeOwnsCannotBeSet() {
        Map<String, String> kafka = Map.of("acks", "0", "producer.acks", "1", "group.id", "mine");

        assertThat(ClientSettings.writer("b:1", kafka, "c")).containsEntry("acks", "all");
        assertThat(ClientSettings.reader("b:1", kafka, "c")).doesNotContainKey("group.id");
        assertThat(ClientSettings.refusal("producer.acks")).isPresent();
        assertThat(ClientSettings.refusal("consumer.max.poll.interval.ms")).isPresent();
        assertThat(ClientSettings.refusal("linger.ms")).isEmpty();
    }
}
