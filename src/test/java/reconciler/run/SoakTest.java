package reconciler.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reconciler.Seed;

/// The short soak; [SoakRun] is the long one.
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SoakTest {
    @Test
    void killed_again_and_again_with_faults_on_every_row_gets_its_one_outcome(
            @TempDir Path directory) {
        Soak.Result result = Soak.run(Seed.of(SoakTest.class), directory, 900, 3);

        assertThat(result.kills()).isGreaterThanOrEqualTo(2);
        assertThat(result.overTheRate()).isZero();
    }
}
