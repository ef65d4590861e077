package reconciler.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import reconciler.audit.AnchorFile;
import reconciler.audit.Head;
import reconciler.patch.AnchorWebhook;
import tools.jackson.databind.json.JsonMapper;

/// Where the audit's head is kept, so that a record cut off later shows.
final class AnchorOptions {
    @Option(
            names = "--anchor-file",
            paramLabel = "FILE",
            description = "Append the audit's head there.")
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

    /// @return whether it is wherever it should be; what is not there is said
    boolean keep(Head head, Terminal terminal) {
        if (file != null) {
            new AnchorFile(file).append(head);
        }
        AnchorWebhook webhook = webhook();
        String refusal = webhook == null ? null : webhook.post(json(head));
        if (refusal != null) {
            terminal.say(
                    "reconciler: the anchor could not be posted to "
                            + webhook
                            + ": "
                            + refusal
                            + "; keep this line elsewhere: "
                            + head.inOneLine());
        }
        return refusal == null;
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
