"""Write tests/golden/ray-medical-2027.csv anew, on purpose: `.venv/bin/python -m tests.golden.renew`.

Read the difference before it is committed: every changed line is a date that changed for somebody.
"""

from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from app.cli import cli

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = Path(__file__).with_name("ray-medical-2027.csv")
START = "2027-01-04"


def dates() -> str:
    """All dates of the shipped playbook at its four example locations, as `muster plan --csv` prints them."""
    playbook, places = ROOT / "playbooks/ray-medical.yaml", ROOT / "playbooks/locations-example.yaml"
    done = CliRunner().invoke(cli, ["plan", str(playbook), "--start", START, "--locations", str(places), "--csv"])
    assert done.exit_code == 0, done.output
    return done.stdout


if __name__ == "__main__":
    GOLDEN.write_text(dates(), encoding="utf-8")
