package reconciler.patch;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import reconciler.change.ParticipantRole;
import reconciler.outcome.Evidence;

/// What a look at a conversation, outside any run, came to.
public sealed interface Sight {
    /// @param ended the conversation is over: what is set now, nobody will see
    record Seen(Map<UUID, Person> participants, boolean ended) implements Sight {}

    /// There is no such conversation, or it is not ours to see.
    record Gone(Evidence evidence) implements Sight {}

    /// The API could not be brought to tell.
    record Unreadable(Evidence evidence) implements Sight {}

    /// It was not looked at: a stop, or the API refuses everything.
    record Withheld() implements Sight {}

    /// @param role how the participant has to be addressed; null where the contract has no say
    record Person(@Nullable ParticipantRole role, Map<String, String> attributes) {
        /// The value as it can be stored; null when there is none.
        public @Nullable String valueOf(String attribute) {
            String value = attributes.get(attribute);
            return value == null ? null : StorableText.of(value);
        }

        /// Without the values.
        @Override
        public String toString() {
            return role + " with " + attributes.keySet();
        }
    }
}
