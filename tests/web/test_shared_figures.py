"""Figures that centres share: what was agreed to, beside one's own, with what they rest on, and nothing else."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlmodel import select

from app.actions.metrics.planned import Given
from app.models import Consent
from tests import cast as casting
from tests.actions.upgrades.versions import newer, upgraded, uploaded
from tests.api.conftest import Programs
from tests.cast import NAMES, PLAYBOOK
from tests.measuring import LATER, LIVE_WEEK, of_week, read, read_all, sign
from tests.web.conftest import Site

SHARED = "/rollouts/two-sites/shared"
BIRCH = "/rollouts/two-sites/locations/birch/sharing"
NEIGHBOURS = "/rollouts/two-sites/neighbours"
CANARY = "canary-birch-91ac"
FIGURES = """\
metrics:
  money:
    title: Money
    owner: champion
    better: lower
    baseline: {due: week 2 fri}
    metrics:
      ar-days: {title: Days in receivables, unit: days, target: {value: 35, by: cutover + 90d}}
      denials: {title: Claim denials, unit: "%"}
      booking: {title: Minutes to book, unit: minutes, target: {value: 4, by: undated}}
  productivity:
    title: Productivity
    owner: champion
    better: higher
    basis: {rvu-year: {title: Year of the RVU table, answer: {type: number}}}
    metrics:
      hours: {title: Hours, unit: hours}
      values: {title: Work RVU, unit: RVU}
      index: {title: Productivity index, unit: RVU an hour, formula: values / hours}
"""
SHARING = """\
sharing:
  money: {title: What billing shows, consent: champion, metrics: [ar-days]}
  index-view: {title: Productivity on one basis, consent: champion, metrics: [index, booking]}
"""
BOOK = PLAYBOOK + FIGURES + SHARING
MORE = newer(("metrics: [ar-days]", "metrics: [ar-days, denials]"), of=BOOK)
MEASURED_ANEW = newer(
    ("title: Minutes to book, unit: minutes,", "title: Minutes to book, unit: minutes, definition: 2,"), of=BOOK
)
BEFORE = {"ar-days": 45, "denials": 8, "booking": 9}


@pytest.fixture
def measured(bare_site: Site) -> Site:
    """Both centres have signed their baseline and are live in their third week; Birch has a canary in every text."""
    bare_site.cast = cast = casting.running(bare_site.database, BOOK)
    bare_site.now = LATER
    with bare_site.database.writing() as session:
        for place in ("alder", "birch"):
            figures = [of_week(metric, value, location=place) for metric, value in BEFORE.items()]
            read_all(session, cast, figures)
            sign(session, cast, place, "dir")
        read_all(session, cast, [live("ar-days", 40), live("booking", 8), *productivity("alder", 2026)], now=LATER)
        there = [live("ar-days", "36.5", "birch"), live("denials", "6.25", "birch"), *productivity("birch", 2025)]
        read_all(session, cast, there, now=LATER)
        corrected = live("ar-days", 36, "birch", note=CANARY, reason=CANARY)
        read(session, cast, corrected, "dir", now=LATER)
    return bare_site


def live(metric: str, value: Any, place: str = "alder", **more: Any) -> Given:
    return of_week(metric, value, LIVE_WEEK, place, **more)


def productivity(place: str, year: int) -> list[Given]:
    values = {"hours": 100, "values": 2_000 if place == "alder" else 2_500}
    return [live(metric, value, place, basis={"rvu-year": year}) for metric, value in values.items()]


def words(html: str) -> str:
    """What the main part of a page says up to what the reader's own centre shares, without marks."""
    main = html.split('<header class="lead')[1].split('id="own-')[0].split(">", 1)[1].rsplit("<", 1)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).replace("\u00a0", " ").split())


def agree(site: Site, entry: str = "money", who: str = "chB", place: str = "birch") -> None:
    answer = site.client(who).post(f"/rollouts/two-sites/locations/{place}/sharing/{entry}/consent")
    assert answer.status_code == 303, answer.text


def test_no_figure_is_seen_before_somebody_agrees(measured: Site) -> None:
    page = measured.client("chA").get(SHARED)
    assert page.status_code == 200
    assert "No other centre shares anything with yours yet." in page.text
    assert "Birch" not in page.text and "Figures beside yours" not in page.text


def test_a_centre_is_told_exactly_what_the_others_will_see(measured: Site) -> None:
    text = measured.client("chB").get(SHARED).text
    assert "Days in receivables (days)" in text
    assert "Productivity index (RVU an hour), Minutes to book (minutes)" in text
    assert (
        "the latest figure with its days, the signed baseline, the change since, the target, and the definition" in text
    )
    assert "Claim denials" not in text and "how this stands and when it is due" not in text


def test_the_named_figures_stand_beside_ones_own_and_nothing_else(measured: Site) -> None:
    agree(measured)
    page = measured.client("chA").get(SHARED).text
    assert words(page) == (
        "Birch lets you see some of its figures. How work stands and when it is due, and of figures the"
        " latest, the baseline and the target; no text, file or name goes along. Birch What billing shows. Figures,"
        " beside yours below : Days in receivables. Figures beside yours Days in receivables Centre Latest Days"
        " Baseline Change since Target"
        " Alder (yours) Latest 40 days Days week of 8 February 2027 Baseline 45 days"
        " Change since −5 days (−11.1 %), better Target 35 days, by 10 May 2027"
        " Birch Latest 36 days Days week of 8 February 2027 Baseline 45 days"
        " Change since −9 days (−20 %), better Target 35 days, by 10 May 2027"
    )  # fmt: skip
    assert CANARY not in page and "36.5" not in page and "6.25" not in page
    assert [name for name in NAMES.values() if name in words(page)] == []


def test_what_rests_on_something_else_is_not_to_be_compared(measured: Site) -> None:
    agree(measured, "index-view")
    text = words(measured.client("chA").get(SHARED).text)
    assert "Alder (yours) Latest 20 RVU an hour" in text and "Birch Latest 25 RVU an hour" in text
    assert "Based on Definition 1; Year of the RVU table: 2025" in text
    assert "Birch and Alder: do not compare. Year of the RVU table: 2025 there, 2026 here." in text
    before = "Birch Latest 9 minutes Days week of 21 December 2026 Baseline 9 minutes Change since –"
    assert f"{before} Target 4 minutes, no date set" in text


def test_another_definition_is_told(measured: Site) -> None:
    agree(measured, "index-view")
    upgraded(
        measured.database, measured.cast, uploaded(measured.database, measured.cast, MEASURED_ANEW), "birch", now=LATER
    )
    with measured.database.writing() as session:
        read(session, measured.cast, live("booking", 7, "birch"), "dir", now=LATER)
    text = words(measured.client("chA").get(SHARED).text)
    assert "Birch Latest 7 minutes Days week of 8 February 2027 Baseline not signed yet Change since –" in text
    assert "Birch and Alder: do not compare. Definition 2 there, 1 here." in text


def test_the_others_see_nothing_of_a_centre_that_only_looks(measured: Site) -> None:
    agree(measured)
    assert "Alder" not in words(measured.client("chB").get(SHARED).text)
    for who in ("dir", "itl", "exe"):
        text = measured.client(who).get(SHARED).text
        assert "Figures beside yours" not in text and "/consent" not in text
    assert measured.client("ch0").get(SHARED).status_code == 404


def test_the_api_tells_the_same_and_no_more(measured: Site) -> None:
    programs = Programs(measured)
    assert programs("chA").get(NEIGHBOURS).json() == {"locations": []}
    agree(measured)
    (birch,) = programs("chA").get(NEIGHBOURS).json()["locations"]
    assert birch == {
        "name": "Birch",
        "shares": [{"title": "What billing shows", "parts": [], "figures": [{
            "metric": "ar-days", "title": "Days in receivables", "unit": "days", "definition": 1, "value": 36.0,
            "first": "2027-02-08", "last": "2027-02-14", "baseline": 45.0, "change": -9.0, "change_percent": -20.0,
            "target": 35.0, "target_by": "2027-05-10", "basis": {}, "differs": {},
        }]}],
    }  # fmt: skip
    offered = programs("chB").get("/rollouts/two-sites/sharing").json()["items"]
    assert [(one["sharing"], one["names"], one["figures"], one["more"]) for one in offered] == [
        ("money", [], ["Days in receivables (days)"], False),
        ("index-view", [], ["Productivity index (RVU an hour)", "Minutes to book (minutes)"], False),
    ]
    assert measured.client("chB").post(f"{BIRCH}/money/withdrawal").status_code == 303
    assert programs("chA").get(NEIGHBOURS).json() == {"locations": []}


def test_withdrawn_it_is_gone_at_the_next_look(measured: Site) -> None:
    agree(measured)
    assert "36 days" in words(measured.client("chA").get(SHARED).text)
    assert measured.client("chB").post(f"{BIRCH}/money/withdrawal").status_code == 303
    text = measured.client("chA").get(SHARED).text
    assert "Birch" not in text and "Figures beside yours" not in text


def test_a_newer_version_that_names_more_shows_no_more_until_agreed_anew(measured: Site) -> None:
    agree(measured)
    shown = re.findall(r'name="shown" value="([^"]+)"', measured.client("chA").get(SHARED).text)[0]
    to = uploaded(measured.database, measured.cast, MORE)
    upgraded(measured.database, measured.cast, to, now=LATER)
    assert "Claim denials" not in words(measured.client("chA").get(SHARED).text)
    own = measured.client("chB").get(SHARED).text
    assert "nobody sees it until it is agreed to anew: Claim denials (%)." in own
    stale = measured.client("chA").post(
        "/rollouts/two-sites/locations/alder/sharing/money/consent", data={"shown": shown}
    )
    assert stale.status_code == 409
    agree(measured)
    text = words(measured.client("chA").get(SHARED).text)
    assert (
        "Birch Latest 6.25 % Days week of 8 February 2027 Baseline 8 % Change since −1.75 points (−21.9 %), better"
        in text
    )


def test_the_pages_of_a_centres_figures_stay_its_own_whatever_it_shares(measured: Site) -> None:
    agree(measured)
    for page in ("figures", "figures/ar-days", "figures/denials", "return"):
        assert measured.client("chB").get(f"/rollouts/two-sites/locations/birch/{page}").status_code == 200
        assert measured.client("chA").get(f"/rollouts/two-sites/locations/birch/{page}").status_code == 404


def test_what_was_agreed_to_before_figures_were_shared_covers_none(measured: Site) -> None:
    agree(measured)
    with measured.database.writing() as session:
        row = session.exec(select(Consent)).one()
        row.covers = {"tasks": [], "workstreams": []}
        session.add(row)
    assert "Birch" not in measured.client("chA").get(SHARED).text
    agree(measured)
    assert "36 days" in words(measured.client("chA").get(SHARED).text)
