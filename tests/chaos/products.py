"""What is asked for, and what each of it is when nothing goes wrong: made beforehand by `recorte cut`."""
# SPDX-License-Identifier: BSD-3-Clause
import calendar
import hashlib
import re
import struct
import time

from harness import run

SURVEYS = ("demo", "frail")  # the same sky; files of frail are damaged while they are served
STEP, SIDE = 0.0117, 6
# Around the demo sky's example, over tiles, their seams and the sky beyond; the last ones far away.
POSITIONS = {f"p{i:02}": ((0.055 + STEP * (i % SIDE - 2.5)) % 360, 10.005 + STEP * (i // SIDE - 2.5))
             for i in range(SIDE * SIDE)}
POSITIONS |= {f"far{i}": (100.0 + i, -45.0) for i in range(4)}
VARIANTS = {
    "stamp": {"size": "64px", "bands": "g", "format": "fits"},
    "large": {"size": "160px", "bands": "r", "format": "fits"},
    "planes": {"size": "32px", "bands": "g,i", "planes": "image,mask", "format": "fits"},
    "colour": {"size": "48px", "bands": "g,r,i", "format": "png"},
    "circle": {"bands": "i", "format": "fits"},  # a region a row
    "field": {"size": "3arcmin", "bands": "i", "algorithm": "mosaic", "format": "fits"},
}
SUFFIX = {"fits": ".fits", "png": ".png"}
NO_COVERAGE = 4  # exit status, where some positions have none
CARD, BLOCK = 80, 2880
# Of the moment, or of the plugin's version, which the reloads change.
PASSING_CARDS = ("DATE", "CHECKSUM", "RCALGO", "RCADAPT")
PASSING_TEXTS = (b"Creation Time", b"Adapter", b"Algorithm")


def _steady_fits(data):
    """Cards that tell of the making are left out, wherever a header is."""
    at, out = 0, hashlib.sha256()
    while at < len(data):
        header, size, axes = True, 1, {}
        while header:
            for begin in range(at, at + BLOCK, CARD):
                card = data[begin:begin + CARD].decode("latin-1")
                key = card[:8].rstrip()
                if key == "END":
                    header = False
                    break
                if key == "BITPIX" or key.startswith("NAXIS"):
                    axes[key] = int(card[10:30])
                if key not in PASSING_CARDS:
                    out.update(card.encode("latin-1"))
            at += BLOCK
        for axis in range(1, axes["NAXIS"] + 1):
            size *= axes[f"NAXIS{axis}"]
        size = abs(axes["BITPIX"]) // 8 * size if axes["NAXIS"] else 0
        out.update(data[at:at + size])
        at += -(-size // BLOCK) * BLOCK
    return out.hexdigest()


def _chunks(data):
    at = 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + length]
        at += 12 + length


def _steady_png(data):
    out = hashlib.sha256()
    for kind, content in _chunks(data):
        if kind not in (b"tEXt", b"iTXt", b"zTXt") or content.split(b"\0")[0] not in PASSING_TEXTS:
            out.update(kind + content)
    return out.hexdigest()


def steady(data):
    """A digest of a product, the same each time that it is made. What is neither FITS nor PNG has its own."""
    try:
        return _steady_fits(data) if data.startswith(b"SIMPLE") else _steady_png(data)
    except (struct.error, KeyError, ValueError, IndexError):
        return "broken " + hashlib.sha256(data).hexdigest()


def made_at(data):
    """When a product says that it was made, in seconds since 1970; None where it does not."""
    if data.startswith(b"SIMPLE"):
        found = re.search(rb"DATE    = '([^']+)'", data)
        text = found.group(1) if found else None
    else:
        text = next((content.split(b"\0")[-1] for _, content in _chunks(data) if content.startswith(PASSING_TEXTS[0])), None)
    return text and calendar.timegm(time.strptime(text.decode()[:19], "%Y-%m-%dT%H:%M:%S"))


def where(variant, name):
    """Parameters of one position, besides the variant's."""
    ra, dec = POSITIONS[name]
    return {"circle": f"{ra!r} {dec!r} 0.003"} if variant == "circle" else {"ra": repr(ra), "dec": repr(dec)}


def as_list(variant, names):
    """CSV of positions, with their names as ids."""
    rows = [where(variant, name) for name in names]
    lines = [",".join(["id", *rows[0]]), *(",".join([name, *row.values()]) for name, row in zip(names, rows))]
    return ("\n".join(lines) + "\n").encode()


class Peace:
    """Digests of every variant at every position of both surveys; None where no image covers it."""

    def __init__(self, directory, surveys, plugins):
        self.digests = {}
        for survey in SURVEYS:
            for variant, parameters in VARIANTS.items():
                out = directory / f"{survey}-{variant}"
                (directory / "positions.csv").write_bytes(as_list(variant, list(POSITIONS)))
                options = [word for name, value in parameters.items() for word in (f"--{name}", value)]
                run("cut", "--surveys", surveys, "--plugins", plugins, "--survey", survey, "--positions",
                    directory / "positions.csv", *options, "-o", out, status=NO_COVERAGE)
                for name in POSITIONS:
                    file = out / (name + SUFFIX[parameters["format"]])
                    self.digests[survey, variant, name] = steady(file.read_bytes()) if file.exists() else None
        assert sum(d is not None for d in self.digests.values()) > len(self.digests) / 2, "the positions are off the sky"

    def covered(self, survey, variant, name):
        return self.digests[survey, variant, name] is not None

    def is_it(self, survey, variant, name, data):
        return steady(data) == self.digests[survey, variant, name]
