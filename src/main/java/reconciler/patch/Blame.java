package reconciler.patch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import reconciler.outcome.Complaint;
import reconciler.outcome.Evidence;
import reconciler.outcome.Outcome;

/// Finds out what a refusal points at: the role, or attributes that were sent.
final class Blame {
    private final ApiContract contract;

    Blame(ApiContract contract) {
        this.contract = contract;
    }

    /// A field that is pointed at counts for more than a word that a message quotes.
    ///
    /// @param names the attributes that were sent
    Outcome on(List<String> names, ErrorBody body, Evidence evidence) {
        String role = contract.roleField();
        if (role != null && body.faults().stream().anyMatch(fault -> points(fault, role))) {
            return new Outcome.WrongRole(evidence);
        }
        List<Complaint> complaints = complaints(names, body, this::pointsInside);
        if (!complaints.isEmpty()) {
            return new Outcome.Refused(complaints, evidence);
        }
        if (role != null && body.faults().stream().anyMatch(fault -> quotes(fault, role))) {
            return new Outcome.WrongRole(evidence);
        }
        return new Outcome.Refused(complaints(names, body, Blame::quotes), evidence);
    }

    private static List<Complaint> complaints(
            List<String> names, ErrorBody body, BiPredicate<ErrorBody.Fault, String> isNamed) {
        var complaints = new LinkedHashMap<String, Complaint>();
        for (ErrorBody.Fault fault : body.faults()) {
            for (String name : names) {
                if (isNamed.test(fault, name)) {
                    complaints.putIfAbsent(
                            name, new Complaint(name, fault.code(), fault.message()));
                }
            }
        }
        return List.copyOf(complaints.values());
    }

    private static boolean points(ErrorBody.Fault fault, String field) {
        return fault.fields().stream().anyMatch(named -> isField(named, field));
    }

    /// `type`, `/type`, `$.type`, `body.type`, `#/type`.
    private static boolean isField(String named, String field) {
        return named.equals(field)
                || Stream.of("/", "$.", "#/", "body.", "/body/", "$.body.")
                        .anyMatch(prefix -> named.equals(prefix + field));
    }

    private boolean pointsInside(ErrorBody.Fault fault, String name) {
        return fault.fields().stream().anyMatch(named -> isAttribute(named, name));
    }

    /// The bare name, or the container with the name behind it in any of the usual spellings. Names
    /// may contain dots and brackets themselves, so nothing is taken apart.
    private boolean isAttribute(String named, String name) {
        String container = contract.container();
        String pointer = name.replace("~", "~0").replace("/", "~1");
        return named.equals(name)
                || Stream.of(
                                container + "." + name,
                                container + "['" + name + "']",
                                container + "[\"" + name + "\"]",
                                container + "[" + name + "]",
                                container + "/" + pointer)
                        .anyMatch(path -> named.equals(path) || endsWithPath(named, path));
    }

    private static boolean endsWithPath(String named, String path) {
        return Stream.of("/", ".").anyMatch(separator -> named.endsWith(separator + path));
    }

    private static boolean quotes(ErrorBody.Fault fault, String word) {
        String message = fault.message();
        return message != null
                && Stream.of(
                                "'" + word + "'",
                                "\"" + word + "\"",
                                "`" + word + "`",
                                "[" + word + "]")
                        .anyMatch(message::contains);
    }
}
