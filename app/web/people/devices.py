"""The places where somebody is signed in, in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.queries.people import Device, devices
from app.rules.clock import moment


def shown_devices(session: Session, person_id: int, current: str, now: datetime) -> list[dict[str, Any]]:
    """Every open sign-in of a person; `current` is the hash of the token that asks."""
    return [_shown(device, now) for device in devices(session, person_id, now, current)]


def _shown(device: Device, now: datetime) -> dict[str, Any]:
    return {
        "id": device.id,
        "current": device.current,
        "browser": device_words(device.user_agent),
        "address": device.address,
        "kind": "own device, up to 12 hours" if device.own else "shared device, 30 minutes without use",
        "used": f"{moment(device.last_seen_at, 'UTC', now)} UTC",
    }


def device_words(user_agent: str) -> str:
    """The browser and system as far as a user agent says them."""
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
               ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for sign, name in browsers if sign in user_agent), "A browser")
    system = next((name for sign, name in systems if sign in user_agent), "")
    return f"{browser} on {system}" if system else browser
