"""Damaged files, by the hundred: truncated, with bytes flipped, with headers that lie. Each gives a whole product or
one line that names the file; nothing crashes, hangs, or gives a part of a product for the whole.

A case makes a directory of small good files, each at a place of its own, indexes it, damages every file, and cuts all
of them by one list; then it indexes the damaged directory, and cuts again."""
# SPDX-License-Identifier: BSD-3-Clause
import collections
import csv
import gzip
import io
import random
import re
import subprocess
import sys
import warnings

from harness import RECORTE, astropy_fits, main

SIDE = 35        # pixels of the shorter side of the images
STAMP = 48       # of the cutouts, which hold the images whole
SEED = 20261201
# What a damaged file may not cause: a worker lost, a deadline passed, a bug admitted.
FORBIDDEN = ("SIG", "killed", "worker", "crash", "longer than", "bug", "plugin", "memory")


class Sample:
    """One file: `damage` turns its good bytes into what lies on disk. `expect` is "good" (its pixels as they were),
    "sure" (so, or an error), "read" (as astropy reads them), "failed" or "any"."""

    def __init__(self, number, kind, what, expect, damage):
        self.kind, self.what, self.expect, self.damage = kind, what, expect, damage
        self.name = f"{kind}_{number:05}.fits"
        self.place = (10 + number % 60 * 0.25, -30 + number // 60 * 0.25)


def pixels(kind):
    """Stars on a sloping sky, of the type that the kind holds."""
    import numpy
    rng = numpy.random.default_rng(len(kind))
    y, x = numpy.mgrid[:SIDE, :SIDE + 4]
    sky = 200 + 2.0 * x + y + rng.normal(0, 5, x.shape) + 3000 * numpy.exp(-((x - 20) ** 2 + (y - 15) ** 2) / 8)
    if kind == "cube":
        return numpy.stack([sky, 2 * sky, 3 * sky]).astype("i2")
    return sky.astype("f4" if kind in ("plain", "dither", "dither2", "hfloat", "mef", "packed", "lossless") else "i2")


COMPRESSED = {  # kind: what CompImageHDU is told
    "rice": {"compression_type": "RICE_1"},
    "gzip": {"compression_type": "GZIP_1"},
    "gzip2": {"compression_type": "GZIP_2"},
    "hcompress": {"compression_type": "HCOMPRESS_1", "tile_size": (SIDE + 4, 12)},
    "plio": {"compression_type": "PLIO_1"},
    "dither": {"compression_type": "RICE_1", "quantize_level": 8, "quantize_method": 1, "dither_seed": 7},
    "dither2": {"compression_type": "GZIP_2", "quantize_level": 8, "quantize_method": 2, "dither_seed": 7},
    "hfloat": {"compression_type": "HCOMPRESS_1", "quantize_level": 8, "tile_size": (SIDE + 4, 12)},
    "lossless": {"compression_type": "GZIP_1", "quantize_level": 0},
}
KINDS = ["plain", "blank", "cube", "mef", "packed", *COMPRESSED]
SUMMED = ("gzip", "gzip2", "lossless")  # whose tiles have a checksum


def good_file(kind, path):
    """A good file of the kind around RA 111.1111, Dec 22.2222, which `moved` replaces."""
    fits = astropy_fits()
    data = pixels(kind)
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 111.1111, "CRVAL2": 22.2222,
             "CRPIX1": (SIDE + 5) / 2, "CRPIX2": (SIDE + 1) / 2, "CD1_1": -0.0002, "CD2_2": 0.0002, "CD1_2": 0.0,
             "CD2_1": 0.0, "RADESYS": "ICRS", "FILTER": "g", "OBJECT": "a name", "EXPTIME": 30.0}
    if kind in COMPRESSED:
        hdus = [fits.PrimaryHDU(), fits.CompImageHDU(data, **COMPRESSED[kind])]
    elif kind == "mef":
        hdus = [fits.PrimaryHDU(), fits.ImageHDU(data, name="SCI"), fits.ImageHDU(data[:5, :5], name="OTHER")]
    else:
        hdus = [fits.PrimaryHDU(data)]
    image = hdus[min(1, len(hdus) - 1)]
    image.header.update(cards)
    if kind == "blank":
        image.header["BLANK"] = -32768
        image.data[3, 4:9] = -32768
    fits.HDUList(hdus).writeto(path, overwrite=True)
    return path.read_bytes()


def good_files(tmp):
    warnings.simplefilter("ignore")
    return {kind: good_file(kind, tmp / "good.fits") for kind in KINDS}


def moved(data, place):
    """The same file with its centre elsewhere, as far as its header can still be read."""
    for number, value in ((1, place[0]), (2, place[1])):
        data = re.sub(rb"(CRVAL%d  = +)(?:111\.1111|22\.2222)" % number,
                      lambda m: (m.group(1) + b"%.4f" % value)[:30].ljust(len(m.group(0))), data, count=1)
    return data


def finished(kind, data):
    """As the file lies on disk."""
    return gzip.compress(data, mtime=0) if kind == "packed" else data


def extents(data):
    """Of each HDU: where its header, data and padding begin, and where it ends."""
    fits = astropy_fits()
    out = []
    with fits.open(io.BytesIO(data), disable_image_compression=True) as hdus:
        for hdu in hdus:
            header, begin, span = (hdu.fileinfo()[key] for key in ("hdrLoc", "datLoc", "datSpan"))
            out.append((header, begin, begin + hdu.size, begin + span))
    return out


def check(tmp, good, samples):
    """Indexes good files, damages them, cuts them all; then indexes the damaged ones, and cuts some."""
    directory = tmp / "images"
    directory.mkdir()
    for sample in samples:
        (directory / sample.name).write_bytes(finished(sample.kind, moved(good[sample.kind], sample.place)))
    done = index(directory, tmp / "before")
    assert done.stdout.startswith(f"{len(samples)} images"), done.stdout
    for sample in samples:
        (directory / sample.name).write_bytes(sample.damage(moved(good[sample.kind], sample.place)))
    faults = cut_all(directory, tmp / "before", samples, good)
    done = index(directory, tmp / "after")
    skipped = [line for line in done.stdout.splitlines() if line.startswith("skipped ")]
    faults += ["no reason: " + line for line in skipped if len(line.partition(": ")[2]) < 8 or ".fits" not in line]
    for sample in samples:
        if sample.expect == "failed" and not any(sample.name in line for line in skipped):
            faults.append(f"{sample.name} ({sample.what}): it is indexed")
    faults += cut_all(directory, tmp / "after", samples[::7], good)
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:40])


def index(directory, surveys):
    command = [RECORTE, "survey", "index", directory, "--name", "bad", "--surveys", surveys, "--verbose"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, errors="replace")
    assert done.returncode == 0, (done.returncode, done.stderr[-2000:])
    return done


def cut_all(directory, surveys, samples, good):
    """The faults of the answers to a list of all of them."""
    with open(surveys / "list.csv", "w") as rows:
        rows.write("id,ra,dec\n")
        for sample in samples:
            rows.write(f"{sample.name},{sample.place[0]},{sample.place[1]}\n")
    command = [RECORTE, "cut", "--surveys", surveys, "--survey", "bad", "--positions", surveys / "list.csv", "--size",
               f"{STAMP}px", "--bands", "g", "--algorithm", "cut", "--timeout", "20", "-o", surveys / "out"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, errors="replace")
    assert done.returncode in (0, 4, 10), (done.returncode, done.stderr[-2000:])
    with open(surveys / "out" / "manifest.csv", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len(samples)
    counts = collections.Counter(row["status"] for row in rows)
    print(f"{len(samples)} files {surveys.name} the damage was indexed:", dict(counts))
    faults = []
    for sample, row in zip(samples, rows):
        if fault := judge(sample, row, directory, surveys / "out", good):
            faults.append(f"{sample.name} ({sample.what}), {row['status']}: {fault}")
    return faults


def judge(sample, row, directory, out, good):
    """What is wrong with the answer, or nothing."""
    if row["status"] == "ok":
        if sample.expect == "failed":
            return "a product was made of it"
        try:
            return product_fault(sample, directory / sample.name, out / row["file"], good)
        except Exception as error:  # whatever astropy makes of the product
            return f"the product is broken: {error!r}"
    message = row["message"]
    if sample.expect in ("good", "read"):
        return "it is good enough, but: " + message
    if "\n" in message or not message:
        return "the message is not one line: " + message
    if any(word in message for word in FORBIDDEN):
        return "not the file's fault? " + message
    # An image that is now elsewhere is no longer found.
    if row["status"] == "failed" and sample.name not in message:
        return "the message does not name the file: " + message
    return None


def product_fault(sample, parent, path, good):
    import numpy
    fits = astropy_fits()
    with fits.open(path, checksum=True, do_not_scale_image_data=True) as product:
        product.verify("exception")
        images = [hdu for hdu in product if hdu.data is not None]
        if path.stat().st_size % 2880 or len(images) != 1 or images[0].data.shape[-2:] != (STAMP, STAMP):
            return f"the product has another shape: {[h.shape for h in product]}"
        left, bottom = images[0].header["RCX0"], images[0].header["RCY0"]
        # Damage may have moved another image here.
        if sample.expect not in ("good", "sure", "read") or images[0].header["RCFILE"] != sample.name:
            return None
        inside = images[0].data[..., -bottom:-bottom + SIDE, -left:-left + SIDE + 4]
        source = parent if sample.expect == "read" else io.BytesIO(good[sample.kind])
        with fits.open(source, do_not_scale_image_data=True) as parents:
            number = images[0].header["RCHDU"]
            if not numpy.array_equal(inside, parents[number].data, equal_nan=inside.dtype.kind == "f"):
                return "the pixels differ"
    return None


def truncated_at_fifty_places(tmp):
    good = good_files(tmp)
    samples = []

    def add(kind, expect, keep):
        samples.append(Sample(len(samples), kind, "cut short", expect,
                              lambda data: finished(kind, data)[:keep(len(finished(kind, data)))]))

    for kind, data in good.items():
        # Without padding, or without the HDUs after its own, the image is whole.
        whole = [] if kind == "packed" else [(end, after) for *_, end, after in extents(data) if end > 2880]
        for n in range(50):
            length = len(data) * (n + 1) // 51
            good_yet = any(end <= length <= after for end, after in whole)
            add(kind, "good" if good_yet else "failed", lambda length, n=n: length * (n + 1) // 51)
        for end, _ in whole:
            add(kind, "good", lambda _, end=end: end)
    check(tmp, good, samples)


def two_hundred_byte_flips(tmp):
    """Of each kind, anywhere: headers, tables, heaps, pixels, padding."""
    good = good_files(tmp)
    rng = random.Random(SEED)
    samples = []
    for kind, data in good.items():
        length = len(finished(kind, data))
        parts = extents(data)
        for _ in range(200):
            at, bits = rng.randrange(length), rng.randrange(1, 256)
            expect, where = flip_expectation(kind, parts, at)
            samples.append(Sample(len(samples), kind, f"byte {at} of {where}", expect,
                                  lambda data, kind=kind, at=at, bits=bits: flipped(finished(kind, data), at, bits)))
    check(tmp, good, samples)


def flipped(data, at, bits):
    changed = bytearray(data)
    changed[at % len(data)] ^= bits
    return bytes(changed)


def flip_expectation(kind, parts, at):
    if kind == "packed":
        return "sure", "the packed file"
    for header, begin, end, after in parts:
        if header <= at < begin:
            return "any", "a header"
        if begin <= at < end:
            return "sure" if kind in SUMMED else "any" if kind in COMPRESSED else "read", "the data"
        if end <= at < after:
            return "good", "the padding"
    return "good", "nothing"


HUGE = [0, -1, 1, 2**31 - 1, 2**31, 2**62, 2**63 - 1, -2**63, "missing", "'text'", "1.5"]
LIES = {
    **{key: HUGE for key in ("ZNAXIS", "ZNAXIS1", "ZNAXIS2", "ZTILE1", "ZTILE2", "ZBITPIX", "ZVAL1", "ZVAL2", "ZBLANK",
                             "ZSCALE", "ZZERO", "ZDITHER0", "PCOUNT", "GCOUNT", "THEAP", "NAXIS", "NAXIS1", "NAXIS2",
                             "TFIELDS", "BITPIX")},
    "ZBITPIX": [*HUGE, 8, 16, 32, 64, -32, -64, 17],
    "ZVAL1": [*HUGE, 2, 4, 8, 16, 33, 1000],
    "ZVAL2": [*HUGE, 2, 4, 8, 3],
    "ZNAME1": ["'BYTEPIX'", "'SCALE'", "'SMOOTH'", "'nothing'", "missing"],
    "ZCMPTYPE": ["'RICE_1'", "'GZIP_1'", "'GZIP_2'", "'PLIO_1'", "'HCOMPRESS_1'", "'NOCOMPRESS'", "'RICE_ONE'", "'ZIP'",
                 "''", "missing", 1],
    "ZQUANTIZ": ["'NO_DITHER'", "'SUBTRACTIVE_DITHER_1'", "'SUBTRACTIVE_DITHER_2'", "'NONE'", "'junk'", "missing", 3],
    "ZIMAGE": ["F", "missing", "'T'"],
    "XTENSION": ["'IMAGE'", "'TABLE'", "'junk'"],
    **{f"TFORM{n}": ["'1PB(2)'", "'1PI(9)'", "'1PJ'", "'1QB(300)'", "'PB'", "'0PB'", "'9999999999PB'", "'2PB'", "'8A'",
                     "'1D'", "'1K'", "'PX'", "'P'", "''", "missing", 7] for n in (1, 2, 3)},
    **{f"TTYPE{n}": ["'COMPRESSED_DATA'", "'GZIP_COMPRESSED_DATA'", "'UNCOMPRESSED_DATA'", "'ZSCALE'", "'ZZERO'",
                     "'ZBLANK'", "'NULL_PIXEL_MASK'", "'nothing'", "missing"] for n in (1, 2, 3)},
}
ABSURD = {"NAXIS": [0, -1, 1, 3, 4, 999, 1000, 2**31], "BITPIX": [17, 0, -16, 2**31, 64, -64], "PCOUNT": [-1, 2**62],
          "GCOUNT": [-1, 0, 2**62],
          **{f"NAXIS{n}": [0, -5, 1, 2**31, 2**62, 2**63 - 1, "1.5", "'text'", "missing"] for n in (1, 2, 3)}}


def with_card(data, begin, end, key, value):
    """The header between two offsets with a keyword's card replaced, removed, or put before END."""
    cards = [data[i:i + 80] for i in range(begin, end, 80)]
    card = f"{key:8}= {value:>20}".ljust(80).encode() if value != "missing" else b"COMMENT".ljust(80)
    for i, old in enumerate(cards):
        if old.startswith(f"{key:8}=".encode()):
            cards[i] = card
            break
        if old.startswith(b"END     "):
            if value == "missing" or i + 1 == len(cards):
                return None
            cards[i], cards[i + 1] = card, old
            break
    return data[:begin] + b"".join(cards) + data[end:]


def lies(good, kind, hdu, keywords, samples):
    begin, end = extents(good[kind])[hdu][:2]
    for key, values in keywords.items():
        for value in values:
            if with_card(good[kind], begin, end, key, value) not in (None, good[kind]):
                samples.append(Sample(
                    len(samples), kind, f"HDU {hdu}: {key} = {value}", "any",
                    lambda data, key=key, value=value: finished(kind, with_card(data, begin, end, key, value))))


def lying_z_keywords(tmp):
    good = good_files(tmp)
    samples = []
    for kind in COMPRESSED:
        lies(good, kind, 1, LIES, samples)
    check(tmp, good, samples)


def absurd_naxis(tmp):
    good = good_files(tmp)
    samples = []
    for kind in KINDS:
        for hdu in range(len(extents(good[kind]))):
            lies(good, kind, hdu, ABSURD, samples)
    check(tmp, good, samples)


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
