package reconciler.intake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import reconciler.change.Participant;

/// Tells good lines from bad ones, in the order of the file. A line repeats, or contradicts,
/// earlier *good* lines only: a bad one is not queued and takes nothing away from its correction.
final class Judge {
    private final IntakeRules rules;
    private final ChangeSetRequest request;
    private final Instant now;
    private final EarlierLines attributes = new EarlierLines();
    private final EarlierLines participants = new EarlierLines();
    private final Map<String, Integer> roles = new HashMap<>();
    private final NormalisationCounts normalised = new NormalisationCounts();

    Judge(IntakeRules rules, ChangeSetRequest request, Instant now) {
        this.rules = rules;
        this.request = request;
        this.now = now;
    }

    Judged judge(Row row) {
        if (row.isBad()) {
            return new Judged.Bad(row.problems());
        }
        var participant =
                new Participant(
                        row.uuid(Column.CONVERSATION_ID, normalised),
                        row.uuid(Column.PARTICIPANT_ID, normalised));
        String role = row.role(rules.knownRoles(), normalised);
        List<Row.Setting> settings = row.settings();
        settings.forEach(row::checkName);
        List<EarlierLines.Key> keys =
                row.isBad() ? List.of() : repeated(row, participant, settings);
        EarlierLines.Key playing = row.isBad() ? null : contradicted(row, participant, role);
        settings.forEach(setting -> row.checkValue(setting, rules));
        String requestedBy = row.requestedBy(request.by());
        Instant notBefore = row.instant(Column.NOT_BEFORE, request.notBefore(), rules.zone());
        Instant applyBy = row.instant(Column.APPLY_BY, request.applyBy(), rules.zone());
        compare(row, notBefore, applyBy);
        if (rules.strict()) {
            row.refuseWarnings();
        }
        if (row.isBad() || playing == null) {
            return new Judged.Bad(row.problems());
        }
        keys.forEach(attribute -> attributes.remember(attribute, row.line(), 0));
        if (participants.lineOf(playing) == 0) {
            participants.remember(playing, row.line(), noteOf(role));
        }
        var lines = new ArrayList<GoodLine>(settings.size());
        for (Row.Setting setting : settings) {
            lines.add(
                    new GoodLine(
                            row.line(),
                            participant,
                            role,
                            setting.name(),
                            setting.value(),
                            requestedBy,
                            notBefore,
                            applyBy));
        }
        return new Judged.Good(lines, row.warnings());
    }

    /// What was written in another form, up to here.
    NormalisationCounts normalised() {
        return normalised;
    }

    /// How many there are in the good lines, up to here.
    int participants() {
        return participants.size();
    }

    private List<EarlierLines.Key> repeated(
            Row row, Participant participant, List<Row.Setting> settings) {
        var keys = new ArrayList<EarlierLines.Key>(settings.size());
        for (Row.Setting setting : settings) {
            EarlierLines.Key key = attributes.key(participant, setting.name());
            int earlier = attributes.lineOf(key);
            if (earlier > 0) {
                row.note(
                        header(setting),
                        "line " + earlier + " sets the same attribute of the same participant");
            }
            keys.add(key);
        }
        return keys;
    }

    /// In the long form the line as a whole repeats another.
    private static @Nullable String header(Row.Setting setting) {
        return setting.nameLabel().equals(setting.valueLabel()) ? setting.nameLabel() : null;
    }

    private EarlierLines.Key contradicted(Row row, Participant participant, String role) {
        EarlierLines.Key key = participants.key(participant, "");
        int earlier = participants.lineOf(key);
        if (earlier > 0 && participants.noteOf(key) != noteOf(role)) {
            row.note(
                    Column.PARTICIPANT_ROLE,
                    "line " + earlier + " gives the same participant another role");
        }
        return key;
    }

    private int noteOf(String role) {
        return roles.computeIfAbsent(role, _ -> roles.size() + 1);
    }

    private void compare(Row row, @Nullable Instant notBefore, @Nullable Instant applyBy) {
        if (applyBy == null) {
            return;
        }
        if (!applyBy.isAfter(now)) {
            row.note(Column.APPLY_BY, "expected a time to come, found " + applyBy);
        } else if (notBefore != null && notBefore.isAfter(applyBy)) {
            row.note(
                    Column.NOT_BEFORE,
                    "expected a time before apply_by, found " + notBefore + " after " + applyBy);
        }
    }
}
