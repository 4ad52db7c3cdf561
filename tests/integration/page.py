"""A page of the documentation as the steps that a reader takes.

    ```sh              is run, one block after the other, in one shell
    ```text            after a shell block: what it prints; see `agrees`
    ```cpp, toml, …    below a line that ends with its name, as in "`plates.cpp`:", is written as that file;
                       any other is a quotation: some file that is there by then holds its lines

What the page does not show, or what differs, stands in comments, which no reader sees:

    <!-- skip -->          the next block is left alone
    <!-- fails -->         the next shell block ends with an error
    <!-- file: NAME -->    the next block is written as that file
    <!-- needs data -->    the case is skipped where the real survey data are not there
    <!-- run               lines of shell that the page takes as done
    -->
"""
# SPDX-License-Identifier: BSD-3-Clause
import dataclasses
import re

SHELL, FILE, OUTPUT, QUOTE, NEEDS = "shell", "file", "output", "quote", "needs"
FENCE = re.compile(r"^(\s*)(```+|~~~+)\s*(\w*)")
FILE_NAME = re.compile(r"`([^`\s]+)`:\s*$")


@dataclasses.dataclass
class Step:
    kind: str
    text: str
    line: int  # of the page, from 1
    name: str = ""  # of a file
    fails: bool = False


def steps(text):
    """The steps of a page, in order."""
    lines = text.splitlines()
    found, notes, before, i = [], {}, "", 0
    while i < len(lines):
        line = lines[i].strip()
        if fence := FENCE.match(lines[i]):
            end = next(j for j in range(i + 1, len(lines) + 1) if j == len(lines) or lines[j].strip() == fence[2])
            body = "\n".join(l.removeprefix(fence[1]) for l in lines[i + 1:end]) + "\n"
            if step := _block(fence[3], body, i + 1, before, notes, found):
                found.append(step)
            notes, before, i = {}, "", end
        elif line.startswith("<!-- run"):
            end = next(j for j in range(i, len(lines)) if lines[j].strip().endswith("-->"))
            found.append(Step(SHELL, "\n".join(lines[i + 1:end]) + "\n", i + 1))
            i = end
        elif line == "<!-- needs data -->":
            found.append(Step(NEEDS, "", i + 1))
        elif note := re.fullmatch(r"<!-- (skip|fails|file): ?(\S*) -->|<!-- (skip|fails) -->", line):
            notes[note[1] or note[3]] = note[2] or ""
        elif line:
            before = line
        i += 1
    return found


def _block(language, body, line, before, notes, found):
    if "skip" in notes or not language:
        return None
    if language in ("sh", "bash"):
        return Step(SHELL, body, line, fails="fails" in notes)
    if language == "text":
        return Step(OUTPUT, body, line) if found and found[-1].kind == SHELL else None
    name = notes.get("file") or ((m := FILE_NAME.search(before)) and m[1])
    return Step(FILE, body, line, name) if name else Step(QUOTE, body, line)


def _pattern(line):
    """Blanks are as many as they like, … is anything, and a time is another the next time."""
    out = re.escape(" ".join(line.split())).replace("\\ ", r"\s+").replace("…", ".*")
    return re.compile(re.sub(r"\d+(\\\.\d+)?(\\s\+)?([mµ]?s)\b", r"[\\d.]+\2\3", out))


def agrees(expected, printed):
    """Whether the expected lines were printed, in order; further ones do not matter. Else the line that was not."""
    lines = iter(printed.splitlines())
    for line in filter(str.strip, expected.splitlines()):
        if line.strip() == "…":
            continue
        pattern = _pattern(line)
        if not any(pattern.fullmatch(l.strip()) for l in lines):
            return line
    return None


def quoted(quotation, text):
    """Whether `text` has the lines of the quotation in order, whatever their indentation; … stands for any of them."""
    lines = iter(" ".join(l.split()) for l in text.splitlines())
    for line in (" ".join(l.split()) for l in quotation.splitlines()):
        if not line or line == "…":
            continue
        pattern = re.compile(".*".join(re.escape(part.strip()) for part in line.split("…")))
        if not any(pattern.fullmatch(l) for l in lines):
            return False
    return True
