"""Tables of the people room: workspace, users, membership, sessions, API keys, setup link, notices."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel


class Role(StrEnum):
    """What somebody may do, least first.

    viewer reads, member works with records, builder edits and publishes scenarios, owner administers.
    """

    VIEWER = "viewer"
    MEMBER = "member"
    BUILDER = "builder"
    OWNER = "owner"


class Workspace(SQLModel, table=True):
    """Everything one organisation owns; the isolation boundary of every query."""

    __tablename__ = "workspace"

    id: UUID = Field(primary_key=True)
    name: str
    time_zone: str = Field(default="UTC")
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class User(SQLModel, table=True):
    """A person who can sign in. `email` is stored lower-cased; `password_hash` is argon2id."""

    __tablename__ = "user_account"

    id: UUID = Field(primary_key=True)
    email: str = Field(unique=True)
    name: str
    password_hash: str
    locale: str = Field(default="en")
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class Membership(SQLModel, table=True):
    """A user's role in a workspace."""

    __tablename__ = "membership"

    workspace_id: UUID = Field(primary_key=True, foreign_key="workspace.id", ondelete="CASCADE")
    user_id: UUID = Field(primary_key=True, foreign_key="user_account.id", ondelete="CASCADE")
    role: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))


class Session(SQLModel, table=True):
    """A signed-in browser. The cookie holds a random token; only its SHA-256 is stored."""

    __tablename__ = "user_session"
    __table_args__ = (Index("session_by_user", "user_id"),)

    token_hash: str = Field(primary_key=True)
    user_id: UUID = Field(foreign_key="user_account.id", ondelete="CASCADE")
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    last_seen_at: datetime = Field(sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))
    user_agent: str = Field(default="")


class ApiKey(SQLModel, table=True):
    """A key for programs, shown once at creation; only its hash is stored. `scope`: read, work, build, admin."""

    __tablename__ = "api_key"
    __table_args__ = (UniqueConstraint("key_hash"), Index("api_key_by_workspace", "workspace_id"))

    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    name: str
    scope: str
    key_hash: str
    hint: str
    created_by: UUID | None = Field(default=None, foreign_key="user_account.id", ondelete="SET NULL")
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    last_used_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    revoked_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class SetupToken(SQLModel, table=True):
    """The one-time link that creates the owner. A new start replaces an unused token."""

    __tablename__ = "setup_token"

    token_hash: str = Field(primary_key=True)
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))


class SignInAttempt(SQLModel, table=True):
    """Failed sign-ins per e-mail and per address, to slow guessing down across processes and restarts."""

    __tablename__ = "sign_in_attempt"

    subject: str = Field(primary_key=True)
    failures: int = Field(default=0)
    blocked_until: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    last_at: datetime = Field(sa_type=DateTime(timezone=True))


class Notice(SQLModel, table=True):
    """A line in the inbox, written by a step. `user_id` empty means everyone in the workspace."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("notice_by_workspace", "workspace_id", "id"),
        Index("notice_by_reader", "workspace_id", "user_id", "id"),
        UniqueConstraint("effect_key"),
    )

    id: UUID = Field(primary_key=True)
    workspace_id: UUID = Field(foreign_key="workspace.id", ondelete="CASCADE")
    user_id: UUID | None = Field(default=None, foreign_key="user_account.id", ondelete="CASCADE")
    title: str
    body: str = Field(default="", sa_column=Column(Text, nullable=False, server_default=""))
    run_id: UUID | None = Field(default=None)
    scenario_id: UUID | None = Field(default=None)
    effect_key: str
    created_at: datetime = Field(sa_type=DateTime(timezone=True))
    read_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    """Not used since `NoticeRead`; the column goes when no older Potok can be running any more."""


class NoticeRead(SQLModel, table=True):
    """That one person has read one notice. Notices for everyone are unread until each has read them."""

    __tablename__ = "notice_read"
    __table_args__ = (Index("notice_read_by_notice", "notice_id"),)

    user_id: UUID = Field(primary_key=True, foreign_key="user_account.id", ondelete="CASCADE")
    notice_id: UUID = Field(primary_key=True, foreign_key="notice.id", ondelete="CASCADE")
    read_at: datetime = Field(sa_type=DateTime(timezone=True))
