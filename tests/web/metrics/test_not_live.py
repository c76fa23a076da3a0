"""A centre that is not live yet has a baseline and no change, on its own page and on that of the metric."""

from __future__ import annotations

from tests import cast as casting
from tests.measuring import LATER, LIVE_WEEK, MEASURED, MONDAY, WEEK, of_week, read_all
from tests.web.conftest import Site
from tests.web.metrics.test_return import ROOM, text_of


def test_a_figure_from_before_the_go_live_is_no_change(bare_site: Site) -> None:
    bare_site.cast = casting.running(bare_site.database, MEASURED)
    with bare_site.database.writing() as session:
        given = [of_week("ar-days", value, MONDAY + number * WEEK) for number, value in enumerate((45, 45, 45, 45, 39))]
        read_all(session, bare_site.cast, given, now=LATER)
    pages = [f"{ROOM}/return/ar-days", f"{ROOM}/locations/alder/return"]
    client = bare_site.client("dir")
    for page in pages:
        said = text_of(client.get(page).text)
        assert "Not live yet" in said
        assert "better" not in said, page
        assert "−6" not in said, page
    with bare_site.database.writing() as session:
        read_all(session, bare_site.cast, [of_week("ar-days", 38, LIVE_WEEK)], now=LATER)
    bare_site.now = LATER
    client = bare_site.client("opm")
    for page in pages:
        assert "better" in text_of(client.get(page).text), page
