"""The plugin ABI is frozen: its layout, its reference, and plugins of the freeze, of other compilers and versions."""
# SPDX-License-Identifier: BSD-3-Clause
import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys

from harness import BUILD, DEMO, EXAMPLE, SOURCE, Skip, astropy_fits, at, cut, main, run

SDK = SOURCE / "sdk/include"
HEADERS = SOURCE / "tests/contract/headers"
FROZEN = SOURCE / "tests/contract/frozen"
PLUGIN = FROZEN / "frozen-1.0-x86_64.so"
C = {"gcc": ["gcc", "-std=c11"], "clang": ["clang", "-std=c11"]}
CXX = {"g++": ["g++", "-std=c++20"], "clang++": ["clang++", "-std=c++20"]}


def compiled(command, source, include=SDK):
    """The complaints of a compiler about a source; "" where it has none."""
    if shutil.which(command[0]) is None:
        raise Skip(f"{command[0]} is not installed")
    done = subprocess.run([*command, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only", f"-I{include}", source],
                          capture_output=True, text=True, timeout=120)
    return done.stderr if done.returncode else ""


def the_layout_is_that_of_the_freeze(_):
    for source, compilers in (("all.c", C), ("all.cpp", CXX)):
        for command in compilers.values():
            assert (said := compiled(command, HEADERS / source)) == "", said


# What somebody may be tempted to do, and what the build says of it.
CHANGES = [
    ("survey.h", r"(  double exptime;[^\n]*\n)(  double zeropoint;[^\n]*\n)", r"\2\1", "recorte_source.exptime is no longer at byte"),
    ("survey.h", r"(  const recorte_pair \*pairs;)", r"  double seeing;\n\1", "recorte_source.pairs is no longer at byte"),
    ("survey.h", r"(  uint32_t pair_count, card_count;)", r"\1\n  double seeing;", "recorte_source is no longer 208 bytes"),
    ("survey.h", r"int32_t hdu;", "uint32_t hdu;", "recorte_plane.hdu is no longer int32_t"),
    ("survey.h", r"RECORTE_IMAGE, RECORTE_WEIGHT", "RECORTE_WEIGHT, RECORTE_IMAGE", "RECORTE_IMAGE is no longer 0"),
    ("survey.h", r"typedef int32_t recorte_role;", "typedef uint32_t recorte_role;", "recorte_role is no longer int32_t"),
    ("survey.h", r"recorte.survey/1", "recorte.survey/2", "RECORTE_SURVEY_V1 is no longer"),
    ("algorithm.h", r"uint64_t n,", "uint32_t n,", "recorte_job.to_sky is no longer"),
    ("algorithm.h", r"  uint32_t reserved;\n  recorte_rect window;", "  recorte_rect window;", "padding struct to align"),
    ("abi.h", r"RECORTE_INTERNAL = 9", "RECORTE_INTERNAL = 10", "RECORTE_INTERNAL is no longer 9"),
    ("abi.h", r"char message\[504\]", "char message[1016]", "recorte_error is no longer 512 bytes"),
]


def a_change_of_the_headers_fails_the_build(directory):
    for number, (header, old, new, sentence) in enumerate(CHANGES):
        changed = directory / str(number)
        shutil.copytree(SDK, changed)
        text = (changed / "recorte" / header).read_text()
        after, count = re.subn(old, new, text, count=1)
        assert count == 1, f"{header} has no {old}"
        (changed / "recorte" / header).write_text(after)
        said = compiled(C["gcc"], HEADERS / "all.c", changed)
        assert sentence in said, f"{header}: {old} -> {new}: {said or 'it compiles'}"


def the_reference_is_what_the_headers_say(_):
    done = subprocess.run([SOURCE / "scripts/abi-reference", "--check", "/tmp/recorte-abi.md"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def the_plugin_of_the_freeze():
    if platform.machine() != "x86_64":
        raise Skip("the plugin of the freeze is for x86-64")
    digest = hashlib.sha256(PLUGIN.read_bytes()).hexdigest()
    assert digest == "6cd1c1c47a3a8aa51a9999e33c8f3198a889b55e8b6589a5be208a28c7d1ecd4", f"{PLUGIN} is not the plugin that was frozen, but {digest}"
    return PLUGIN


def built(directory, compiler):
    """The plugin of the freeze, built now by a compiler with the installed SDK, as an outsider builds it."""
    if shutil.which(compiler) is None:
        raise Skip(f"{compiler} is not installed")
    sdk = directory / "sdk"
    for command in (["cmake", "--install", BUILD, "--component", "sdk", "--prefix", sdk],
                    [FROZEN / "build", compiler, directory, f"-DCMAKE_PREFIX_PATH={sdk}"]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stdout + done.stderr
    return directory / "frozen.so"


def host(program, compiler, include=SDK):
    """The smallest host, built now by a compiler."""
    if shutil.which(compiler) is None:
        raise Skip(f"{compiler} is not installed")
    done = subprocess.run([compiler, "-std=c++20", f"-I{include}", "-o", program, FROZEN / "host.cpp"],
                          capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return program


SAID = """\
Plates
r 1 deep team 55000 90 31.4 0:/archive/image.fits[1] 3:/archive/mask.fits[-1MSK]
g g -32 8x4 105
r r -32 8x4 105
OWN  -32 8x4 35
2 two images are made up
1 opened
2 0.000000 to 21.000000
2 60.000000 to 81.000000
2 0.000000 to 21.000000
2 60.000000 to 81.000000
0 images left
"""


def hosts_and_plugins_of_either_compiler_and_of_a_later_minor(directory):
    later = BUILD / "tests/contract/grown/headers/sdk/include"
    hosts = [host(directory / "host-gcc", "g++"), host(directory / "host-clang", "clang++"),
             host(directory / "host-later", "g++", later)]
    plugins = [the_plugin_of_the_freeze(), built(directory / "gcc", "g++"), built(directory / "clang", "clang++")]
    if not os.environ.get("RECORTE_SANITIZE"):  # which a program without it does not load
        plugins.append(BUILD / "tests/contract/grown/rebuilt.so")
    for program in hosts:
        for plugin in plugins:
            done = subprocess.run([program, plugin], capture_output=True, text=True, timeout=60)
            assert done.stdout == SAID and done.returncode == 0, f"{program} with {plugin}:\n{done.stdout}{done.stderr}"


def serves(directory, library):
    """A survey and an algorithm of a library make what ours do."""
    fits = astropy_fits()
    plugins, surveys = directory / "plugins", directory / "surveys.d"
    plugins.mkdir(parents=True)
    surveys.mkdir()
    shutil.copy(library, plugins / "frozen.so")
    (surveys / "plates.toml").write_text(f"""
        [survey]
        plugin = "frozen"
        root = "{DEMO}/sky"
        index = "{DEMO}/surveys.d/demo.index"
        """)
    env = {"RECORTE_PLUGIN_PATH": str(plugins)}
    done = run("plugin", "probe", plugins / "frozen.so", env=env)
    assert b"ABI 1.0" in done.stdout, done.stdout
    where = [*at(EXAMPLE, "1arcmin"), "--bands", "g,r"]

    def pixels(name, *options, **more):
        cut(directory / name, *where, *options, env=env, **more)
        with fits.open(directory / name) as file:
            return [(part.name, part.header.get("FROZEN"), part.data) for part in file if part.data is not None]

    theirs = pixels("theirs.fits", survey="plates", surveys=surveys)
    ours = pixels("ours.fits")
    assert [data.tobytes() for *_, data in theirs] == [data.tobytes() for *_, data in ours]
    assert theirs[0][1] == "1.0" and ours[0][1] is None

    theirs = pixels("mean.fits", "--algorithm", "frozen", "--param", "factor=3")
    ours = pixels("mosaic.fits", "--algorithm", "mosaic")
    for (name, _, mean), (_, _, mosaic) in zip(theirs[:2], ours, strict=True):
        assert (mean == 3 * mosaic).all(), f"{name} is not three times what the mosaic has"


def the_plugin_of_the_freeze_is_served(directory):
    serves(directory, the_plugin_of_the_freeze())


def a_plugin_by_clang_is_served(directory):
    serves(directory, built(directory / "clang", "clang++"))


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
