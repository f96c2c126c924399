"""Shows a line in people's inbox."""

from typing import Annotated, Literal

from potok.sdk import Ctx, Field, Model, action


class Shown(Model):
    """The line."""

    title: Annotated[str, Field(title="Title")]


@action("notice.send", effect="record", icon="bell", group="messages", sample=Shown(title="New request"))
async def send(
    ctx: Ctx,
    title: Annotated[str, Field(kind="template", title="Title", min_length=1, max_length=500)],
    text: Annotated[str, Field(kind="template", title="Text")] = "",
    to: Annotated[
        Literal["everyone"], Field(title="For", choices={"everyone": "Everyone in the workspace"})
    ] = "everyone",
) -> Shown:
    """Show a notice. Puts a line into the inbox."""
    ctx.notices.add(title, text)
    return Shown(title=title)
