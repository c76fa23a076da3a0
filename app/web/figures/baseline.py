"""The baseline of a place is signed and frozen, and what was signed is handed out as it was hashed."""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request
from starlette.responses import Response

from app.actions.metrics.baselines import sign_baseline
from app.admission import enter_rollout
from app.errors import Invalid, Refused, Stale
from app.queries.figures.place import frozen_content
from app.rules.people.access import Permission, Viewer
from app.web.answers import see_other
from app.web.figures.at import SeeingThere, spot_of
from app.web.figures.place import answer
from app.web.forms import LARGEST_ID, Password, Slug
from app.web.issues.identifiers import Confirmed, warned
from app.web.proof import fault_of_proof, proven
from app.web.site import Base, Db, Desk, Now, ProvingGuard, Token, recognised
from app.web.tasks.forms import Typed
from app.web.told import Told

router = APIRouter()
Prover = Annotated[Viewer, Depends(ProvingGuard(Permission.ENTER_FIGURES))]
Hash = Annotated[str, Form(max_length=64)]
Number = Annotated[int, Path(ge=1, le=LARGEST_ID)]
FORM = "sign"
PLACED = "/rollouts/{slug}/locations/{location}/baseline"


@router.post(f"{PLACED}/signature")
def sign(
    request: Request,
    viewer: Prover,
    base: Base,
    token: Token,
    slug: Slug,
    location: Slug,
    now: Now,
    shown: Hash = "",
    reason: Typed = "",
    password: Password = "",
    confirmed: Confirmed = "",
) -> Response:
    """Freeze what was shown. The slow hash of the password holds no transaction."""
    typed = {"reason": reason}
    found = warned(typed, confirmed)
    undone = "Nothing was signed."
    fault = "" if found else fault_of_proof(request, base, viewer, token or "", password, now, undone=undone)
    with base.writing() as session:
        by = recognised(session, token, now)
        spot = spot_of(Desk(by, enter_rollout(session, by, slug, Permission.SEE_PLAN)), location, "")
        if found:
            return answer(spot, session, None, Told(form=FORM, typed=typed, warning=found), now)
        act = partial(sign_baseline, session, spot.desk.rollout.id, spot.place.id if spot.place else None)
        try:
            proven(act, fault)(shown=shown, reason=reason, by=by, now=now)
        except (Stale, Refused, Invalid) as refusal:
            session.rollback()
            return answer(spot, session, None, Told(form=FORM, typed=typed).refused(refusal), now)
        return see_other(spot.address() + "#baseline")


@router.get(f"{PLACED}/{{number}}/content")
def content(spot: SeeingThere, number: Number, session: Db) -> Response:
    """The very bytes that were hashed, so that anybody may hash them again."""
    row = frozen_content(session, spot.desk.rollout.id, spot.place.id if spot.place else None, number)
    name = f"baseline-{spot.desk.rollout.slug}-{spot.slug}-{number}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-SHA256": row.sha256}
    return Response(row.content, media_type="application/json", headers=headers)
