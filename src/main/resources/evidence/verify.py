#!/usr/bin/env python3
"""Recomputes every seal of this evidence pack from the rows in it.

Python 3.8 or later, standard library only, none of the reconciler's code:   python3 verify.py [ANCHOR_FILE]
Exit 0 when everything is as it was sealed, 9 when not; what is broken is named. The format is in README.txt.
"""
import hashlib
import json
import os
import struct
import sys
import uuid

HERE = os.path.dirname(os.path.abspath(__file__))
faults = []


def field(text):
    if text is None:
        return b"-"
    data = text.encode("utf-8")
    return b"%d:%s," % (len(data), data)


def digest(prefix, name, fields):
    return hashlib.sha256(bytes([prefix]) + b"".join(map(field, [name] + list(fields)))).digest()


def number(text):
    return struct.pack(">q", int(text))


def moment(text):
    ends = {"infinity": 2 ** 63 - 1, "-infinity": -2 ** 63}
    return struct.pack(">q", ends[text] if text in ends else int(text) - 946684800000000)


def array(text):
    numbers = text.split()
    if not numbers:
        return struct.pack(">iii", 0, 0, 20)
    return struct.pack(">iiiii", 1, 0, 20, len(numbers), 1) + b"".join(struct.pack(">iq", 8, int(n)) for n in numbers)


# The types of columns that are not text: Postgres's number of the type, and its binary form.
TYPES = {}
for names, oid, binary in (
        ("attempt_id outcome_id seal_id run_id claim took_micros change_id change_set_id", 20, number),
        ("http_status attempts", 23, lambda text: struct.pack(">i", int(text))),
        ("conversation_id participant_id", 2950, lambda text: uuid.UUID(text).bytes),
        ("before_commit requested_commit standing_commit evidence", 17, bytes.fromhex),
        ("started_at recorded_at occurred_at", 1184, moment),
        ("in_doubt", 16, lambda text: b"\x01" if text == "true" else b"\x00"),
        ("change_ids", 1016, array)):
    for column in names.split():
        TYPES[column] = (oid, binary)


def binary_leaf(name, fields):
    parts = [struct.pack(">i", len(fields) + 1), struct.pack(">ii", 25, len(name)), name.encode("utf-8")]
    for column, text in fields.items():
        oid, binary = TYPES.get(column, (25, lambda text: text.encode("utf-8")))
        value = None if text is None else binary(text)
        parts.append(struct.pack(">ii", oid, -1 if value is None else len(value)))
        parts.append(value or b"")
    return hashlib.sha256(b"".join(parts)).digest()


def merkle_root(leaves):
    level = list(leaves)
    while len(level) > 1:
        nodes = [level[i:i + 16] for i in range(0, len(level), 16)]
        level = [hashlib.sha256(b"\x01" + b"".join(n)).digest() if len(n) > 1 else n[0] for n in nodes]
    return level[0] if level else b""


class Rows:
    """A file of rows in the order of their seals."""

    def __init__(self, name):
        self.name = name
        self.lines = open(os.path.join(HERE, name + ".jsonl"), encoding="utf-8")
        self.advance()

    def advance(self):
        line = self.lines.readline()
        self.next = json.loads(line) if line else None

    def under(self, seal):
        found = []
        while self.next is not None and self.next["seal"] <= seal:
            if self.next["seal"] == seal:
                found.append(self.next)
            else:
                self.stray()
            self.advance()
        return found

    def stray(self):
        faults.append("%s %s belongs to no seal" % (self.name, next(iter(self.next["fields"].values()))))

    def leaves(self, rows, binary):
        computed = []
        for row in rows:
            leaf = binary_leaf(self.name, row["fields"]) if binary else digest(0, self.name, row["fields"].values())
            if row["leaf"] is not None and row["leaf"] != leaf.hex():
                faults.append("%s %s was altered" % (self.name, next(iter(row["fields"].values()))))
            computed.append(leaf)
        return computed


def check_sums():
    with open(os.path.join(HERE, "SHA256SUMS"), encoding="utf-8") as sums:
        for line in sums:
            expected, name = line.rstrip("\n").split("  ", 1)
            actual = hashlib.sha256()
            with open(os.path.join(HERE, name), "rb") as data:
                for block in iter(lambda: data.read(1 << 20), b""):
                    actual.update(block)
            if actual.hexdigest() != expected:
                faults.append("%s is not the file that was exported" % name)


def read_anchors(arguments):
    anchors = {}
    for path in arguments:
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    number, value, moment = line.split()
                    anchors.setdefault(int(number), []).append((value, moment))
    if arguments and not anchors:
        print("no anchor in %s: expected lines of a number, 64 hex digits and a time" % ", ".join(arguments), file=sys.stderr)
        sys.exit(65)
    return anchors


def check_evidence(attempts, leaves, outcomes):
    made = {}
    for attempt, leaf in zip(attempts, leaves):
        for change in attempt["fields"]["change_ids"].split(" "):
            made.setdefault(change, []).append(leaf)
    for outcome in outcomes:
        own = made.get(outcome["fields"]["change_id"])
        evidence = hashlib.sha256(b"".join(own)).hexdigest() if own else None
        if evidence != outcome["fields"]["evidence"]:
            faults.append("outcome %s does not rest on the attempts that are there" % outcome["fields"]["outcome_id"])


def main():
    check_sums()
    anchors = read_anchors(sys.argv[1:])
    tables = {name: Rows(name) for name in ("seal", "attempt", "outcome", "run", "run_end", "event")}
    records = {"run-opened": "run", "run-closed": "run_end", "event": "event"}
    heads = {}
    closed = set()
    seals = outcomes_seen = compared = 0
    while tables["seal"].next is not None:
        row = tables["seal"].next
        tables["seal"].advance()
        seal = row["fields"]
        name = "seal %s (%s, number %s)" % (seal["seal_id"], seal["chain"], seal["number"])
        seals += 1
        if digest(2, "seal", seal.values()).hex() != row["leaf"]:
            faults.append(name + " was altered")

        if seal["chain"] != "journal" and seal["run_id"] in closed:
            faults.append("%s was inserted: run %s had its end before it" % (name, seal["run_id"]))
        last = heads.get(seal["chain"])
        if last is None and seal["chain"] != "journal":
            last = (0, "0" * 64)
        if last is not None and int(seal["number"]) != last[0] + 1:
            faults.append("%s follows number %d: what was between is missing" % (name, last[0]))
        elif last is not None and seal["previous"] != last[1]:
            faults.append(name + " does not continue the seal before it")
        heads[seal["chain"]] = (int(seal["number"]), row["leaf"])

        for value, moment in anchors.get(int(seal["number"]), ()) if seal["chain"] == "journal" else ():
            compared += 1
            if value != row["leaf"]:
                faults.append("%s is not what the anchor of %s says" % (name, moment))

        if seal["kind"] in records:
            table = tables[records[seal["kind"]]]
            leaves = table.leaves(table.under(row["seal"]), False)
            if seal["kind"] == "run-closed":
                chains = sorted(c for c in heads if c.startswith("run %s/" % seal["run_id"]))
                leaves += [digest(0, "head", (c, str(heads[c][0]), heads[c][1])) for c in chains]
                for chain in chains:
                    del heads[chain]
                closed.add(seal["run_id"])
        else:
            attempts = tables["attempt"].under(row["seal"])
            outcomes = tables["outcome"].under(row["seal"])
            outcomes_seen += len(outcomes)
            for kind, found in (("attempts", attempts), ("outcomes", outcomes)):
                if len(found) != int(seal[kind]):
                    faults.append("%s covers %s %s, %d are there" % (name, seal[kind], kind, len(found)))
            attempt_leaves = tables["attempt"].leaves(attempts, True)
            leaves = attempt_leaves + tables["outcome"].leaves(outcomes, True)
            check_evidence(attempts, attempt_leaves, outcomes)
        if merkle_root(leaves).hex() != seal["root"]:
            faults.append(name + " does not match its rows")
    for table in tables.values():
        while table.next is not None:
            table.stray()
            table.advance()

    for fault in faults[:20]:
        print("BROKEN: " + fault)
    print("%s: %d seals, %d outcomes" % ("sound" if not faults else "%d faults" % len(faults), seals, outcomes_seen))
    if anchors:
        given = sum(map(len, anchors.values()))
        print("anchors: %d of %d name seals of this pack and were compared" % (compared, given))
    return 9 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
