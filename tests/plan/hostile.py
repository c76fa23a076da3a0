"""Files that nobody writes by mistake: bombs, broken bytes, broken YAML, figures beyond reason.

They are made here rather than kept, because most are huge or not text. Each comes with the verdict that the
checker owes it, in under a second and without an exception.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["refused", "accepted"]
Row = tuple[str, Callable[[], bytes], Verdict, str]

HEAD = """\
muster: 1
id: new-rota
title: A new rota
version: "1.0"
length: 8w
calendar: {zone: Europe/Berlin}
roles: {lead: Project lead}
"""
TASK = "tasks: {fees: {title: Agree the fees, owner: lead, due: week 2 fri}}\n"
WHOLE = HEAD + TASK


@dataclass(frozen=True)
class Hostile:
    """A producer of bytes; one of `ids` is among the errors of a refused one, unless any will do (empty)."""

    name: str
    make: Callable[[], bytes]
    verdict: Verdict
    ids: frozenset[str]


def text(source: str) -> Callable[[], bytes]:
    return lambda: source.encode()


def task(row: str) -> Callable[[], bytes]:
    """The sound playbook with another row in braces for its only task."""
    return text(HEAD + "tasks:\n  fees: {" + row + "}\n")


def titled(title: str) -> Callable[[], bytes]:
    return task(f"title: {title}, owner: lead, due: week 2 fri")


def asked(answer: str) -> Callable[[], bytes]:
    return task(f"title: Fees, owner: lead, due: week 2 fri, answer: {answer}")


def with_head(old: str, new: str) -> Callable[[], bytes]:
    assert old in WHOLE
    return text(WHOLE.replace(old, new))


def alias_bomb() -> bytes:
    rows = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    return ("\n".join(rows) + "\n" + WHOLE).encode()


def merge_bomb() -> bytes:
    """Under 500 bytes that make 2^24 keys of a loader that merges."""
    rows = ["a0: &a0 {k: 1}"]
    rows += [f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}" for n in range(1, 15)]
    return "\n".join(rows).encode()


def block_nest(depth: int) -> bytes:
    """Keys in keys, one blank deeper each; 1,000 of them just fit into 512 kB."""
    return "".join(" " * level + "a:\n" for level in range(depth)).encode()


def wide_tasks(count: int) -> bytes:
    rows = (f"  t{n}: {{title: Task {n}, owner: lead, due: week 2 fri}}\n" for n in range(count))
    return (HEAD + "tasks:\n" + "".join(rows)).encode()


def many_values(count: int) -> bytes:
    return (WHOLE + "summary: [" + "1," * count + "]\n").encode()


def padded(size: int) -> bytes:
    comment = "# " + "x" * 97 + "\n"
    body = WHOLE + comment * (size // len(comment) + 1)
    return body.encode()[: size - 1] + b"\n"


def chain(count: int) -> bytes:
    """Each task waits for the one before it: deep for whoever walks links by recursion."""
    rows = ["  t0: {title: Task, owner: lead, due: week 2 fri}\n"]
    rows += [f"  t{n}: {{title: Task, owner: lead, due: week 2 fri, after: t{n - 1}}}\n" for n in range(1, count)]
    return (HEAD + "tasks:\n" + "".join(rows)).encode()


def ring(count: int) -> bytes:
    return chain(count).replace(b"due: week 2 fri}", f"due: week 2 fri, after: t{count - 1}}}".encode(), 1)


def dated_by_each_other(count: int) -> bytes:
    rows = ["  t0: {title: Task, owner: lead, due: start}\n"]
    rows += [f"  t{n}: {{title: Task, owner: lead, due: t{n - 1} + 0d}}\n" for n in range(1, count)]
    return (HEAD + "tasks:\n" + "".join(rows)).replace("+ 0d", "+ 1d").encode()


def everything_waits_for_everything(count: int) -> bytes:
    """Two layers in which each of the second waits for all of the first."""
    first = ", ".join(f"a{n}" for n in range(count))
    rows = [f"  a{n}: {{title: Task, owner: lead, due: week 2 fri}}\n" for n in range(count)]
    rows += [f"  b{n}: {{title: Task, owner: lead, due: week 3 fri, after: [{first}]}}\n" for n in range(count)]
    return (HEAD + "tasks:\n" + "".join(rows)).encode()


def formula_nest(depth: int) -> bytes:
    formula = "( " * depth + "a" + " )" * depth
    metrics = f"metrics:\n  a: {{title: A, owner: lead}}\n  b: {{title: B, owner: lead, formula: {formula}}}\n"
    return (WHOLE + metrics).encode()


def _bytes() -> Iterator[Row]:
    yield "empty file", lambda: b"", "refused", ""
    yield "only blanks", lambda: b" \n\n \n", "refused", ""
    yield "only comments", lambda: b"# a plan\n# to come\n", "refused", ""
    yield "only three dashes", lambda: b"---\n", "refused", ""
    yield "NUL in a value", lambda: WHOLE.replace("Agree", "Ag\0ree").encode(), "refused", ""
    yield "NUL at the end", lambda: WHOLE.encode() + b"\0" * 100, "refused", ""
    yield "nothing but NUL", lambda: b"\0" * 1000, "refused", ""
    yield "UTF-16 with a mark", lambda: WHOLE.encode("utf-16"), "refused", ""
    yield "UTF-16 without a mark", lambda: WHOLE.encode("utf-16-le"), "refused", ""
    yield "UTF-32", lambda: WHOLE.encode("utf-32"), "refused", ""
    yield "invalid UTF-8", lambda: WHOLE.encode().replace(b"Agree", b"Agr\xe9e"), "refused", ""
    yield "cut UTF-8", lambda: WHOLE.encode() + b"# \xf0\x9f\x91", "refused", ""
    yield "overlong UTF-8", lambda: WHOLE.encode().replace(b"Agree", b"\xc0\xafgree"), "refused", ""
    yield "surrogate in UTF-8", lambda: WHOLE.encode().replace(b"Agree", b"\xed\xa0\x80gree"), "refused", ""
    yield "byte order mark", lambda: b"\xef\xbb\xbf" + WHOLE.encode(), "accepted", ""
    yield "two byte order marks", lambda: b"\xef\xbb\xbf" * 2 + WHOLE.encode(), "refused", ""
    yield "mark in the middle of a key", lambda: WHOLE.replace("owner", "ow\ufeffner").encode(), "refused", ""
    yield "all bytes", lambda: bytes(range(256)) * 100, "refused", ""
    yield "a picture", lambda: b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(1000), "refused", ""
    yield "a zip", lambda: b"PK\x03\x04\x14\0\0\0\x08\0" + b"\xff\xfe\xfd" * 300, "refused", ""
    yield "Windows line ends", lambda: WHOLE.replace("\n", "\r\n").encode(), "accepted", ""
    yield "old Mac line ends", lambda: WHOLE.replace("\n", "\r").encode(), "accepted", ""
    yield "no line end at all", lambda: WHOLE.rstrip("\n").encode(), "accepted", ""
    yield "C1 control", lambda: WHOLE.replace("Agree", "Ag\x9bree").encode(), "refused", ""
    yield "delete character", lambda: WHOLE.replace("Agree", "Ag\x7free").encode(), "refused", ""


def _sizes() -> Iterator[Row]:
    yield "512 kB, all but comments", lambda: padded(512_000), "accepted", ""
    yield "600 kB", lambda: padded(600_000), "refused", "F1"
    yield "5 MB", lambda: padded(5_000_000), "refused", "F1"
    yield "50,001 values", lambda: many_values(50_001), "refused", "F1"
    yield "200,000 values", lambda: many_values(200_000), "refused", "F1"
    yield "3,000 tasks", lambda: wide_tasks(3_000), "accepted", ""
    yield "100,000 open brackets", lambda: b"[" * 100_000, "refused", ""
    yield "100,000 brackets, closed", lambda: b"[" * 100_000 + b"]" * 100_000, "refused", "F1"
    yield "100,000 open braces", lambda: b"{a: " * 100_000, "refused", ""
    yield "brackets under a key", lambda: (WHOLE + "sources: " + "[" * 5_000 + "]" * 5_000).encode(), "refused", "F1"
    yield "1,000 block levels", lambda: block_nest(1_000), "refused", "F1"
    yield "20,000 dashes in a row", lambda: b"- " * 20_000 + b"x\n", "refused", "F1"
    yield "20,000 question marks", lambda: b"? " * 20_000 + b"x\n", "refused", ""
    yield "nine to the twelfth by aliases", alias_bomb, "refused", "F3"
    yield "two to the fourteenth by merge keys", merge_bomb, "refused", "F3"
    yield "text of 100,000 letters", titled('"' + "x" * 100_000 + '"'), "refused", "F15"
    yield "key of 100,000 letters", text(HEAD + '? "' + "x" * 100_000 + '"\n: x\n' + TASK), "refused", ""
    yield "one line of 400,000 letters", lambda: (HEAD + "tasks: {" + "fees, " * 66_000 + "}").encode(), "refused", ""
    yield "80,000 blank lines", lambda: WHOLE.replace("\n", "\n" * 10_000).encode(), "accepted", ""
    yield "a word of 60,000 hyphens", titled("x" + "-" * 60_000), "refused", "F15"
    yield "a date of 10,000 offsets", task(f"title: Fees, owner: lead, due: start{' + 9mo' * 10_000}"), "refused", ""
    yield "a chain of 2,000 tasks", lambda: chain(2_000), "accepted", ""
    yield "a ring of 2,000 tasks", lambda: ring(2_000), "refused", "T9"
    yield "dates that lean on dates, 1,000 deep", lambda: dated_by_each_other(1_000), "accepted", ""
    yield "200 times 200 links", lambda: everything_waits_for_everything(200), "accepted", ""
    yield "formula 5,000 deep", lambda: formula_nest(5_000), "refused", ""
    yield "condition 5,000 deep", task("title: F, owner: lead, due: start, where: " + "{not: " * 5_000), "refused", ""


def _yaml() -> Iterator[Row]:
    yield "object tag", titled("!!python/object/apply:os.system [echo]"), "refused", ""
    yield "name tag", titled("!!python/name:os.system x"), "refused", "F3"
    yield "own tag", titled("!secret x"), "refused", "F3"
    yield "binary tag", titled("!!binary aGVsbG8="), "refused", "F3"
    yield "verbatim tag", titled("!<tag:yaml.org,2002:str> x"), "refused", "F3"
    yield "tag on the root", text("!!map\n" + WHOLE), "refused", "F3"
    yield "set tag", text(HEAD + "tasks: !!set {fees}\n"), "refused", ""
    yield "anchor nobody uses", titled("&a Fees"), "refused", "F3"
    yield "anchor on a key", text(HEAD + "&k tasks: {fees: {title: Fees, owner: lead, due: start}}\n"), "refused", "F3"
    yield "alias to nothing", titled("*nothing"), "refused", ""
    yield "alias to itself", text(HEAD + "tasks: &t {fees: *t}\n"), "refused", ""
    yield "alias as a key", text("x: &x muster\n*x : 1\n" + WHOLE), "refused", ""
    yield "list as a key", text(WHOLE + "[a, b]: c\n"), "refused", "F4"
    yield "mapping as a key", text(WHOLE + "{a: b}: c\n"), "refused", "F4"
    yield "null as a key", text(WHOLE + "~: c\n"), "refused", "F4"
    yield "empty key", text(WHOLE + '"": c\n'), "refused", ""
    yield "key without text", text(WHOLE + ": c\n"), "refused", ""
    yield "unterminated double quote", titled('"Agree'), "refused", ""
    yield "unterminated single quote", titled("'Agree"), "refused", ""
    yield "unterminated row", text(HEAD + "tasks: {fees: {title: Fees"), "refused", ""
    yield "closing without opening", text(WHOLE + "}\n"), "refused", ""
    yield "tab as indentation", text(HEAD + "tasks:\n\tfees:\n\t\ttitle: Fees\n"), "refused", ""
    yield "indentation that does not fit", text(HEAD + "tasks:\n    fees:\n      how: x\n   why: y\n"), "refused", ""
    yield "two values in a row", text(WHOLE + "summary: one: two\n"), "refused", ""
    yield "unknown escape", titled('"\\q"'), "refused", ""
    yield "lone surrogate", titled('"\\ud800"'), "refused", ""
    yield "swapped surrogates", titled('"\\udc00\\ud800"'), "refused", ""
    yield "escape beyond Unicode", titled('"\\UFFFFFFFF"'), "refused", ""
    yield "escaped NUL", titled('"a\\0b"'), "refused", "F12"
    yield "escaped line separator", titled('"a\\Lb"'), "refused", "F12"
    yield "YAML 9.9", text("%YAML 9.9\n---\n" + WHOLE), "refused", ""
    yield "two YAML directives", text("%YAML 1.1\n%YAML 1.1\n---\n" + WHOLE), "refused", ""
    yield "tag directive", text("%TAG !m! tag:x.org,2000:\n---\n" + WHOLE.replace("Agree", "!m!x Agree")), "refused", ""
    yield "second document", text(WHOLE + "---\n" + WHOLE), "refused", "F2"
    yield "a thousand documents", text(WHOLE + "---\na\n" * 1_000), "refused", "F2"
    yield "root is a list", text("- " + WHOLE.replace("\n", "\n  ")), "refused", ""
    yield "root is a word", text("hello\n"), "refused", ""
    yield "root is a number", text("1\n"), "refused", ""
    yield "root is null", text("~\n"), "refused", ""
    yield "JSON", text('{"muster": 1, "id": "x"}'), "refused", ""
    yield "same key at two depths", text(WHOLE + "calendar: {zone: UTC, hours: {mon: a, mon: b}}\n"), "refused", ""
    yield "key twice, once quoted", text(WHOLE + '"title": Again\n'), "refused", "F5"
    yield "key twice, once escaped", text(WHOLE + '"\\u0074itle": Again\n'), "refused", "F5"
    yield "block text without text", text(WHOLE + "summary: |\n"), "refused", ""
    yield "block text, indented by 9", text(WHOLE + "summary: |9\n  x\n"), "refused", ""
    yield "block text, indented by 0", text(WHOLE + "summary: |0\n  x\n"), "refused", ""


def _values() -> Iterator[Row]:
    yield "format of 400 digits", with_head("muster: 1", "muster: " + "1" * 400), "refused", ""
    yield "format of 5,000 digits", with_head("muster: 1", "muster: " + "1" * 5_000), "refused", ""
    yield "format as text", with_head("muster: 1", 'muster: "1"'), "refused", "F14"
    yield "format as a fraction", with_head("muster: 1", "muster: 1.0"), "refused", ""
    yield "format true", with_head("muster: 1", "muster: true"), "refused", "F14"
    yield "length of 20 digits", with_head("8w", "99999999999999999999w"), "refused", ""
    yield "length of no week", with_head("8w", "0w"), "refused", ""
    yield "week of 5,000 digits", task(f"title: F, owner: lead, due: week {'9' * 5_000}"), "refused", ""
    yield "offset beyond the calendar", task("title: F, owner: lead, due: start + 99999999mo"), "refused", ""
    yield "offset before the calendar", task("title: F, owner: lead, due: start - 99999999999d"), "refused", ""
    yield "open days beyond counting", task("title: F, owner: lead, due: start + 999999999wd"), "refused", ""
    yield "duration of 20 digits", task(f"title: F, owner: lead, due: start, takes: {'9' * 20}h"), "refused", ""
    yield "year 0", task("title: F, owner: lead, due: 0000-01-01"), "refused", ""
    yield "30 February", task("title: F, owner: lead, due: 2027-02-30"), "refused", "D1"
    yield "leap second", task("title: F, owner: lead, due: week 2 fri 23:59:60"), "refused", ""
    yield "time stamp", task("title: F, owner: lead, due: 2027-02-03T04:05:06Z"), "refused", "D1"
    yield "not a number", asked("{type: number, pass: .nan}"), "refused", ""
    yield "infinity", asked("{type: number, pass: .inf}"), "refused", ""
    yield "1e999", asked("{type: number, pass: 1e999}"), "refused", ""
    yield "at least 1e999", asked("{type: number, pass: at least 1e999}"), "refused", ""
    yield "digits of another alphabet", task("title: F, owner: lead, due: week ２ fri"), "refused", "D1"
    yield "letters of another alphabet", text(HEAD + "tasks: {fеes: {owner: lead, due: start}}\n"), "refused", "I1"
    yield "hexadecimal", task("title: F, owner: lead, due: start, each: 0x10"), "refused", ""
    yield "underscored number", asked("{type: number, pass: 1_000}"), "refused", ""
    yield "null", task("title: F, owner: ~, due: start"), "refused", ""
    yield "zone by a path", with_head("Europe/Berlin", "../../etc/passwd"), "refused", "D9"
    yield "zone is a folder", with_head("Europe/Berlin", "America"), "refused", "D9"
    yield "zone of deep folder", with_head("Europe/Berlin", "America/Argentina"), "refused", "D9"
    yield "zone by an absolute path", with_head("Europe/Berlin", "/etc/localtime"), "refused", "D9"
    yield "zone with a NUL", with_head("Europe/Berlin", '"UTC\\0"'), "refused", ""
    yield "link that runs", task('title: F, owner: lead, due: start, links: ["javascript:alert(1)"]'), "refused", "F15"
    yield "link to a file", task('title: F, owner: lead, due: start, links: ["file:///etc/passwd"]'), "refused", "F15"
    yield "dunder key", task("title: F, owner: lead, due: start, __class__: x"), "refused", "F11"
    yield "dunder id", text(HEAD + "tasks: {__proto__: {title: F, owner: lead, due: start}}\n"), "refused", "I1"
    yield "braces in a title", titled("'{{ 7*7 }} {% raw %} ${x} <script>'"), "accepted", ""
    yield "a formula in a title", titled("'=cmd|x'"), "accepted", ""
    yield "right to left in a title", titled("תוכנית"), "accepted", ""
    yield "a word of 60 joined people", titled("'👩‍👩‍👧‍👦👩‍👩‍👧‍👦'"), "accepted", ""
    yield "100 unknown keys", text(WHOLE + "".join(f"key{n}: x\n" for n in range(100))), "refused", "F11"


def corpus() -> list[Hostile]:
    """All hostile files, in the order of their kinds."""
    rows = [*_bytes(), *_sizes(), *_yaml(), *_values()]
    return [Hostile(name, make, verdict, frozenset(ids.split())) for name, make, verdict, ids in rows]
