"""Cards written by core/fits, read by astropy. Argument: the directory that astropy_test.cpp filled."""
# SPDX-License-Identifier: BSD-3-Clause
import math
import pathlib
import sys
import warnings

from astropy.io import fits

warnings.simplefilter("error")
directory = pathlib.Path(sys.argv[1])
raw = (directory / "header").read_text()
header = fits.Header.fromstring(raw)
bad = 0
for line in (directory / "expected").read_text().splitlines():
    kind, keyword, value = line.split("\t")
    got = header[keyword]
    if kind == "number":
        value = float.fromhex(value)
        good = isinstance(got, float) and got == value and math.copysign(1, got) == math.copysign(1, value)
    else:
        good = got == value
    if not good:
        bad += 1
        print("DIFFERENT:", keyword, repr(value), repr(got), file=sys.stderr)
for card in header.cards:
    card.verify("exception")
history = "".join(header["HISTORY"])
if history != "h" * 200 + "second line":
    bad += 1
    print("DIFFERENT: HISTORY", history, file=sys.stderr)
sys.exit(1 if bad else 0)
