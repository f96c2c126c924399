"""The CRM pack is installed as data, works as a whole, and leaves alone what is already there."""

from decimal import Decimal

from tests.contract.records.conftest import field, open_office

from potok.records.service.packs import install_pack, read_pack
from potok.records.service.types import list_types


async def test_the_pack_installs_and_reckons_a_deal(database_url: str) -> None:
    office = await open_office(database_url)
    async with office.session() as db, db.begin():
        keys = await install_pack(db, office.caller, "crm")
    assert len(keys) == 10
    anna = await office.put("contact", name="Анна", phone="8 916 765-43-21")
    deal = await office.put("deal", title="Ремонт", contact=str(anna), amount="1999.99", discount="5 %")
    assert (await office.get("deal", deal)).data["total"] == {"amount": "1899.99", "currency": "RUB"}
    await office.put("line_item", deal=str(deal), name="Обои", quantity="10,5", price="100", vat="20 %")
    await office.put("payment", deal=str(deal), amount=500, state="Получен")
    await office.put("payment", deal=str(deal), amount=70)
    data = (await office.get("deal", deal)).data
    assert data["items_sum"] == {"amount": "1050", "currency": "RUB"}
    assert data["paid"] == {"amount": "500", "currency": "RUB"}
    stock = await office.put("stock", name="Обои", on_hand=7, reserved=2)
    assert (await office.get("stock", stock)).data["available"] == Decimal(5)
    await office.engine.dispose()


async def test_types_that_are_there_are_left_alone(database_url: str) -> None:
    office = await open_office(database_url)
    await office.add_type("contact", field("nick", "text"))
    async with office.session() as db, db.begin():
        assert "contact" not in await install_pack(db, office.caller, "crm")
    async with office.session() as db, db.begin():
        assert await install_pack(db, office.caller, "crm") == []
        assert len(await list_types(db, office.caller)) == 10
    await office.engine.dispose()


def test_everything_in_the_pack_has_both_names() -> None:
    for one in read_pack("crm")["types"]:
        assert one["names"].keys() == {"en", "ru"}
        for each in one["fields"]:
            assert each["names"].keys() == {"en", "ru"}, each["key"]
            for option in each.get("settings", {}).get("options", []):
                assert option["names"].keys() == {"en", "ru"}, each["key"]
