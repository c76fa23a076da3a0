"""Addresses of the rota."""

from __future__ import annotations

from datetime import date

from app.web.site import Desk


def rota_of(desk: Desk) -> str:
    return f"/rollouts/{desk.rollout.slug}/rota"


def week_at(desk: Desk, monday: date, location: str = "") -> str:
    """The rota of one week, of one centre where it is chosen."""
    chosen = f"&location={location}" if location else ""
    return f"{rota_of(desk)}?week={monday.isoformat()}{chosen}"


def turn_at(desk: Desk, occasion: int, turn: str) -> str:
    """The page of one turn of a cover."""
    return f"{rota_of(desk)}/{occasion}/{turn}"


def outside_at(desk: Desk, occasion: int) -> str:
    """Where the duties are called off that the dates of a cover have left behind."""
    return f"{rota_of(desk)}/{occasion}/outside/calling-off"
