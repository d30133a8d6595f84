package dev.thac.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.thac.event.Money;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.math.BigDecimal;
import java.time.Duration;

class ScalarTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "0s, PT0S",
        "5s, PT5S",
        "2m, PT2M",
        "24h, PT24H",
        "7d, PT168H",
    })
    void durationsHaveOneUnit(String text, Duration expected) {
        assertThat(Scalar.DURATION.read(text)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "512B, 512",
        "64KiB, 65536",
        "2MiB, 2097152",
        "1GiB, 1073741824",
        "3KB, 3000",
        "6MB, 6000000",
        "1GB, 1000000000",
    })
    void sizesKnowPowersOfTwoAndOfTen(String text, long bytes) {
        assertThat(Scalar.SIZE.read(text)).contains(new DataSize(bytes));
    }

    @ParameterizedTest
    @CsvSource({"100/s, 100", "600/min, 10", "7200/h, 2", "864000/day, 10", "0.5/s, 0.5"})
    void ratesAreCountsInAPeriod(String text, double perSecond) {
        assertThat(Scalar.RATE.read(text))
                .hasValueSatisfying(
                        rate -> assertThat(((Rate) rate).perSecond()).isEqualTo(perSecond));
    }

    @Test
    void moneyIsExact() {
        assertThat(Scalar.MONEY.read("20 USD")).contains(Money.usd(new BigDecimal(20)));
        assertThat(Scalar.MONEY.read("0.000000001 USD")).contains(new Money(1));
    }

    @Test
    void sharesArePercentOrRatio() {
        assertThat(Scalar.SHARE.read("80%")).contains(new Share(0.8));
        assertThat(Scalar.SHARE.read("0.8")).contains(new Share(0.8));
        assertThat(Scalar.SHARE.read("0%")).contains(new Share(0));
        assertThat(Scalar.SHARE.read("100%")).contains(new Share(1));
    }

    @ParameterizedTest
    @CsvSource({
        "DURATION, 5",
        "DURATION, 5 s",
        "DURATION, -5s",
        "DURATION, 1.5s",
        "DURATION, 5min",
        "DURATION, 99999999999999999999s",
        "DURATION, 999999999999999999d",
        "SIZE, 64",
        "SIZE, 64 KiB",
        "SIZE, 64kb",
        "SIZE, -1B",
        "SIZE, 9999999999999GiB",
        "RATE, 100",
        "RATE, 100/m",
        "RATE, /s",
        "MONEY, 20",
        "MONEY, $20",
        "MONEY, 20 EUR",
        "MONEY, 20USD",
        "MONEY, -1 USD",
        "SHARE, 101%",
        "SHARE, 1.1",
        "SHARE, -5%",
        "INTEGER, 1.0",
        "INTEGER, 99999999999",
        "INTEGER, ten",
        "NUMBER, .inf",
        "NUMBER, ten",
        "BOOLEAN, yes",
        "SECRET, sk-123",
        "SECRET, ${env:}",
        "SECRET, ${env:A B}",
        "SECRET, a${env:A}",
        "SECRET, $env:A",
    })
    void everythingElseIsRefused(Scalar kind, String text) {
        assertThat(kind.read(text)).isEmpty();
    }

    @Test
    void secretsAreReferences() {
        assertThat(Scalar.SECRET.read("${env:API_KEY}")).contains(new Secret("${env:API_KEY}"));
        assertThat(Scalar.SECRET.read("${file:/run/secrets/key}"))
                .contains(new Secret("${file:/run/secrets/key}"));
    }

    @ParameterizedTest
    @EnumSource(Scalar.class)
    void everyExampleCanBeRead(Scalar kind) {
        assertThat(kind.read(kind.example())).isPresent();
    }
}
