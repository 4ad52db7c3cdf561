"""What core/fits read, read again by astropy. Argument: the directory of astropy_test.cpp's journal."""
# SPDX-License-Identifier: BSD-3-Clause
import functools
import pathlib
import sys
import warnings

import numpy as np
from astropy import log
from astropy.io import fits
from astropy.wcs import WCS

warnings.simplefilter("ignore")
log.setLevel("WARNING")
directory = pathlib.Path(sys.argv[1])
TYPES = {8: "u1", 16: "i2", 32: "i4", 64: "i8", -32: "f4", -64: "f8"}
# What describes the table or the file and not the image; astropy makes or keeps them its own way.
LAYOUT = {"SIMPLE", "XTENSION", "EXTEND", "PCOUNT", "GCOUNT", "CHECKSUM", "DATASUM", "INHERIT"}
failures = 0


def check(good, *what):
    global failures
    if not good:
        failures += 1
        print("DIFFERENT:", *what, file=sys.stderr)


def plane_of(data, plane):
    return data.reshape((-1,) + data.shape[-2:])[plane]


def pixels(name, bitpix, width, height):
    dtype = np.dtype(TYPES[bitpix])
    rows = np.frombuffer((directory / name).read_bytes(), "u1").reshape(height, -1)
    check((rows[:-1, width * dtype.itemsize:] == 0x55).all(), name, "wrote between rows")
    return np.ascontiguousarray(rows[:, : width * dtype.itemsize]).view(dtype)


def same(a, b):
    if a.dtype.kind == "f":
        return a.shape == b.shape and np.array_equal(a, b, equal_nan=True)
    return np.array_equal(a, b)


def header_of(name):
    return fits.Header.fromstring((directory / name).read_bytes().decode("latin-1"))


def legal(card):
    return card.keyword in ("COMMENT", "HISTORY", "") or card.image.startswith("HIERARCH ") or card.image[8] == "="


def check_header(ours, theirs, what):
    skip = LAYOUT | {"", "COMMENT", "HISTORY", "EXTNAME"}
    # astropy leaves these of the compression in the image's header.
    skip |= {"ZBLANK", "ZDITHER0", "ZQUANTIZ"}
    skip |= {card.keyword for card in theirs.cards if not legal(card)}
    for keyword in dict.fromkeys(theirs):  # of keywords that come twice, the first
        if keyword in skip or keyword.startswith(("ZNAME", "ZVAL", "ZTILE")):
            continue
        try:
            value = theirs[keyword]
            good = (keyword in ours if isinstance(value, fits.card.Undefined)
                    else ours.get(keyword) == value)
            check(good, what, keyword, value, ours.get(keyword))
        except fits.VerifyError:
            pass  # a card that astropy cannot read
    for keyword in ours:
        if keyword not in skip:
            check(keyword in theirs, what, "adds", keyword)
    # Cards that break the standard are kept as comments.
    broken = [card.image[:72].rstrip() for card in theirs.cards if not legal(card)]
    comments = [text for text in ours.get("COMMENT", []) if text not in broken]
    check(comments == list(theirs.get("COMMENT", [])), what, "COMMENT")
    check(list(ours.get("HISTORY", [])) == list(theirs.get("HISTORY", [])), what, "HISTORY")
    if theirs.get("EXTNAME") != "COMPRESSED_IMAGE":
        check(ours.get("EXTNAME") == theirs.get("EXTNAME"), what, "EXTNAME")


def with_axes(cut, parent, width, height):
    """The cut header as a writer completes it."""
    axes = [(f"NAXIS{i}", parent[f"NAXIS{i}"]) for i in range(1, parent["NAXIS"] + 1)]
    axes[:2] = [("NAXIS1", width), ("NAXIS2", height)]
    cards = [("SIMPLE", True), ("BITPIX", parent["BITPIX"]), ("NAXIS", len(axes)), *axes]
    return fits.Header([*(fits.Card(*c) for c in cards), *cut.cards])


def check_wcs(parent, cut, rect, what):
    x, y, width, height = rect
    cut = with_axes(cut, parent, width, height)
    text = parent.tostring()
    for letter in " " + "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        if not any(k + letter.strip() in parent for k in ("CTYPE1", "CRVAL1")):
            continue
        try:
            before, after = wcs_of(text, letter), WCS(cut, key=letter)
        except Exception as error:  # astropy cannot read the parent either
            try:
                wcs_of(text, letter)
            except Exception:
                print("astropy has no WCS of", *what, repr(letter), str(error)[:80])
                continue
            check(False, what, "WCS", letter, error)
            continue
        grid = np.array([(i, j) for i in np.linspace(0, width - 1, 5)
                         for j in np.linspace(0, height - 1, 5)])
        full = np.zeros((len(grid), before.naxis))
        full[:, :2] = grid[:, :before.naxis]
        shifted = full.copy()
        shifted[:, 0] += x
        shifted[:, 1:2] += y
        if before.naxis == 2:
            far = before.all_pix2world(shifted, 0) - after.all_pix2world(full, 0)
        else:
            far = before.wcs_pix2world(shifted, 0) - after.wcs_pix2world(full, 0)
        far = np.nanmax(np.abs(far), initial=0)
        scale = np.abs(before.pixel_scale_matrix)[:2, :2].max() if before.naxis else 1
        check(far <= 1e-6 * scale, what, "WCS", repr(letter), "is off by", far / scale, "pixels")


opened = {}
headers_checked = set()


@functools.lru_cache(maxsize=4)
def wcs_of(header_text, letter):
    return WCS(fits.Header.fromstring(header_text), key=letter)


def hdus_of(path):
    if path not in opened:
        opened.clear()
        opened[path] = fits.open(path, do_not_scale_image_data=True, memmap=False)
    return opened[path]


@functools.lru_cache(maxsize=1)
def physical(path, hdu):
    stored = hdus_of(path)
    if not any(k in stored[hdu].header for k in ("BSCALE", "BZERO", "BLANK")):
        return stored[hdu].data
    with fits.open(path, memmap=False, uint=False) as scaled:
        return scaled[hdu].data


for line in (directory / "journal").read_text().splitlines():
    number, path, *rest = line.split("\t")
    hdu, plane, x, y, width, height, bitpix = map(int, rest)
    what = (pathlib.Path(path).name, hdu, plane, (x, y, width, height))
    stored = hdus_of(path)
    cut = header_of(number + ".cut")
    parent = stored[hdu].header
    if (x, width) != (0, parent["NAXIS1"]):  # one of the two rectangles is enough
        check_wcs(parent, cut, (x, y, width, height), what)
    check(not any(k in cut for k in LAYOUT | {"BITPIX", "NAXIS", "NAXIS1", "ZIMAGE"}), what, "layout")
    if plane < 0:
        continue
    if (path, hdu) not in headers_checked:
        headers_checked.add((path, hdu))
        check_header(header_of(number + ".header"), parent, what)
    ours = pixels(number + ".stored", bitpix, width, height)
    theirs = plane_of(stored[hdu].data, plane)[y:y + height, x:x + width]
    check(same(ours, theirs.astype(ours.dtype)) and theirs.dtype.kind == ours.dtype.kind,
          what, "stored", bitpix, theirs.dtype)
    ours = pixels(number + ".scaled", -64, width, height)
    theirs = plane_of(physical(path, hdu), plane)[y:y + height, x:x + width].astype("f8")
    rounding = 3e-7 * abs(parent.get("BZERO", 0))  # astropy scales short integers in float32
    check(np.allclose(ours, theirs, rtol=3e-7, atol=rounding, equal_nan=True), what, "scaled",
          np.nanmax(np.abs(ours - theirs), initial=0))
sys.exit(1 if failures else 0)
