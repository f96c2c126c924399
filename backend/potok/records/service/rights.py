"""Who may see and fill a field, as people set it."""

from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from potok.people.service import Caller, record
from potok.problems import refuse
from potok.records import repository
from potok.records.models import ObjectType
from potok.records.rights import RESTRICTED, RIGHTS
from potok.records.service.types import changed, get_type


async def set_rights(
    db: AsyncSession, caller: Caller, type_key: str, key: str, rights: Mapping[str, object]
) -> ObjectType:
    """Say what viewers and members may do with a field; roles not named are not restricted. Raises Refused."""
    owner = await get_type(db, caller, type_key, lock=True)
    row = next((one for one in await repository.fields(db, [owner.id]) if one.key == key), None)
    if row is None:
        raise refuse("record.no_such_field", "key", field=key[:60])
    for role, right in rights.items():
        if role not in RESTRICTED or right not in RIGHTS:
            raise refuse("record.rights_invalid", "rights", role=str(role)[:40])
    row.rights = {role: right for role, right in rights.items() if right != "write"}
    await repository.add(db, row)
    await changed(db, owner)
    await record(db, caller, "record_field_rights", subject_id=row.id, subject=f"{type_key}.{key}", **row.rights)
    return owner
