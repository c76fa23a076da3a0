"""The command line: what it prints, where it points, and with which exit code it ends."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from typer.testing import CliRunner, Result

from app.cli import cli
from tests.house.tree import ROOT
from tests.plan.corpus import BROKEN, VALID
from tests.plan.hostile import WHOLE

RAY = ROOT / "playbooks/ray-medical.yaml"
SHIPPED = [RAY, ROOT / "playbooks/group-collaboration.yaml"]
PLACES = ROOT / "playbooks/locations-example.yaml"
PLACE = re.compile(r"(?P<file>[^:]+):(?P<line>[1-9]\d*):(?P<column>[1-9]\d*): (?P<id>[A-Z]\d+) (?P<say>.+)")
SUMMARY = re.compile(r"[^:]+: (no|\d+) errors?, (no|\d+) warnings?, (no|\d+) notes?( and \d+ more, .+)?")


def muster(*words: object) -> Result:
    return CliRunner().invoke(cli, [str(word) for word in words])


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    path = tmp_path / "broken.yaml"
    path.write_text(WHOLE.replace("owner: lead", "owner: led").replace("week 2 fri", "week 99"))
    return path


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    path = tmp_path / "warned.yaml"
    path.write_text(WHOLE.replace(", due: week 2 fri", ""))
    return path


# -- check ---------------------------------------------------------------------------------------------------------


def test_a_sound_file_ends_with_0(tmp_path: Path) -> None:
    path = tmp_path / "sound.yaml"
    path.write_text(WHOLE)
    done = muster("check", path)
    assert (done.exit_code, done.stdout) == (0, f"{path}: no errors, no warnings, no notes\n")


def test_errors_end_with_1_and_stand_as_file_line_column_and_rule(broken: Path) -> None:
    done = muster("check", broken)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert lines[0] == "Errors"
    assert [line.split(": ")[0] for line in lines[1:3]] == [f"{broken}:8:46", f"{broken}:8:56"]
    assert [PLACE.fullmatch(line)["id"] for line in lines[1:3]] == ["W1", "D5"]  # type: ignore[index]
    assert "did you mean `lead`?" in lines[1]
    assert lines[-1].startswith(f"{broken}: 2 errors, no warnings, ")


def test_warnings_alone_end_with_0(warned: Path) -> None:
    done = muster("check", warned)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "Warnings"
    assert done.stdout.splitlines()[-1] == f"{warned}: no errors, 1 warning, no notes"


def test_several_files_are_judged_each_and_one_error_decides(broken: Path, warned: Path) -> None:
    done = muster("check", warned, broken)
    assert done.exit_code == 1
    assert [line.split(":")[0] for line in done.stdout.splitlines() if SUMMARY.fullmatch(line)] == [
        str(warned),
        str(broken),
    ]


def test_json_says_the_same(broken: Path, warned: Path) -> None:
    done = muster("check", "--json", broken, warned)
    told = json.loads(done.stdout)
    assert (done.exit_code, told["ok"]) == (1, False)
    assert [(file["file"], file["ok"], file["more"]) for file in told["files"]] == [
        (str(broken), False, 0),
        (str(warned), True, 0),
    ]
    [first, *_] = told["files"][0]["errors"]
    assert {**first, "message": ""} == {"id": "W1", "line": 8, "column": 46, "path": "tasks.fees.owner", "message": ""}
    assert [problem["id"] for problem in told["files"][1]["warnings"]] == ["T2"]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_message_has_its_place_and_the_exit_code_fits(path: Path) -> None:
    done = muster("check", path)
    heads = ("Errors", "Warnings", "Notes")
    said = [line for line in done.stdout.splitlines() if line not in heads]
    assert SUMMARY.fullmatch(said[-1]), said[-1]
    assert said[:-1]
    for line in said[:-1]:
        found = PLACE.fullmatch(line)
        assert found, line
        assert found["file"] == str(path)
    assert done.exit_code == (1 if "Errors" in done.stdout else 0)
    assert done.stderr == ""


def test_a_hundred_mistakes_are_cut_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "many.yaml"
    path.write_text(WHOLE + "".join(f"key{n}: x\n" for n in range(100)))
    done = muster("check", path)
    assert len([line for line in done.stdout.splitlines() if PLACE.fullmatch(line)]) == 50
    assert done.stdout.splitlines()[-1].endswith(
        "50 errors, no warnings, no notes and 50 more, shown when these are mended"
    )


def test_a_file_that_is_not_there_ends_with_2_and_no_traceback(tmp_path: Path) -> None:
    for words in (("check", tmp_path / "none.yaml"), ("diff", tmp_path / "none.yaml", RAY)):
        done = muster(*words)
        assert (done.exit_code, done.stdout) == (2, "")
        assert done.stderr == f"{tmp_path / 'none.yaml'}: cannot be read: No such file or directory\n"


def test_a_folder_ends_with_2_and_no_traceback(tmp_path: Path) -> None:
    done = muster("check", tmp_path)
    assert (done.exit_code, done.stderr) == (2, f"{tmp_path}: cannot be read: Is a directory\n")


def test_a_huge_file_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(3_000_000_000)
    done = muster("check", path)
    assert done.exit_code == 1
    assert f"{path}:1:1: F1 " in done.stdout


def test_nothing_to_check_is_a_wrong_call() -> None:
    assert muster("check").exit_code == 2


# -- plan ----------------------------------------------------------------------------------------------------------


def planned(*words: object, start: str = "2027-01-04", places: Path = PLACES) -> Result:
    return muster("plan", RAY, "--start", start, "--locations", places, *words)


def test_a_plan_as_csv_has_four_columns() -> None:
    rows = list(csv.reader(planned("--csv").stdout.splitlines()))
    assert rows[0] == ["id", "location", "begins", "due"]
    assert {len(row) for row in rows} == {4}
    assert ["go-no-go", "alder-quay", "", "2027-02-05T17:30-06:00"] in rows


def test_a_plan_as_json_says_why() -> None:
    done = planned("--json")
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (told["start"], told["end"], told["cutovers"]["kestrel-ridge"]) == (
        "2027-01-04",
        "2027-04-25",
        "2027-03-01T07:00-05:00",
    )
    [vote] = [item for item in told["items"] if item["id"] == "go-no-go" and item["location"] == "alder-quay"]
    assert vote["why"] == ("1 working day before cutover at Alder Quay, Monday 8 February at 17:30: Friday 5 February.")
    assert vote["late_at"] == "2027-02-05T23:30+00:00"


def test_a_plan_as_a_table_is_in_the_order_of_its_dates() -> None:
    lines = planned().stdout.splitlines()
    due = [line.split()[0][:10] for line in lines[1:]]
    dates = [text for text in due if text != "undated"]
    assert lines[0].split() == ["Due", "Begins", "Where", "What", "Title"]
    assert dates == sorted(dates)
    assert due[len(dates) :] == ["undated"] * (len(due) - len(dates))


def test_what_is_to_settle_ends_with_1_and_is_told_beside_the_plan(tmp_path: Path) -> None:
    done = planned("--csv", start="2027-01-05")
    assert done.exit_code == 1
    assert done.stderr.startswith("To settle before the start: P2 ")
    assert done.stdout.startswith("id,location,begins,due\n")


@pytest.mark.parametrize("start", ["soon", "2027-02-30", "04.01.2027"])
def test_a_start_that_is_no_day_ends_with_2(start: str) -> None:
    done = planned(start=start)
    assert (done.exit_code, done.stdout) == (2, "")
    assert f"--start {start}: write a day as 2027-01-04" in done.stderr


def test_wrong_locations_are_told_with_their_place(tmp_path: Path) -> None:
    path = tmp_path / "places.yaml"
    path.write_text(
        "- {id: a, name: A, wave: pilto, attributes: {seting: urban}}\n- {id: a, name: B, wave: pilot, zone: Mars}\n"
    )
    done = planned(places=path)
    assert done.exit_code == 1
    found = [PLACE.fullmatch(line) for line in done.stderr.splitlines()]
    assert all(found), done.stderr
    assert [(m["line"], m["column"], m["id"]) for m in found if m] == [
        ("1", "26", "T6"),
        ("1", "46", "C1"),
        ("2", "8", "I2"),
        ("2", "39", "D9"),
    ]
    assert "did you mean `pilot`?" in done.stderr


def test_a_plan_of_a_broken_playbook_lists_its_mistakes(broken: Path) -> None:
    done = muster("plan", broken, "--start", "2027-01-04", "--locations", PLACES)
    assert (done.exit_code, done.stdout) == (1, "")
    assert f"{broken}:8:46: W1 " in done.stderr


def test_check_and_plan_need_no_database_and_no_web_server(tmp_path: Path) -> None:
    """In a process of its own: neither is even imported."""
    words = ["plan", str(RAY), "--start", "2027-01-04", "--locations", str(PLACES)]
    code = (
        "import sys; from typer.testing import CliRunner; from app.cli import cli; "
        f"done = CliRunner().invoke(cli, {words!r}); "
        "print(done.exit_code, sorted({'sqlalchemy', 'fastapi', 'psycopg', 'uvicorn'} & set(sys.modules)))"
    )
    env = {"MUSTER_DATABASE_URL": "sqlite:////nowhere/at/all.db", "PATH": "/usr/bin:/bin"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("0 []\n", "")


# -- diff ----------------------------------------------------------------------------------------------------------


def test_a_diff_names_the_kind_of_every_change(tmp_path: Path) -> None:
    old, new = tmp_path / "old.yaml", tmp_path / "new.yaml"
    old.write_text(WHOLE)
    new.write_text(
        WHOLE.replace("Agree the fees", "Fees agreed").replace("week 2 fri", "week 3 mon")
        + "milestones: {kick-off: {title: Kick-off, when: start}}\n"
    )
    done = muster("diff", old, new)
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "added: milestones kick-off (Kick-off)",
        "wording: tasks fees: title: Agree the fees -> Fees agreed",
        "date: tasks fees: due: week 2 fri -> week 3 mon",
        "3 changes",
    ]
    told = json.loads(muster("diff", "--json", old, new).stdout)
    assert [(change["kind"], change["entry"], change["key"]) for change in told["changes"]] == [
        ("added", "kick-off", ""),
        ("wording", "fees", "title"),
        ("date", "fees", "due"),
    ]


def test_the_same_file_has_no_changes() -> None:
    done = muster("diff", RAY, RAY)
    assert (done.exit_code, done.stdout) == (0, "no changes\n")


# -- schema --------------------------------------------------------------------------------------------------------

SCHEMA: dict[str, Any] = json.loads((ROOT / "playbooks/schema.json").read_text(encoding="utf-8"))


class AsText(yaml.SafeLoader):
    """Reads days as the text they are written in, as an editor does; true, false and figures as such."""


AsText.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":timestamp", ":merge"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def test_the_published_schema_is_the_one_printed() -> None:
    assert json.loads(muster("schema").stdout) == SCHEMA


def test_the_schema_is_valid_draft_7() -> None:
    assert SCHEMA["$schema"] == "http://json-schema.org/draft-07/schema#"
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", [*SHIPPED, *VALID], ids=lambda path: path.stem)
def test_a_sound_playbook_satisfies_the_schema(path: Path) -> None:
    errors = Draft7Validator(SCHEMA).iter_errors(yaml.load(path.read_text("utf-8"), AsText))
    assert [f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}" for error in errors] == []


@pytest.mark.parametrize("name", ["F11-section", "F13-no-length", "F14-scope", "F11-near-name", "F14-flag"])
def test_the_schema_refuses_what_an_editor_can_see(name: str) -> None:
    [path] = [path for path in BROKEN if path.stem == name]
    assert not Draft7Validator(SCHEMA).is_valid(yaml.load(path.read_text("utf-8"), AsText))
