"""Bundles of plugins: what one holds, whose is taken, what is refused. They are read and forged by tarfile, checked by sha256sum
and openssl."""
# SPDX-License-Identifier: BSD-3-Clause
import base64
import ctypes
import gzip
import hashlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile

from bundling import (DATA, FORBIDDEN, NOT_FOUND, PLUGIN, SIGNATURE, SUMS, TOO_LARGE, UNAVAILABLE, USAGE, bundle, configured, library,
                      members, plugin, project, refused, tree)
from harness import BUILD, RECORTE, main, run, says


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
    deep = files | {"plugin.json": b"[" * (2 << 20)}
    forge(bad, [(SUMS, sums(deep)), *deep.items()])
    refused(config, store, bad, TOO_LARGE, "its plugin.json is larger than")
    assert tree(store) == ["enabled", "lock"]
    plugin(config, "install", good)
    # One that writes when it is loaded is loaded where it cannot.
    run("plugin", "bundle", BUILD / "vices" / "vice-litter-constructor.so", "-o", tmp / "litter.recorte")
    subprocess.run([RECORTE, "plugin", "install", tmp / "litter.recorte", "--config", config], cwd=tmp, check=True, capture_output=True)
    assert not (tmp / "litter").exists() or not landlock()
    # A vice is refused when it is loaded, and leaves nothing behind either.
    for vice, words in (("segfault-constructor", "SIGSEGV"), ("exit-constructor", "ended the process")):
        run("plugin", "bundle", BUILD / "vices" / f"vice-{vice}.so", "-o", bad)
        refused(config, store, bad, PLUGIN, words)


def landlock():
    """Whether the kernel keeps a process from writing where it may not."""
    create_ruleset, ask_version = 444, 1
    return ctypes.CDLL(None).syscall(create_ruleset, None, ctypes.c_size_t(0), ask_version) >= 1


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


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
