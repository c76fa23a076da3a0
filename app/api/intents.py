"""The same request sent twice makes its thing once."""

from __future__ import annotations

from typing import Annotated

from fastapi import Header

IntentKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{0,64}$",
        description="A word of your own for this intent: sent again with the same word, what was made the first time "
        "comes back.",
    ),
]
