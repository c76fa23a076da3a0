"""Who wants which message, and when a failed try is made again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest

from app.rules.deliveries.mail import (
    GIVE_UP_AFTER,
    KINDS,
    LEAST_TRIES,
    LONGEST_WAIT_FOR_SERVER,
    gives_up,
    outdated,
    wait_before_retry,
    wanted,
)

SINCE = datetime(2027, 1, 5, tzinfo=UTC)
ACCOUNT = {"invitation", "password_reset", "password_changed", "channel_test"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_concerns_the_account_cannot_be_declined_and_the_rest_can(kind: str) -> None:
    assert wanted(kind, "all")
    assert wanted(kind, "none") == (kind in ACCOUNT or KINDS[kind].outside)
    assert wanted(kind, "digest") == (kind in ACCOUNT or KINDS[kind].outside or kind == "digest")


def test_every_kind_has_both_texts_and_names_only_facts_of_a_letter() -> None:
    for kind in KINDS.values():
        for ending in ("txt", "html"):
            assert Path("templates/mail", f"{kind.template}.{ending}").is_file()
        named = {name for text in (kind.subject, kind.says) for _, name, _, _ in Formatter().parse(text) if name}
        assert named <= {"by", "title", "number"} | ({"due"} if kind.outside else set())


@pytest.mark.parametrize("away", [False, True])
@pytest.mark.parametrize("jitter", [0.0, 0.5, 1.0])
def test_the_first_retry_follows_within_a_minute_and_then_ever_later(away: bool, jitter: float) -> None:
    waits = [wait_before_retry(tries, jitter, server_away=away) for tries in range(1, 40)]
    assert timedelta(seconds=20) <= waits[0] <= timedelta(seconds=60)
    assert waits == sorted(waits)
    assert waits[1] == 2 * waits[0]


def test_three_days_hold_at_least_twelve_tries_and_then_it_is_given_up() -> None:
    now, tries = SINCE, 1
    while not gives_up(tries, SINCE, now):
        now += wait_before_retry(tries, 1.0, server_away=False)
        tries += 1
    assert tries >= LEAST_TRIES
    assert now >= SINCE + GIVE_UP_AFTER


def test_a_message_is_tried_within_five_minutes_of_the_server_s_return_however_long_it_was_away() -> None:
    assert wait_before_retry(1_000, 1.0, server_away=True) <= LONGEST_WAIT_FOR_SERVER * 1.2 < timedelta(minutes=5)


def test_a_few_tries_are_never_given_up() -> None:
    assert not gives_up(LEAST_TRIES - 1, SINCE, SINCE + 10 * GIVE_UP_AFTER)


def test_only_a_notice_that_nobody_ever_tried_grows_old() -> None:
    late = SINCE + GIVE_UP_AFTER
    assert outdated("mention", SINCE, SINCE, late)
    assert not outdated("mention", SINCE, SINCE, late - timedelta(seconds=1))
    assert not outdated("mention", SINCE, late, late)
    assert not outdated("invitation", SINCE, SINCE, late)
