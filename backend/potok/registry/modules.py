"""Imports plugin code under a name of its own for every load, so that a reload replaces it wholly."""

import importlib.util
import itertools
import sys
from collections.abc import Sequence
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import NoReturn

PREFIX = "potok_plugin_"
_numbers = itertools.count(1)


class _FreshLoader(SourceFileLoader):
    """Always compiles the source: cached bytecode is trusted for a whole second and would hide a quick save."""

    def path_stats(self, path: str) -> NoReturn:
        raise OSError(path)


class _Finder:
    """Finds the submodules of plugins, also through the fresh loader."""

    @staticmethod
    def find_spec(
        fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Only for names that begin with our prefix and stand inside a plugin."""
        if not fullname.startswith(PREFIX) or path is None:
            return None
        for folder in path:
            spec = FileFinder(folder, (_FreshLoader, [".py"])).find_spec(fullname)
            if spec is not None:
                return spec
        return None


sys.meta_path.insert(0, _Finder)


def import_plugin(name: str, entry: Path, folder: Path | None) -> ModuleType:
    """Run the plugin's entry file. Raises whatever its code raises, after forgetting the half-made module."""
    unique = f"{PREFIX}{name}_{next(_numbers)}"
    spec = importlib.util.spec_from_loader(
        unique, _FreshLoader(unique, str(entry)), origin=str(entry), is_package=folder is not None
    )
    if spec is None:  # pragma: no cover  # a loader was given
        raise ImportError(f"no way to import {entry.name}")
    spec.has_location = True
    if folder is not None:
        spec.submodule_search_locations = [str(folder)]
    module = importlib.util.module_from_spec(spec)
    sys.modules[unique] = module
    try:
        module.__loader__.exec_module(module)  # type: ignore[union-attr]  # the spec has our loader
    except BaseException:
        forget(unique)
        raise
    return module


def modules_of(name: str) -> list[ModuleType]:
    """The module and its submodules, in order of import."""
    return [
        module for key, module in list(sys.modules.items()) if key == name or key.startswith(f"{name}.") if module
    ]


def forget(name: str) -> None:
    """Drop the module and its submodules from sys.modules; running calls keep their functions."""
    for key in [key for key in sys.modules if key == name or key.startswith(f"{name}.")]:
        del sys.modules[key]
