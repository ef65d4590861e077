package reconciler.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import reconciler.Seed;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class StrictTextTest {
    private static final Seed SEED = Seed.of(StrictTextTest.class);

    @Test
    void the_text_is_the_same_whatever_the_portions_it_comes_and_goes_in() throws IOException {
        var random = SEED.random();
        for (int round = 0; round < 200; round++) {
            String text =
                    random.ints(random.nextInt(3000), 0, 4)
                            .mapToObj(kind ->
                                    new String[] {"x", "\u00e9", "\u20ac", "\uD83D\uDE00"}[kind])
                            .reduce(round % 2 == 0 ? "\uFEFF" : "", String::concat);
            assertThat(read(text, random)).as("%s", SEED).isEqualTo(text.replace("\uFEFF", ""));
        }
    }

    private static String read(String text, Random random) throws IOException {
        var trickle =
                new FilterInputStream(
                        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8))) {
                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        return super.read(
                                target, offset, Math.min(length, 1 + random.nextInt(100)));
                    }
                };
        StringBuilder out = new StringBuilder();
        char[] buffer = new char[64];
        try (var reader = new StrictText(new MeteredBytes(trickle, Long.MAX_VALUE), null)) {
            int length = 1 + random.nextInt(64);
            for (int read = reader.read(buffer, 0, length);
                    read >= 0;
                    read = reader.read(buffer, 0, length)) {
                out.append(buffer, 0, read);
                length = 1 + random.nextInt(64);
            }
        }
        return out.toString();
    }
}
