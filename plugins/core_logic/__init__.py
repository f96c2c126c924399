"""Blocks that choose a way: if, switch, filter."""

from typing import Annotated, Literal

from potok.sdk import Branch, Cases, Conditions, Field, Model, Port, UserError, condition, holds


class Taken(Model):
    """Which branch was taken."""

    case: Annotated[str, Field(title="Branch")]
    title: Annotated[str, Field(title="Branch title")] = ""


@condition("logic.if", icon="git-branch", sample=True)
async def if_(conditions: Annotated[Conditions, Field(kind="conditions", title="Conditions")]) -> bool:
    """If. Goes one way when the conditions hold, and the other way when they do not."""
    return _holds(conditions)


@condition(
    "logic.switch",
    icon="arrows-split-2",
    ports=[Port("else", "Otherwise")],
    ports_from="cases",
    output=Taken,
    sample=Taken(case="else"),
)
async def switch(cases: Annotated[Cases, Field(kind="cases", title="Branches", min_length=1)]) -> Branch:
    """Choose a branch. Goes the way of the first branch whose conditions hold, else “otherwise”."""
    for case in cases:
        if _holds(case.when):
            return Branch(case.id, Taken(case=case.id, title=case.title))
    return Branch("else", Taken(case="else"))


@condition("logic.filter", icon="filter", sample="out", ports=[Port("out"), Port("rejected", "Rejected")])
async def filter_(
    conditions: Annotated[Conditions, Field(kind="conditions", title="Go on only if")],
) -> Literal["out", "rejected"]:
    """Filter. Goes on only if the conditions hold; otherwise this way ends quietly."""
    return "out" if _holds(conditions) else "rejected"


def _holds(conditions: Conditions) -> bool:
    try:
        return holds(conditions)
    except (ValueError, AttributeError, TypeError) as error:
        raise UserError(
            "conditions",
            f"The conditions cannot be read: {error}",
            "Open the step and build the conditions again.",
            code="bad_conditions",
            reason=str(error),
        ) from error
