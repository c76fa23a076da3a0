"""Three invented groups that pool what they need, by the playbook of group collaboration, and everybody in them."""

from __future__ import annotations

from typing import Final

from app.demo.opening import Book
from app.demo.people import Somebody

PARTNERSHIP: Final = {
    "chair": "Dana Whitfield", "coordinator": "Ines Calloway", "treasurer": "Tove Ackerman",
    "counsel": "Bruno Castell", "imaging-lead": "Imke Radford", "analytics-lead": "Jonas Pell",
    "purchasing-lead": "Mira Solano", "risk-lead": "Ewan Tress", "payor-lead": "Pia Lombard",
    "adviser": "Alma Verhoeven",
}  # fmt: skip
GROUPS: Final = {
    "marsh-road": {
        "managing-partner": "Nora Linde", "administrator": "Otto Farrow", "section-lead": "Lena Brandt",
        "group-it": "Karl Vance",
    },
    "pine-street": {
        "managing-partner": "Piet Harmon", "administrator": "Rosa Quill", "section-lead": "Sven Abbott",
        "group-it": "Tilda Moss",
    },
    "tide-harbour": {
        "managing-partner": "Ulla Kerr", "administrator": "Viktor Dane", "section-lead": "Wanda Frey",
        "group-it": "Yusra Holt",
    },
}  # fmt: skip
LOCATIONS: Final = (
    {
        "id": "marsh-road", "name": "Marsh Road Radiology", "zone": "America/New_York",
        "attributes": {
            "radiologists-count": 9, "subspecialties": ["neuro", "abdominal"], "hospital-clients": True,
            "archive": "own archive", "insurer": "Mutual of the Marsh",
        },
    },
    {
        "id": "pine-street", "name": "Pine Street Imaging", "zone": "America/New_York",
        "attributes": {
            "radiologists-count": 6, "subspecialties": ["breast"], "hospital-clients": False,
            "archive": "vendor cloud", "insurer": "Pine Indemnity",
        },
    },
    {
        "id": "tide-harbour", "name": "Tide Harbour Radiologists", "zone": "America/Chicago",
        "attributes": {
            "radiologists-count": 12, "subspecialties": ["musculoskeletal", "cardiac", "interventional"],
            "hospital-clients": True, "archive": "hospital archive", "insurer": "Harbour Re",
        },
    },
)  # fmt: skip
PEOPLE: Final = (
    *(Somebody(name, role) for role, name in PARTNERSHIP.items()),
    *(Somebody(name, role, group) for group, holders in GROUPS.items() for role, name in holders.items()),
)
BOOK: Final = Book("Three groups, one partnership", "group-collaboration.yaml", LOCATIONS, PEOPLE)
