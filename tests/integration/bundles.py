"""Bundles of plugins and the store they are installed in: what a bundle holds, whose is taken, what is refused, and which
version is used. Bundles are read and forged by tarfile, checked by sha256sum and openssl."""
# SPDX-License-Identifier: BSD-3-Clause
import base64
import contextlib
import gzip
import hashlib
import io
import json
import os
import pathlib
import resource
import shutil
import signal
import subprocess
import sys
import tarfile
import time

from harness import BUILD, DEMO_SURVEYS, EXAMPLE, RECORTE, astropy_fits, at, cut, main, run, says

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


def forge(file, parts):
    """A bundle of members: (name, bytes), or a TarInfo and bytes."""
    with tarfile.open(file, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        for what, bytes in parts:
            info = what if isinstance(what, tarfile.TarInfo) else tarfile.TarInfo(what)
            info.size = len(bytes)
            archive.addfile(info, io.BytesIO(bytes))
    return file


def sums(parts):
    lines = sorted(f"{hashlib.sha256(b).hexdigest()}  {n}\n" for n, b in parts.items())
    return "".join(lines).encode()


def tree(store):
    return sorted(str(p.relative_to(store)) for p in store.rglob("*")) if store.exists() else []


def refused(config, store, file, status, *parts):
    """The bundle is refused with a sentence, and leaves nothing behind."""
    before = [n for n in tree(store) if n not in ("enabled", "lock")]
    text = says(plugin(config, "install", file, status=status), str(file), *parts)
    assert text.count("\n") == 1, text
    assert [n for n in tree(store) if n not in ("enabled", "lock")] == before


def a_bundle_holds_what_it_says(tmp):
    run("plugin", "key", "team", "-o", tmp / "team.key")
    public = run("plugin", "key", "other", "-o", tmp / "other.key").stdout.decode().strip()
    assert (tmp / "team.key").stat().st_mode & 0o777 == 0o600
    source = project(tmp)
    said = run("plugin", "bundle", source, "-o", tmp / "a.recorte", "--sign", tmp / "other.key").stdout.decode()
    assert f"signed with {public}" in said and "cut 1.2.0" in said, said
    parts = members(tmp / "a.recorte")
    assert list(parts)[:2] == [SUMS, SIGNATURE]
    assert set(parts) - {SUMS, SIGNATURE} == {"cut.so", "plugin.json", "README.md", "LICENSE", "docs/more.md"}
    assert json.loads(parts["plugin.json"])["version"] == "1.2.0"
    with tarfile.open(tmp / "a.recorte") as archive:
        archive.extractall(tmp / "out")
    subprocess.run(["sha256sum", "--check", "--strict", "--quiet", SUMS], cwd=tmp / "out", check=True)
    # The signature is Ed25519's over the checksums, whoever reads it: openssl takes keys in this wrapping.
    name, key = public.split(":")
    der = bytes.fromhex("302a300506032b6570032100") + base64.b64decode(key)
    (tmp / "key.der").write_bytes(der)
    signer, signature = parts[SIGNATURE].decode().strip().split(":")
    assert signer == name == "other"
    (tmp / "signature").write_bytes(base64.b64decode(signature))
    subprocess.run(["openssl", "pkeyutl", "-verify", "-rawin", "-pubin", "-keyform", "DER", "-inkey", tmp / "key.der",
                    "-sigfile", tmp / "signature", "-in", tmp / "out" / SUMS], check=True, capture_output=True)
    # The same files, the same bundle.
    os.utime(source / "README.md", (1, 1))
    run("plugin", "bundle", source, "-o", tmp / "b.recorte", "--sign", tmp / "other.key")
    assert (tmp / "a.recorte").read_bytes() == (tmp / "b.recorte").read_bytes()
    # A library alone; and what is no plugin, several, or not ours to read.
    said = run("plugin", "bundle", BUILD / "plugins" / "cut.so", "-o", tmp / "c.recorte").stdout.decode()
    assert "not signed" in said and "no README.md" in said
    says(run("plugin", "bundle", tmp / "out" / "docs", status=NOT_FOUND), "build it first")
    (source / "build" / "second.so").write_bytes(library("cut", "1.3.0"))
    says(run("plugin", "bundle", source, status=USAGE), "several libraries", "second.so")
    (source / "build" / "second.so").unlink()
    (source / "docs" / "passwd").symlink_to("/etc/passwd")
    says(run("plugin", "bundle", source, status=DATA), "passwd is no file")
    os.chmod(tmp / "team.key", 0o644)
    says(run("plugin", "bundle", BUILD / "plugins" / "cut.so", "--sign", tmp / "team.key", status=FORBIDDEN), "chmod 600")
    says(run("plugin", "key", "team", "-o", tmp / "team.key", status=UNAVAILABLE), "team.key")
    says(run("plugin", "key", "a team", status=USAGE), "'a team'")


def corrupt_bundles_are_refused(tmp):
    config, store = configured(tmp)
    good = bundle(tmp)
    whole = good.read_bytes()
    parts = members(good)
    files = {n: b for n, b in parts.items() if n != SUMS}
    bad = tmp / "bad.recorte"

    def broken(bytes, *words, status=DATA):
        bad.write_bytes(bytes)
        refused(config, store, bad, status, *words)

    def forged(*words, sums_of=None, add=(), without=(), status=DATA):
        kept = {n: b for n, b in files.items() if n not in without}
        forge(bad, [(SUMS, sums(files if sums_of is None else sums_of)), *kept.items(), *add])
        refused(config, store, bad, status, *words)

    for size in (0, 1, 100, len(whole) // 2, len(whole) - 2000):
        broken(whole[:size])
    for place in range(1000, len(whole), len(whole) // 7):
        broken(whole[:place] + bytes([whole[place] ^ 0x10]) + whole[place + 1:])
    broken(b"PK\x03\x04" + whole, "no bundle")
    (tmp / "plain.txt").write_text("hello\n")
    refused(config, store, tmp / "plain.txt", DATA, "no bundle")
    refused(config, store, BUILD / "plugins" / "cut.so", DATA, "no bundle")
    forge(bad, list(files.items()))
    refused(config, store, bad, DATA, "does not begin with SHA256SUMS", "recorte plugin bundle")
    forged("'README.md' is missing", without=["README.md"])
    forged("'cut.so' is missing", without=["cut.so"])
    forged("'more.md' is in it and not in its SHA256SUMS", add=[("more.md", b"x")])
    forged("'README.md' is in it twice", add=[("README.md", files["README.md"])])
    forged("'SHA256SUMS.sig' is in it and not", add=[(SIGNATURE, b"x")])
    forged("'README.md' in it is not what", without=["README.md"], add=[("README.md", b"x")])
    forge(bad, [(SUMS, b"hello\n"), *files.items()])
    refused(config, store, bad, DATA, "line 1", "sha256sum")
    # Places and kinds of files.
    for name in ("../evil", "/tmp/evil", "docs/../../evil", "docs//evil", "./evil", ".evil", "a\\b", "a b", "a\nb", "é"):
        forged("" if name == "é" else "holds no file called", add=[(name, b"x")])
        forge(bad, [(SUMS, sums(files | {name: b"x"})), *files.items(), (name, b"x")])
        refused(config, store, bad, DATA)
    assert not (store.parent / "evil").exists() and not pathlib.Path("/tmp/evil").exists()
    forged("at most 100 bytes", add=[("n" * 101, b"x")])
    forged(add=[("n" * 3_000_000, b"x")])
    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE):
        info = tarfile.TarInfo("link.md")
        info.type, info.linkname = kind, "README.md" if kind == tarfile.LNKTYPE else "/etc/passwd"
        forged("no file", add=[(info, b"")])
    # What would unpack to more than it should.
    forged("is in it and not in", add=[(f"m{i}", b"") for i in range(2000)])
    for name, size in (("big.bin", 300 << 20), ("big.bin", 10 << 40), (SUMS, 1 << 30), (SUMS, 1 << 20)):
        bomb(bad, name, size)
        refused(config, store, bad, TOO_LARGE, "256 MiB")
    # Libraries: none, two, one that is another than its manifest says, one that does not load.
    for change, words in (({"cut.so": None}, "holds no library"), ({"plugin.json": None}, "holds no plugin.json"),
                          ({"two.so": b"x"}, "holds one library"), ({"docs/two.so": b"x"}, "holds one library"),
                          ({"plugin.json": parts["plugin.json"].replace(b"1.2.0", b"9.9.9")}, "(cut 9.9.9) is not the manifest"),
                          ({"plugin.json": parts["plugin.json"].replace(b'"cut"', b'"cat"')}, "(cat 1.2.0) is not the manifest"),
                          ({"plugin.json": b"{"}, "is not the manifest"), ({"cut.so": b"\x7fELF"}, "")):
        other = {n: b for n, b in (files | change).items() if b is not None}
        forge(bad, [(SUMS, sums(other)), *other.items()])
        refused(config, store, bad, PLUGIN if change == {"cut.so": b"\x7fELF"} else DATA, words)
    assert tree(store) == ["enabled", "lock"]
    plugin(config, "install", good)
    # A vice is refused when it is loaded, and leaves nothing behind either.
    for vice, words in (("segfault-constructor", "SIGSEGV"), ("exit-constructor", "ended the process")):
        run("plugin", "bundle", BUILD / "vices" / f"vice-{vice}.so", "-o", bad)
        refused(config, store, bad, PLUGIN, words)


def bomb(file, name, size):
    """A bundle whose member of zeros is small until it is unpacked; of a very large one the first MiB."""
    with gzip.open(file, "wb", compresslevel=1) as out:
        def begin(name, size):
            info = tarfile.TarInfo(name)
            info.size = size
            out.write(info.tobuf())
        if name != SUMS:
            listed = f"{'0' * 64}  {name}\n".encode()
            begin(SUMS, len(listed))
            out.write(listed + bytes(-len(listed) % 512))
        begin(name, size)
        for _ in range(min(size, 400 << 20) >> 20):
            out.write(bytes(1 << 20))


def signatures_say_whose_it_is(tmp):
    ours, theirs = (run("plugin", "key", n, "-o", tmp / f"{n}.key").stdout.decode().strip() for n in ("ours", "theirs"))
    unsigned, other = bundle(tmp, "1.0.0"), bundle(tmp, "1.1.0", "--sign", tmp / "theirs.key")
    signed = bundle(tmp, "1.2.0", "--sign", tmp / "ours.key")
    config, store = configured(tmp, f'keys = ["{ours}"]\nunsigned = false\n')
    refused(config, store, unsigned, FORBIDDEN, "nobody signed it", "unsigned")
    refused(config, store, other, FORBIDDEN, "a key that is not listed", "keys")
    parts = members(signed)

    def forged(words, status=DATA, **changes):
        changed = parts | {SUMS if n == "sums" else SIGNATURE: b for n, b in changes.items()}
        file = forge(tmp / "forged.recorte", list(changed.items()))
        refused(config, store, file, status, words)

    kind, value = parts[SIGNATURE].split(b":")
    raw = bytearray(base64.b64decode(value))
    raw[10] ^= 1
    forged("is not ours's", signature=kind + b":" + base64.b64encode(raw))
    forged("is not ours's", sums=parts[SUMS].replace(b"README.md", b"README.mb"))
    forged("is not ours's", signature=b"ours:" + members(other)[SIGNATURE].split(b":")[1])
    forged("a key that is not listed", FORBIDDEN, signature=b"theirs:" + value)
    forged("its signature is none", signature=b"ours:AAAA")
    forged("its signature is none", signature=b"")
    # Not after the files it stands for.
    late = {SUMS: parts[SUMS], **{n: b for n, b in parts.items() if n not in (SUMS, SIGNATURE)}, SIGNATURE: parts[SIGNATURE]}
    refused(config, store, forge(tmp / "late.recorte", list(late.items())), FORBIDDEN, "nobody signed it")
    assert tree(store) == ["enabled", "lock"]
    assert b"signed by ours" in plugin(config, "install", signed).stdout
    assert b"by ours" in plugin(config, "info", "cut@1.2.0").stdout
    # Where unsigned ones are taken, one with a signature of nobody we know is not.
    config, store = configured(tmp, f'keys = ["{ours}"]\n')
    refused(config, store, other, FORBIDDEN, "a key that is not listed")
    plugin(config, "install", unsigned)
    config, store = configured(tmp, f'keys = ["{ours}", "{theirs}"]\nunsigned = false\n')
    assert b"signed by theirs" in plugin(config, "install", other).stdout


def the_store_survives(tmp):
    config, store = configured(tmp)
    first, second = bundle(tmp, "1.0.0"), bundle(tmp, "1.1.0")
    # Two at once: each is installed once, and whoever comes second says so.
    together = [subprocess.Popen([RECORTE, "plugin", "install", f, "--enable", "--config", config], stdout=subprocess.PIPE)
                for f in (first, second, first, second)]
    said = [p.communicate()[0].decode() for p in together]
    assert [p.returncode for p in together] == [0] * 4, said
    assert sum(s.startswith("already installed") for s in said) == 2, said
    assert [l for l in (store / "enabled").read_text().splitlines() if l[0] != "#"] == ["cut@1.0.0", "cut@1.1.0"]
    before = tree(store)
    # Another library under a version that is there.
    run("plugin", "bundle", BUILD / "plugins" / "cut.so", "-o", tmp / "c.recorte")
    plugin(config, "install", tmp / "c.recorte")
    changed = project(tmp, "0.1.0")
    (changed / "build" / "deep" / "it.so").write_bytes(library("cut", "0.1.0") + b"x")
    run("plugin", "bundle", changed, "-o", tmp / "d.recorte")
    refused(config, store, tmp / "d.recorte", USAGE, "cut@0.1.0 is installed already, and is another library")
    plugin(config, "remove", "cut@0.1.0")
    assert tree(store) == before
    # Killed while it tries the library: what is left is cleared away by whoever comes next.
    run("plugin", "bundle", BUILD / "vices" / "vice-loop-constructor.so", "-o", tmp / "hang.recorte")
    process = subprocess.Popen([RECORTE, "plugin", "install", tmp / "hang.recorte", "--config", config], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while not list(store.glob(".new-*/plugin.json")):
        assert time.monotonic() < end and process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert list(store.glob(".new-*"))
    assert b"cut@1.1.0 " in plugin(config, "install", second).stdout
    assert tree(store) == before
    # A disk that takes no more.
    def full():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))
    third = bundle(tmp, "1.3.0")
    done = subprocess.run([RECORTE, "plugin", "install", third, "--config", config], capture_output=True, preexec_fn=full)
    assert done.returncode == UNAVAILABLE and b"cannot write" in done.stderr, done
    assert tree(store) == before
    # A library that changed where it lies.
    file = next((store / "cut" / "1.1.0").glob("*.so"))
    file.write_bytes(file.read_bytes() + b"x")
    says(plugin(config, "enable", "cut@1.1.0", status=DATA), "not what was installed", "install its bundle again")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "16px"), "--plugins", BUILD / "plugins", "--plugins", store, status=DATA), "not what was installed")
    plugin(config, "remove", "cut@1.1.0", "--force")
    plugin(config, "install", second)
    # A store that is not ours, and one that is everybody's.
    if os.geteuid() == 0:
        shutil.chown(store, "nobody")
        words = ["belongs to nobody", "sudo -u nobody recorte plugin"]
    else:
        os.chmod(store, 0o500)
        words = ["lock"]
    before = tree(store)
    for command in (["install", third], ["enable", "cut"], ["disable", "cut"], ["remove", "cut@1.0.0"]):
        says(plugin(config, *command, status=FORBIDDEN), str(store), *words)
    assert tree(store) == before
    if os.geteuid() == 0:
        shutil.chown(store, "root")
    os.chmod(store, 0o777)
    says(plugin(config, "install", third, status=FORBIDDEN), "anyone may write", "chmod o-w")
    assert b"anyone may write" in plugin(config, "list").stdout


def served(tmp, name, text=""):
    """A survey of the demo sky, with more in its file."""
    survey = (DEMO_SURVEYS / "demo.toml").read_text().replace('"../sky"', f'"{DEMO_SURVEYS.parent / "sky"}"')
    survey = survey.replace("[survey]", f'[survey]\nindex = "{DEMO_SURVEYS / "demo.index"}"', 1)
    (tmp / "surveys.d" / f"{name}.toml").write_text(survey + text)


def surveys_get_the_versions_they_pin(tmp):
    fits = astropy_fits()
    config, store = configured(tmp)
    for version in ("1.2.0", "1.9.0", "2.0.0"):
        plugin(config, "install", bundle(tmp, version, plugin="tiles"))
    plugin(config, "install", bundle(tmp, "1.0.0"))
    path = {"RECORTE_PLUGIN_PATH": str(store)}
    served(tmp, "plain")
    served(tmp, "old", '\n[plugins]\ntiles = ">=1.2,<2"\ncut = "0.1"\n')

    def made_by(survey):
        out = tmp / "a.fits"
        cut(out, *at(EXAMPLE, "16px"), survey=survey, surveys=tmp / "surveys.d", env=path)
        with fits.open(out) as hdus:
            head = hdus[0].header if "RCADAPT" in hdus[0].header else hdus[1].header
            return head["RCADAPT"], head["RCALGO"]

    def shown(survey):
        done = run("survey", "show", survey, "--surveys", tmp / "surveys.d", env=path)
        return json.loads(done.stdout)["plugin"]

    # What is not enabled is not used, and a pin that only it meets says so.
    assert made_by("plain") == ("tiles 0.1.0", "cut 0.1.0")
    done = run("survey", "show", "old", "--surveys", tmp / "surveys.d", env=path, status=USAGE)
    line = [n for n, text in enumerate((tmp / "surveys.d" / "old.toml").read_text().splitlines(), 1) if text.startswith("tiles")][0]
    says(done, f"old.toml:{line}: ", 'no version of tiles meets ">=1.2,<2": there is 0.1.0', "recorte plugin enable tiles@1.9.0")
    said = plugin(config, "enable", "tiles@1.2.0").stdout.decode()
    assert "survey old: tiles 1.2.0\n" in said and "survey plain: tiles 1.2.0 instead of 0.1.0\n" in said, said
    for name in ("tiles@1.9.0", "tiles", "cut"):
        plugin(config, "enable", name)
    # Two surveys, two versions of an adapter and of an algorithm, in one worker.
    assert shown("plain") == "tiles 2.0.0" and shown("old") == "tiles 1.9.0"
    (tmp / "list.csv").write_text("id,survey,ra,dec\n" + "".join(f"{s},{s},{EXAMPLE[0]},{EXAMPLE[1]}\n" for s in ("plain", "old")))
    run("cut", "--surveys", tmp / "surveys.d", "--positions", tmp / "list.csv", "--size", "16px", "--workers", "1",
        "-o", tmp / "out", env=path)
    by = {}
    for survey in ("plain", "old"):
        with fits.open(tmp / "out" / f"{survey}.fits") as hdus:
            head = next(h.header for h in hdus if "RCADAPT" in h.header)
            by[survey] = (head["RCADAPT"], head["RCALGO"])
    assert by == {"plain": ("tiles 2.0.0", "cut 1.0.0"), "old": ("tiles 1.9.0", "cut 0.1.0")}, by
    # Back to an older one, and forth.
    said = plugin(config, "enable", "tiles@1.9.0", "--only").stdout.decode()
    assert "survey plain: tiles 1.9.0 instead of 2.0.0\n" in said and "survey old" not in said, said
    assert made_by("plain")[0] == "tiles 1.9.0"
    assert b"survey plain: tiles 2.0.0 instead of 1.9.0\n" in plugin(config, "enable", "tiles").stdout
    # An older one that is installed and enabled is not the one that is used, and says so.
    said = plugin(config, "install", bundle(tmp, "1.5.0", plugin="tiles"), "--enable").stdout.decode()
    assert "1.5.0 is older than 2.0.0" in said and "--only" in said and "survey" not in said.replace("surveys get", ""), said
    assert made_by("plain")[0] == "tiles 2.0.0"
    # What is used is not removed, unless it has to be.
    says(plugin(config, "remove", "tiles@1.9.0", status=USAGE), "is what old is served by", "--force")
    says(plugin(config, "remove", "tiles", status=USAGE), "several versions", "tiles@1.9.0")
    plugin(config, "remove", "tiles@1.2.0")
    said = plugin(config, "remove", "tiles@1.9.0", "--force").stdout.decode()
    assert "survey old: tiles 1.5.0 instead of 1.9.0\n" in said, said
    said = plugin(config, "disable", "tiles@1.5.0").stdout.decode()
    assert "survey old: there is no tiles for it now; it cannot be served\n" in said, said
    # Numbers, not text; and pins that are none.
    for text, *words in (('tiles = "=1.10"', "meets", "there is 2.0.0, 0.1.0"),
                         ('tiles = "^2"', "'^2' is no condition"), ("tiles = 2", "between quotes"),
                         ('tyles = "2"', 'no plugin "tyles"', 'did you mean "tiles"'), ('tiles = ">=2,<1"', "exclude each other")):
        served(tmp, "old", f"\n[plugins]\n{text}\n")
        says(run("survey", "show", "old", "--surveys", tmp / "surveys.d", env=path, status=USAGE), "old.toml:", *words)


def commands_show_what_there_is(tmp):
    config, store = configured(tmp)
    says(plugin(config, "enable", "cut", status=NOT_FOUND), "no plugin 'cut' is installed", "nothing is")
    plugin(config, "install", bundle(tmp, "1.2.0"), "--enable")
    plugin(config, "install", bundle(tmp, "1.1.0"))
    served(tmp, "one", '\n[plugins]\ncut = "1"\n')
    rows = [line.split() for line in plugin(config, "list").stdout.decode().splitlines()]
    assert [(r[1], r[3]) for r in rows if r[0] == "cut"] == [("1.2.0", "enabled"), ("0.1.0", "built") , ("1.1.0", "disabled")], rows
    said = plugin(config, "info", "cut").stdout.decode()
    for part in ("version      1.2.0", "state        installed, enabled", "surveys      one\n", "# cut 1.2.0\n\nCuts stamps.", "nobody's"):
        assert part in said, said
    assert "not enabled" in plugin(config, "info", "cut@1.1.0").stdout.decode()
    assert "in a directory" in plugin(config, "info", "cut@0.1.0").stdout.decode()
    says(plugin(config, "info", "cat", status=NOT_FOUND), "did you mean cut?")
    says(plugin(config, "enable", "cut@3.0.0", status=NOT_FOUND), "there is 1.2.0, 1.1.0")
    assert plugin(config, "disable", "cut").stdout.startswith(b"disabled cut@1.2.0\n")
    assert plugin(config, "disable", "cut").stdout.startswith(b"cut was not enabled\n")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
