"""Finds plugins in the folder and among installed packages, and loads each one apart from the others."""

import hashlib
import re
import threading
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from potok.registry.catalog import Catalog
from potok.registry.faults import Fault, PluginFault, fault_of
from potok.registry.manifest import Manifest, read_locales, read_manifest, read_readmes
from potok.registry.modules import PREFIX, forget, import_plugin, modules_of
from potok.registry.plugin import Plugin, PluginInfo
from potok.sdk.declare import Declared
from potok.sdk.node import NodeType

ENTRY_POINTS = "potok.plugins"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PARTS = frozenset({".py", ".toml", ".json", ".md"})


@dataclass(frozen=True, slots=True)
class Loaded:
    """Everything found: the node types that work, and every plugin with its error if it has one."""

    catalog: Catalog
    plugins: list[PluginInfo]

    @property
    def state(self) -> str:
        """Changes with any plugin that works, and when one breaks, breaks otherwise or heals."""
        faults = [(one.id, one.source, repr(one.error)) for one in self.plugins if one.error is not None]
        return hashlib.sha256(repr((self.catalog.hash, sorted(faults))).encode()).hexdigest()[:16]


def load(folder: Path) -> Loaded:
    """Load once. A broken plugin is listed with its error; nothing is raised because of one."""
    return Loader(folder).load()


class Loader:
    """Remembers what it loaded, so that loading again runs only the plugins whose files changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._plugins: dict[str, Plugin] = {}
        self._lock = threading.Lock()

    @property
    def folder(self) -> Path:
        """The plugins folder."""
        return self._folder

    @property
    def state(self) -> list[tuple[str, str]]:
        """What was loaded last, comparable: id and digest of each plugin."""
        return sorted((plugin.id, plugin.digest) for plugin in self._plugins.values())

    def load(self) -> Loaded:
        """The present state of the folder and of the installed packages. May be called from any thread."""
        with self._lock:
            return self._load()

    def _load(self) -> Loaded:
        found: dict[str, Plugin] = {}
        for entry in sorted(self._folder.iterdir()) if self._folder.is_dir() else []:
            if _is_plugin(entry):
                plugin = self._refresh(entry)
                if plugin.id in found:
                    plugin = _same_name(plugin, found[plugin.id])
                found[plugin.id] = plugin
        for point in sorted(entry_points(group=ENTRY_POINTS), key=lambda one: one.name):
            found.setdefault(point.name, self._plugins.get(point.name) or _load_package(point))
        for key, plugin in self._plugins.items():
            if found.get(key) is not plugin and plugin.module.startswith(PREFIX):
                forget(plugin.module)
        self._plugins = found
        return _assemble(list(found.values()))

    def _refresh(self, entry: Path) -> Plugin:
        digest = _digest(entry)
        for known in self._plugins.values():
            if known.place == entry.name and known.digest == digest and known.source == "folder":
                return known
        return _load_entry(entry, digest, self._folder)


def _same_name(plugin: Plugin, first: Plugin) -> Plugin:
    """`sms/` and `sms.py` side by side: the second one is refused."""
    fault = Fault("duplicate_plugin", plugin.place, params={"name": plugin.id, "other": first.place})
    return Plugin(id=plugin.place, source="folder", place=plugin.place, digest=plugin.digest, fault=fault)


def _is_plugin(entry: Path) -> bool:
    name = entry.stem if entry.is_file() else entry.name
    if name.startswith(("_", ".", "test_")) or not _NAME.fullmatch(name):
        return False
    return entry.suffix == ".py" if entry.is_file() else (entry / "__init__.py").is_file()


def _counts(file: Path) -> bool:
    return file.suffix in _PARTS and not file.name.startswith(("test_", "."))


def _digest(entry: Path) -> str:
    """Of the names and contents of all files that matter."""
    files = [entry] if entry.is_file() else sorted(filter(_counts, entry.rglob("*")))
    found = hashlib.sha256()
    for file in files:
        try:
            content = file.read_bytes()
        except OSError:  # an editor is just replacing it; the watcher will tell us again
            continue
        found.update(f"{file.relative_to(entry.parent).as_posix()}\0{len(content)}\0".encode())
        found.update(content)
    return found.hexdigest()


def _load_entry(entry: Path, digest: str, root: Path) -> Plugin:
    plugin = Plugin(
        id=entry.stem if entry.is_file() else entry.name, source="folder", place=entry.name, digest=digest
    )
    try:
        if entry.is_dir():
            plugin.readmes = read_readmes(entry)
            plugin.locales = read_locales(entry)
            _describe(plugin, read_manifest(entry))
        start = entry if entry.is_file() else entry / "__init__.py"
        module = import_plugin(plugin.id, start, entry if entry.is_dir() else None)
        plugin.module = module.__name__
        plugin.node_types = _node_types(modules_of(module.__name__), plugin)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin may even call sys.exit()
        _break(plugin, fault_of(error, root, entry))
    return plugin


def _load_package(point: EntryPoint) -> Plugin:
    dist = point.dist
    version = dist.version if dist is not None else ""
    place = dist.name if dist is not None else point.value
    plugin = Plugin(id=point.name, source="package", place=place, digest=f"{place} {version}", version=version)
    try:
        module = point.load()
        if not isinstance(module, ModuleType):
            raise PluginFault("bad_entry_point", reason=point.value)
        folder = Path(module.__file__ or "").parent
        plugin.readmes = read_readmes(folder)
        plugin.locales = read_locales(folder)
        _describe(plugin, read_manifest(folder))
        plugin.version = version or plugin.version
        plugin.module = module.__name__
        plugin.node_types = _node_types(modules_of(module.__name__), plugin)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        _break(plugin, fault_of(error, Path(), Path(point.value)))
    return plugin


def _describe(plugin: Plugin, manifest: Manifest) -> None:
    plugin.title, plugin.version, plugin.icon = manifest.title, manifest.version, manifest.icon


def _node_types(modules: list[ModuleType], plugin: Plugin) -> list[NodeType]:
    """What the plugin's own modules declare, in order. Raises PluginFault when it declares nothing."""
    declared: dict[int, Declared] = {}
    for module in modules:
        for value in list(vars(module).values()):
            if isinstance(value, Declared):
                declared.setdefault(id(value), value)
    if not declared:
        raise PluginFault("no_nodes", file=plugin.place)
    built = [one.build() for one in declared.values()]
    for node in built:
        node.plugin = plugin.id
        node.icon = node.icon or plugin.icon or "box"
    twice = [node.id for i, node in enumerate(built) if any(node.id == other.id for other in built[:i])]
    if twice:
        raise PluginFault("duplicate_type", file=plugin.place, type=twice[0], other=plugin.id)
    return built


def _break(plugin: Plugin, fault: Fault) -> None:
    if plugin.module:
        forget(plugin.module)
    plugin.fault, plugin.node_types, plugin.module = fault, [], ""


def _assemble(plugins: list[Plugin]) -> Loaded:
    """The catalog; of two plugins that declare the same type, the first one keeps it."""
    owners: dict[str, str] = {}
    good: list[Plugin] = []
    infos: list[PluginInfo] = []
    for plugin in plugins:
        info = plugin.info()
        taken = next((node.id for node in plugin.node_types if node.id in owners), None)
        if taken is not None:
            fault = Fault("duplicate_type", plugin.place, params={"type": taken, "other": owners[taken]})
            info = PluginInfo(info.id, info.title, info.version, info.source, (), fault, info.titles, info.readmes)
        elif plugin.fault is None:
            good.append(plugin)
            owners.update((node.id, plugin.id) for node in plugin.node_types)
        infos.append(info)
    return Loaded(Catalog(good), infos)
