"""How a function is declared: its names, parameters, result, help, and examples that are its tests."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from potok.graph.formulas.types import ANY, SIMPLE, Type, join, list_of

Returns = Callable[[list[Type]], Type]
Run = Callable[..., Any]

NOTHING = object()
"""The default of a parameter that may be left out and then has no value."""


@dataclass(frozen=True, slots=True)
class Param:
    """kind: one of `coerce`, or any, values (amounts, dates, lists of them), formula (reckoned for each item)."""

    name: str
    name_ru: str
    kind: str
    optional: bool = False
    default: Any = None
    many: bool = False
    """May be repeated; several such parameters repeat together."""


@dataclass(frozen=True, slots=True)
class Function:
    """One function. `call(env, *args)`; a lazy one gets its arguments as callables of env."""

    name: str
    name_ru: str
    aliases: tuple[str, ...]
    area: str
    params: tuple[Param, ...]
    returns: Returns
    result: str
    """Kind of the result, for the reference page."""
    en: str
    ru: str
    examples: tuple[tuple[str, str], ...]
    """(formula, result written as a formula, or `!code` for a refusal)."""
    call: Run
    lazy: bool
    spare: bool
    """The last group of repeated parameters may be begun only (SWITCH: the value for all other cases)."""
    clock: bool

    @property
    def fixed(self) -> int:
        """How many parameters come before the repeated ones."""
        return sum(not param.many for param in self.params)

    @property
    def least(self) -> int:
        """How many arguments there must be."""
        return sum(not param.optional for param in self.params)

    def param(self, place: int) -> Param | None:
        """The parameter of the argument at this place, None where there is none."""
        if place < self.fixed:
            return self.params[place]
        group = len(self.params) - self.fixed
        return self.params[self.fixed + (place - self.fixed) % group] if group else None

    def takes(self, count: int) -> bool:
        """Whether so many arguments are allowed."""
        group = len(self.params) - self.fixed
        if count < self.least:
            return False
        if not group:
            return count <= len(self.params)
        rest = (count - self.fixed) % group
        return count <= self.fixed or rest == 0 or (self.spare and rest == 1)


@dataclass(slots=True)
class Area:
    """A module of functions and its heading in the reference."""

    id: str
    en: str
    ru: str
    functions: list[Function] = field(default_factory=list)

    def function(
        self,
        names: str,
        *params: str,
        returns: str | Returns,
        en: str,
        ru: str,
        examples: tuple[str, ...],
        lazy: bool = False,
        spare: bool = False,
        clock: bool = False,
    ) -> Callable[[Run], Run]:
        """Declares one: names "ENGLISH РУССКОЕ OTHER ...", params "name|имя: kind" and `= 0`, `?` or `...`."""
        name, name_ru, *aliases = names.split()

        def declare(call: Run) -> Run:
            self.functions.append(
                Function(
                    name=name,
                    name_ru=name_ru,
                    aliases=tuple(aliases),
                    area=self.id,
                    params=tuple(map(_param, params)),
                    returns=returns if callable(returns) else _always(returns),
                    result=returns if isinstance(returns, str) else _kind_of_result(returns),
                    en=en,
                    ru=ru,
                    examples=tuple(_example(one) for one in examples),
                    call=call,
                    lazy=lazy,
                    spare=spare,
                    clock=clock,
                )
            )
            return call

        return declare


def _param(declared: str) -> Param:
    names, _, rest = declared.partition(":")
    name, _, name_ru = names.strip().partition("|")
    kind, _, default = rest.strip().partition("=")
    kind = kind.strip()
    many, optional = kind.endswith("..."), bool(default) or "?" in kind
    value = _default(default.strip()) if default else NOTHING if optional else None
    return Param(name, name_ru, kind.rstrip("?."), optional, value, many)


def _default(written: str) -> Any:
    if written in ("TRUE", "FALSE"):
        return written == "TRUE"
    return written[1:-1] if written.startswith('"') else int(written)


def _example(written: str) -> tuple[str, str]:
    formula, arrow, result = written.rpartition(" -> ")
    if not arrow:
        raise ValueError(f"an example is written `formula -> result`: {written}")
    return formula.strip(), result.strip()


def _always(kind: str) -> Returns:
    found = SIMPLE[kind]
    return lambda types: found


def _kind_of_result(returns: Returns) -> str:
    """The kind the reference shows for a result that depends on the arguments."""
    return _RESULTS.get(returns, "any")


def first(types: list[Type]) -> Type:
    """The result is of the type of the first argument."""
    return types[0] if types else ANY


def amount_of(types: list[Type]) -> Type:
    """Money if the first argument is money, a number if it is one."""
    found = types[0] if types else ANY
    return SIMPLE["number"] if found.kind in ("number", "boolean", "empty") else _money_or_any(found)


def _money_or_any(found: Type) -> Type:
    return found if found.kind == "money" else ANY


def item_of(types: list[Type]) -> Type:
    """An item of the list that is the first argument."""
    return (types[0].of or ANY) if types else ANY


def sum_of(types: list[Type]) -> Type:
    """The joint type of values and of lists of values."""
    inner = [(one.of or ANY) if one.kind == "list" else one for one in types]
    found = join(inner) if inner else SIMPLE["number"]
    return found if found.kind in ("number", "money", "date", "datetime", "duration") else ANY


def same_list(types: list[Type]) -> Type:
    """A list of the same items."""
    return types[0] if types and types[0].kind == "list" else SIMPLE["list"]


def list_by_formula(types: list[Type]) -> Type:
    """A list of what the formula (the second argument) gives."""
    return list_of(types[1]) if len(types) > 1 else SIMPLE["list"]


_RESULTS: dict[Returns, str] = {
    amount_of: "amount",
    sum_of: "amount",
    same_list: "list",
    list_by_formula: "list",
}
