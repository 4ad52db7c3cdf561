"""What the tests of bundles and of the store share: plugins of any version, bundles of them, a configuration with a store."""
# SPDX-License-Identifier: BSD-3-Clause
import shutil
import tarfile

from harness import BUILD, run, says

USAGE, NOT_FOUND, FORBIDDEN, UNAVAILABLE, TOO_LARGE, DATA, PLUGIN = 2, 3, 5, 6, 7, 8, 9
SUMS, SIGNATURE = "SHA256SUMS", "SHA256SUMS.sig"


def library(plugin, version, id=None):
    """A plugin of the build, which says that it is of another version, and perhaps another plugin."""
    bytes = (BUILD / "plugins" / f"{plugin}.so").read_bytes()
    assert b'"version": "0.1.0"' in bytes and len(version) == 5
    bytes = bytes.replace(b'"version": "0.1.0"', f'"version": "{version}"'.encode())
    return bytes.replace(f'"id": "{plugin}"'.encode(), f'"id": "{id or plugin}"'.encode())


def project(tmp, version="1.2.0", plugin="cut", id=None):
    directory = tmp / f"{id or plugin}-{version}"
    (directory / "docs").mkdir(parents=True)
    (directory / "build" / "deep").mkdir(parents=True)
    (directory / "README.md").write_text(f"# {id or plugin} {version}\n\nCuts stamps.\n")
    (directory / "LICENSE").write_text("BSD-3-Clause\n")
    (directory / "docs" / "more.md").write_text("More.\n")
    (directory / "build" / "deep" / "it.so").write_bytes(library(plugin, version, id))
    (directory / "build" / "other.so").write_bytes(b"no plugin")
    return directory


def bundle(tmp, version="1.2.0", *options, **of):
    file = tmp / f"{of.get('id') or of.get('plugin', 'cut')}-{version}.recorte"
    source = project(tmp, version, **of)
    run("plugin", "bundle", source, "-o", file, *options)
    shutil.rmtree(source)
    return file


def configured(tmp, text=""):
    """A configuration with a store of its own, and the store."""
    (tmp / "surveys.d").mkdir(exist_ok=True)
    (tmp / "recorte.toml").write_text(f'data = "data"\n[plugins]\n{text}')
    return tmp / "recorte.toml", tmp / "data" / "plugins"


def plugin(config, command, *arguments, **options):
    return run("plugin", command, *arguments, "--config", config, **options)


def members(file):
    with tarfile.open(file) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive}


def tree(store):
    return sorted(str(p.relative_to(store)) for p in store.rglob("*")) if store.exists() else []


def refused(config, store, file, status, *parts):
    """The bundle is refused with a sentence, and leaves nothing behind."""
    before = [n for n in tree(store) if n not in ("enabled", "lock")]
    text = says(plugin(config, "install", file, status=status), str(file), *parts)
    assert text.count("\n") == 1, text
    assert [n for n in tree(store) if n not in ("enabled", "lock")] == before
