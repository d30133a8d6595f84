package dev.thac.enrich;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SqlQueryTest {

    @Test
    void namesBecomePlaceholdersEverywhereButInTextAndCasts() {
        SqlQuery query =
                SqlQuery.parse(
                        "select ':no', \":no\", $a$ :no $a$, x::int -- :no\n /* :no */ from t where"
                                + " id = :id::uuid and (b=:b or c=:id) ;\n");

        assertThat(query.sql())
                .isEqualTo(
                        "select ':no', \":no\", $a$ :no $a$, x::int -- :no\n /* :no */ from t where"
                                + " id = ?::uuid and (b=? or c=?)");
        assertThat(query.parameters()).containsExactly("id", "b", "id");
        assertThat(query.names()).containsExactly("id", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "select 1; drop table users | more than one statement",
                "delete from users where id = :id | a lookup is one select",
                "select 'open | a quote is not closed",
                "select /* open | a comment is not closed",
                "select * from users where id = ? | a parameter is written :name"
            })
    void whatIsNoSingleQueryIsRefused(String text, String why) {
        assertThatThrownBy(() -> SqlQuery.parse(text)).hasMessageContaining(why);
    }
}
