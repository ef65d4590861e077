package reconciler.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/// Which schema this program makes.
///
/// @param number of the last versioned migration
/// @param digest the first eight hex digits of the SHA-256 of all migrations, in the order of their
///   names: it also tells two sets of functions, views and grants apart
public record SchemaVersion(int number, String digest) {
    private static final Pattern NUMBERED = Pattern.compile("V(\\d+)__.*");

    public static SchemaVersion ofThisProgram() {
        try {
            Resource[] files =
                    new PathMatchingResourcePatternResolver()
                            .getResources("classpath:db/migration/*.sql");
            Arrays.sort(files, Comparator.comparing(file -> String.valueOf(file.getFilename())));
            MessageDigest all = MessageDigest.getInstance("SHA-256");
            int number = 0;
            for (Resource file : files) {
                Matcher numbered = NUMBERED.matcher(String.valueOf(file.getFilename()));
                if (numbered.matches()) {
                    number = Math.max(number, Integer.parseInt(numbered.group(1)));
                }
                try (InputStream bytes = file.getInputStream()) {
                    all.update(bytes.readAllBytes());
                }
            }
            return new SchemaVersion(
                    number, HexFormat.of().formatHex(all.digest()).substring(0, 8));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new AssertionError(everyJavaHasIt);
        }
    }

    @Override
    public String toString() {
        return number + "-" + digest;
    }
}
