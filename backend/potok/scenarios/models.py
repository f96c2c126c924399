"""Tables of the scenarios room: a scenario, its draft, its immutable versions, its hook addresses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Column, DateTime, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class Scenario(SQLModel, table=True):
    """What a person builds. `draft` is a `potok/1` graph; `draft_revision` grows by one with every save.

    A deleted scenario keeps its row and versions, because the history of its runs shows them.
    """

    __tablename__ = "scenario"
    __table_args__ = (Index("scenario_by_workspace", "workspace_id", "updated_at"),)

    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    title: str
    enabled: bool = Field(default=True)
    draft: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    draft_revision: int = Field(default=1)
    draft_edited_by: UUID | None = Field(default=None, foreign_key="user_account.id", ondelete="SET NULL")
    published_version_id: UUID | None = Field(
        default=None,
        sa_column=Column(
            ForeignKey(
                "scenario_version.id", name="scenario_published_version", use_alter=True, ondelete="SET NULL"
            ),
            nullable=True,
        ),
    )
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    updated_at: datetime = Field(sa_type=DateTime(timezone=True))
    deleted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    byte_budget: int | None = Field(default=None, sa_column=Column(BigInteger, nullable=True))
    """Bytes of large values its history may have on disk; None: as the settings say."""


class ScenarioVersion(SQLModel, table=True):
    """A published graph. Never updated: runs are pinned to it for life."""

    __tablename__ = "scenario_version"
    __table_args__ = (UniqueConstraint("scenario_id", "number"),)

    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    scenario_id: UUID = Field(foreign_key="scenario.id", ondelete="CASCADE")
    number: int
    graph: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    note: str = Field(default="")
    published_by: UUID | None = Field(default=None, foreign_key="user_account.id", ondelete="SET NULL")
    published_at: datetime = Field(sa_type=DateTime(timezone=True))


class Hook(SQLModel, table=True):
    """The address of one webhook trigger. The token is unguessable and survives republishing.

    Kept per (scenario, node id), so moving or renaming the trigger keeps the address that others were given.
    """

    __tablename__ = "hook"
    __table_args__ = (UniqueConstraint("scenario_id", "node_id"),)

    token: str = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    scenario_id: UUID = Field(foreign_key="scenario.id", ondelete="CASCADE")
    node_id: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
