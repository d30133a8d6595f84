package dev.thac.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenEstimateTest {

    private static final Encoding TOKENIZER =
            Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sản phẩm rất đẹp, giao hàng nhanh, đóng gói cẩn thận, sẽ ủng hộ shop lần sau nhé",
                "san pham loi, goi bao hanh 3 lan khong ai nghe may, that vong",
                "The delivery took three weeks and nobody answered my messages about it.",
                "{\"items\":[{\"i\":1,\"input\":\"Hàng ok\"},{\"i\":2,\"input\":\"Too late!\"}]}",
                "Transaction 4711 of 12,500,000 VND at 03:12 from 203.0.113.7, device unknown",
                "这个产品非常好,送货很快,我很满意"
            })
    void estimateIsNearATokenizersCount(String text) {
        double tokens = TOKENIZER.countTokens(text);

        assertThat(TokenEstimate.of(text) / tokens).isBetween(0.6, 1.7);
    }
}
