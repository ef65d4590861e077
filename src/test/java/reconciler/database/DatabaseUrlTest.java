package reconciler.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class DatabaseUrlTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://localhost/db",
                "jdbc:postgresql:db",
                "jdbc:postgresql://localhost/",
                "jdbc:postgresql://[::1]:5432/db",
                "jdbc:postgresql://one,two:5433/db?targetServerType=primary",
                "jdbc:postgresql://localhost/db?user=kim%40tenant&sslmode=VERIFY-FULL&sslrootcert=/etc/root.crt",
                "jdbc:postgresql://localhost/db?user=kim@tenant&sslkey=k&sslpassword=of-the-key",
                "jdbc:postgresql://localhost/db?options=-c%20geqo=off&ApplicationName=night"
            })
    void what_the_driver_can_use_is_let_through(String url) {
        assertThatCode(() -> new DatabaseUrl("RECONCILER_DB_URL", url).demandUsable())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "fine",
            textBlock =
                    """
                    jdbc:postgresql://192.0.2.7/db                      | prefer
                    jdbc:postgresql://192.0.2.7/db?sslmode=require      | require
                    jdbc:postgresql://192.0.2.7/db?sslmode=verify-ca    | verify-ca
                    jdbc:postgresql://192.0.2.7/db?sslmode=verify-full  | fine
                    jdbc:postgresql://192.0.2.7/db?ssl=true             | fine
                    jdbc:postgresql://127.0.0.1/db                      | fine
                    jdbc:postgresql://[::1]/db                          | fine
                    jdbc:postgresql:db                                  | fine
                    jdbc:postgresql://localhost,192.0.2.7/db            | prefer
                    """)
    void tls_is_lax_where_a_network_lies_between_and_the_server_is_not_verified(
            String url, String mode) {
        assertThat(new DatabaseUrl("RECONCILER_DB_URL", url).laxTls()).isEqualTo(mode);
    }
}
