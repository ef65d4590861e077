package reconciler.run;

import java.util.List;

/// A job file that is wrong or not there. Each message names the file, and the line and column
/// where there is one.
public final class InvalidJobFile extends RuntimeException {
    private final List<String> messages;

    public InvalidJobFile(List<String> messages) {
        super(String.join("\n", messages));
        this.messages = List.copyOf(messages);
    }

    /// In the order of the file.
    public List<String> messages() {
        return messages;
    }
}
