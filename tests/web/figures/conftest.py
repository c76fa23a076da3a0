"""The cast in a rollout that measures, with a browser for everybody."""

from __future__ import annotations

import pytest

from tests import cast as casting
from tests.measuring import MEASURED
from tests.web.conftest import Site


@pytest.fixture
def measuring(bare_site: Site) -> Site:
    bare_site.cast = casting.running(bare_site.database, MEASURED)
    return bare_site
