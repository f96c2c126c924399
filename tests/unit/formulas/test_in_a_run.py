"""Formulas in a real run: their values reach steps, and a refusal fails the step in words, not the worker."""

from tests.unit.engine.support import World, steps

PAYLOAD = {"sum": "1500.50", "items": [{"price": 10, "n": 2}, {"price": 5, "n": 1}]}


async def test_a_step_gets_the_value_of_a_formula() -> None:
    nodes = {
        "a": ("t.say", {"value": {"$formula": "@in.sum * 2"}}),
        "b": ("t.number", {"value": {"$formula": "SUM(MAP(@in.items; item.price * item.n)) + @a.value"}}),
    }
    kept = await World().run(nodes, "in>a", "a>b", payload=PAYLOAD | {"sum": "1500.5"})
    assert kept.run.status == "succeeded"
    assert steps(kept)["a"]["o"] == {"value": 3001}
    assert steps(kept)["b"]["o"] == 3026


async def test_the_present_moment_is_the_engines() -> None:
    world = World()
    kept = await world.run({"a": ("t.say", {"value": {"$formula": "YEAR(NOW())"}})}, "in>a")
    assert steps(kept)["a"]["o"] == {"value": world.now().year}


async def test_a_formula_without_a_value_fails_its_step_in_words() -> None:
    nodes = {"a": ("t.say", {"value": {"$formula": "1 / (@in.sum - 1500.5)"}})}
    kept = await World().run(nodes, "in>a", payload=PAYLOAD)
    entry = steps(kept)["a"]
    assert (kept.run.status, entry["s"]) == ("failed", "failed")
    assert entry["e"]["code"] == "formula.divide_by_zero"
    assert entry["e"]["field"] == "value"
    assert "character 1: Division by zero." in entry["e"]["message"]
    assert entry["e"]["params"]["start"] == 0


async def test_a_refused_formula_may_take_the_error_way() -> None:
    nodes = {
        "a": ("t.say", {"value": {"$formula": 'ERROR("Нет цены")'}}, {"on_error": "branch"}),
        "e": ("t.say", {"value": {"$ref": ["a", "error", "code"]}}),
    }
    kept = await World().run(nodes, "in>a", "a.error>e")
    assert kept.run.status == "succeeded"
    assert steps(kept)["e"]["o"] == {"value": "formula.own"}
