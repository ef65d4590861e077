package reconciler.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reconciler.audit.AnchorFile;
import reconciler.audit.Head;
import reconciler.patch.AnchorWebhook;
import reconciler.run.ExitCode;
import tools.jackson.databind.json.JsonMapper;

/// Where the audit's head is kept, so that a record cut off later shows.
final class AnchorOptions {
    @Option(
            names = "--anchor-file",
            paramLabel = "FILE",
            description = "Append the audit's head there. When it cannot be, a line says so.")
    private @Nullable Path file;

    @Option(
            names = "--anchor-url",
            paramLabel = "URL",
            description =
                    "Post the audit's head there as JSON: https, or http on this machine. When it is not taken, a line says so.")
    private @Nullable String url;

    /// Asked before there is anything to keep.
    void demandUsable() {
        if (file != null) {
            new AnchorFile(file).demandWritable();
        }
        webhook();
    }

    /// Puts the head wherever it should be; where it could not be put is said, with the head.
    ///
    /// @return what becomes of a command that does nothing else
    ExitCode keep(Head head, Terminal terminal) {
        AnchorWebhook webhook = webhook();
        boolean written = isKept(append(head), head, terminal);
        boolean posted = isKept(post(head, webhook), head, terminal);
        if (!written) {
            return ExitCode.DATA;
        }
        return posted ? ExitCode.OK : ExitCode.UNAVAILABLE;
    }

    /// @param failure null when there was none
    private static boolean isKept(@Nullable String failure, Head head, Terminal terminal) {
        if (failure != null) {
            terminal.say(
                    "reconciler: " + failure + "; keep this line elsewhere: " + head.inOneLine());
        }
        return failure == null;
    }

    private @Nullable String append(Head head) {
        try {
            if (file != null) {
                new AnchorFile(file).append(head);
            }
            return null;
        } catch (AnchorFile.Unusable full) {
            return String.valueOf(full.getMessage());
        }
    }

    private static @Nullable String post(Head head, @Nullable AnchorWebhook webhook) {
        String refusal = webhook == null ? null : webhook.post(json(head));
        return refusal == null
                ? null
                : "the anchor could not be posted to " + webhook + ": " + refusal;
    }

    private @Nullable AnchorWebhook webhook() {
        return url == null ? null : AnchorWebhook.of("--anchor-url", url);
    }

    private static String json(Head head) {
        return JsonMapper.shared()
                .createObjectNode()
                .put("number", head.number())
                .put("hash", head.hash())
                .put("sealedAt", head.sealedAt().toString())
                .put("anchor", head.inOneLine())
                .toString();
    }
}
