package dev.thac.testkit.answer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BankCaseTest {

    private static final String VIP =
            "{\"tier\":\"vip\",\"opened_on\":\"2016-03-01\",\"device\":\"dv-1\"}";
    private static final String NEW =
            "{\"tier\":\"standard\",\"opened_on\":\"2026-11-19\",\"device\":\"dv-1\"}";
    private static final String QUIET =
            "{\"last\":[{\"amount\":35000000,\"category\":\"luxury\"}],\"count_1h\":0,\"foreign_7d\":0}";
    private static final String BUSY =
            "{\"last\":[{\"amount\":25000000,\"category\":\"electronics\"}],\"count_1h\":9,\"foreign_7d\":0}";

    @Test
    void theSameTransactionIsJudgedByTheProfile() {
        assertThat(risk(50_000_000, "luxury", VIP, QUIET)).isLessThan(0.1);
        assertThat(risk(50_000_000, "luxury", NEW, QUIET))
                .isGreaterThan(risk(50_000_000, "luxury", VIP, QUIET) + 0.15);
    }

    @Test
    void theSameTransactionIsJudgedByTheHistory() {
        assertThat(risk(25_000_000, "electronics", NEW, BUSY)).isGreaterThan(0.7);
        assertThat(risk(25_000_000, "electronics", NEW, QUIET)).isLessThan(0.5);
    }

    @Test
    void anotherDeviceThanTheProfilesWeighs() {
        String known = text(5_000_000, "food", VIP, QUIET);

        assertThat(BankCase.of(known.replace("device dv-1", "device dv-2")).orElseThrow().risk())
                .isGreaterThan(BankCase.of(known).orElseThrow().risk());
    }

    @Test
    void otherTextsAreNoSuchCase() {
        assertThat(BankCase.of("Hàng đẹp, giao nhanh, 500 VND at last (food)")).isEmpty();
        assertThat(BankCase.of(text(1, "food", "", QUIET))).isEmpty();
        assertThat(BankCase.of(text(1, "food", VIP, "{ \"last\": broken"))).isEmpty();
    }

    private static double risk(long amount, String category, String profile, String context) {
        return BankCase.of(text(amount, category, profile, context)).orElseThrow().risk();
    }

    private static String text(long amount, String category, String profile, String context) {
        return """
        transaction: %d VND at Đồng hồ Hoàng Gia (%s), card-pos, 2026-11-20T09:00:00+07:00, device dv-1, country VN
        profile: %s
        history: %s
        """
                .formatted(amount, category, profile, context);
    }
}
