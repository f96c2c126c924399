"""Reads the files beside a plugin's code: plugin.toml and locales/*.json."""

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from potok.registry.faults import PluginFault
from potok.registry.plugin import Locale
from potok.words import DEFAULT, LOCALES

API = 1
"""The version of the plugin contract this Potok speaks."""

_KEYS = {"title": str, "version": str, "icon": str, "api": int}


@dataclass(frozen=True, slots=True)
class Manifest:
    """plugin.toml: all keys optional."""

    title: str = ""
    version: str = ""
    icon: str = ""
    api: int = API


LONGEST_README = 64 * 1024


def read_readmes(folder: Path) -> dict[str, str]:
    """README.md, and README.ru.md and the like, by language. One that cannot be read is no reason to fail."""
    found: dict[str, str] = {}
    for locale in LOCALES:
        for name in (f"README.{locale}.md", *(["README.md"] if locale == DEFAULT else [])):
            try:
                text = (folder / name).read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            found.setdefault(locale, text[:LONGEST_README].strip())
    return found


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _FieldWords(_Strict):
    title: str = ""
    help: str = ""
    placeholder: str = ""
    choices: dict[str, str] = {}


class _NodeWords(_Strict):
    title: str = ""
    help: str = ""
    fields: dict[str, _FieldWords] = {}
    ports: dict[str, str] = {}
    output: dict[str, str] = {}


class _Words(_Strict):
    title: str = ""
    nodes: dict[str, _NodeWords] = {}
    groups: dict[str, str] = {}
    errors: dict[str, list[str]] = {}


def read_manifest(folder: Path) -> Manifest:
    """Raises PluginFault for a key nobody reads, a wrong type or another contract version."""
    file = folder / "plugin.toml"
    if not file.is_file():
        return Manifest()
    shown = f"{folder.name}/{file.name}"
    try:
        found: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PluginFault("bad_manifest", file=shown, reason=str(error)) from error
    for key, value in found.items():
        if key not in _KEYS or not isinstance(value, _KEYS[key]):
            allowed = ", ".join(f"{name} ({kind.__name__})" for name, kind in _KEYS.items())
            raise PluginFault("bad_manifest", file=shown, reason=f"{key!r} is not one of {allowed}")
    manifest = Manifest(**found)
    if manifest.api != API:
        raise PluginFault("other_api", file=shown, wanted=str(manifest.api), ours=str(API))
    return manifest


def read_locales(folder: Path) -> dict[str, Locale]:
    """The words of each language there is a file for. Raises PluginFault for broken JSON."""
    found: dict[str, Locale] = {}
    for locale in LOCALES:
        file = folder / "locales" / f"{locale}.json"
        if not file.is_file():
            continue
        shown = f"{folder.name}/locales/{file.name}"
        try:
            words = json.loads(file.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise PluginFault("bad_locale", file=shown, line=error.lineno, reason=error.msg) from error
        except UnicodeDecodeError as error:
            raise PluginFault("bad_locale", file=shown, reason=str(error)) from error
        try:
            found[locale] = _Words.model_validate(words).model_dump(exclude_defaults=True)
        except ValidationError as error:
            first = error.errors()[0]
            place = ".".join(str(part) for part in first["loc"])
            raise PluginFault("bad_locale", file=shown, reason=f"{place}: {first['msg']}") from error
    return found
