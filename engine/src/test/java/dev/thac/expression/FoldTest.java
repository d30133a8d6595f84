package dev.thac.expression;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.text.Normalizer;
import java.util.Random;

class FoldTest {

    @Test
    void vietnameseLosesItsDiacritics() {
        assertThat(Fold.fold("Sẽ MUA LẠI, hàng Đẹp đúng như ảnh; ƯỚC ỘP ẵ ỷ"))
                .isEqualTo("se mua lai, hang dep dung nhu anh; uoc op a y");
    }

    @Test
    void decomposedTextFoldsLikeComposedText() {
        String text = "Thắng cảnh Ở Đà Nẵng rất đẹp";

        assertThat(Fold.fold(Normalizer.normalize(text, Normalizer.Form.NFD)))
                .isEqualTo(Fold.fold(Normalizer.normalize(text, Normalizer.Form.NFC)))
                .isEqualTo("thang canh o da nang rat dep");
    }

    @Test
    void foldedAsciiIsReturnedAsIs() {
        String text = "se mua lai 5* !~";

        assertThat(Fold.fold(text)).isSameAs(text);
    }

    @Test
    void otherScriptsOnlyGetLowerCase() {
        assertThat(Fold.fold("Ελλάδα Йод 한국어 日本ガ 😀 ﬁ Ĳ")).isEqualTo("ελλαδα иод 한국어 日本ガ 😀 ﬁ ĳ");
    }

    @Test
    void foldingTwiceChangesNothingMore() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            StringBuilder text = new StringBuilder();
            random.ints(20, 1, 0x2100).filter(Character::isDefined).forEach(text::appendCodePoint);
            String once = Fold.fold(text.toString());

            assertThat(Fold.fold(once)).isEqualTo(once);
        }
    }
}
