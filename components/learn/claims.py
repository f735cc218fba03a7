"""The claims: each is tried on the live model, and its verdict is computed and shown with its sample size."""

from __future__ import annotations

from typing import Any

from components.learn.messages import claims_content, finding_content
from components.learn.questions import ClaimAsk, ClaimsAsk
from components.page.desk import Context
from core.errors import InputError, LabError
from core.lab.claims import tried
from core.lab.lab import Lab
from core.learn.claims import check_claim, check_sample


def claims(lab: Lab, ask: ClaimsAsk, context: Context) -> dict[str, Any]:
    """All claims."""
    return claims_content(lab)


def claim(lab: Lab, ask: ClaimAsk, context: Context) -> dict[str, Any]:
    """``{finding}``, or ``{problem}``: why the claim cannot be tried here, as a sentence. Errors: InputError."""
    wanted = check_claim(ask.claim)
    count, seed = check_sample(ask.count, ask.seed, wanted.most)
    try:
        return {"finding": finding_content(lab, tried(lab, wanted, count, seed, context.loading))}
    except InputError:
        raise
    except LabError as error:
        return {"problem": error.sentence(context.language)}
