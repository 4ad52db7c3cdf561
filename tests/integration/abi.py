"""The plugin ABI is frozen: its layout by every compiler, and its reference page."""
# SPDX-License-Identifier: BSD-3-Clause
import re
import shutil
import subprocess
import sys

from harness import SOURCE, Skip, main

SDK = SOURCE / "sdk/include"
HEADERS = SOURCE / "tests/contract/headers"
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


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
