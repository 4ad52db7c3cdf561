"""The benchmark's sky: a DES-like tile of 10,000 x 10,000 float32 pixels in three bands, packed in three ways, and a neighbour.

Everything is drawn from fixed seeds, so that two machines with one numpy compare the same pixels. Made once, in some minutes; 2.1 GB.

    plain/tileA_g.fits          the tile
    rice/, rice256/, gzip2/     the same pixels packed by fpack: RICE by rows (q = 4, dithered), RICE 256 x 256, GZIP_2 (lossless)
    colour/tileA_{g,r,i}.fits   three bands
    mosaic/tile{A,B}_g.fits     and its neighbour to the east, which has a tangent point of its own and overlaps by 228 pixels
"""
# SPDX-License-Identifier: BSD-3-Clause
import functools
import os
import subprocess
import time

import numpy

SIDE = 10_000
SCALE = 0.263 / 3600  # degrees a pixel
RA, DEC = 45.0, -30.0  # the tile's tangent point
OVERLAP = 228  # pixels
NEIGHBOUR_RA = RA + (SIDE - OVERLAP) * SCALE / numpy.cos(numpy.radians(DEC))
SOURCES = 160_000  # in the square of 3.4 tiles a side that both tiles see
KINDS = {"rice": ["-r", "-q1", "4"], "rice256": ["-r", "-q1", "4", "-t", "256,256"], "gzip2": ["-g2", "-q", "0"]}
MADE = "made-1"  # another number where what is made changes


def header(ra, band):
    """A header as long as a survey's: WCS, photometry, and what pipelines leave behind."""
    from astropy.io import fits
    cards = fits.Header()
    cards.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CUNIT1": "deg", "CUNIT2": "deg", "CRVAL1": ra, "CRVAL2": DEC,
                  "CRPIX1": SIDE / 2 + 0.5, "CRPIX2": SIDE / 2 + 0.5, "CD1_1": -SCALE, "CD1_2": 0.0, "CD2_1": 0.0, "CD2_2": SCALE,
                  "RADESYS": "ICRS", "EQUINOX": 2000.0, "BUNIT": "ADU", "FILTER": band, "MAGZERO": 30.0, "EXPTIME": 900.0,
                  "GAIN": 512.3, "SATURATE": 1.1e5})
    for i in range(90):
        cards[f"PIPE{i:04d}"] = (1.2345 * i, f"parameter {i} of the pipeline")
    for i in range(30):
        cards["HISTORY"] = f"step {i} of the coaddition"
    return cards


@functools.cache
def sources():
    """RA, Dec, flux, width (sigma, pixels) and colour of every star and galaxy of the sky."""
    rng = numpy.random.default_rng(42)
    reach = 3.4 * SIDE * SCALE
    ra = RA + (rng.random(SOURCES) - 0.5) * reach / numpy.cos(numpy.radians(DEC))
    dec = DEC + (rng.random(SOURCES) - 0.5) * reach
    flux = 10 ** (0.4 * (30 - 16 - 8.5 * rng.power(4, SOURCES)))
    return ra, dec, flux, 1.6 + numpy.abs(rng.normal(0, 1.2, SOURCES)), rng.normal(0, 0.4, SOURCES)


def paint(pixels, x, y, flux, sigma):
    """Adds a Gaussian, as far as six sigma."""
    reach = int(6 * sigma) + 2
    columns = numpy.arange(max(0, int(x) - reach), min(SIDE, int(x) + reach))
    rows = numpy.arange(max(0, int(y) - reach), min(SIDE, int(y) + reach))
    if not len(columns) or not len(rows):
        return
    across = numpy.exp(-0.5 * ((columns - x) / sigma) ** 2)
    up = numpy.exp(-0.5 * ((rows - y) / sigma) ** 2)
    peak = flux / (2 * numpy.pi * sigma**2)
    pixels[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1] += (peak * numpy.outer(up, across)).astype("f4")


def make_tile(path, ra, band, seed, reddening):
    """Correlated noise of sigma 3, and the sky's sources. `reddening`: magnitudes of this band for each of a source's colour."""
    from astropy.io import fits
    from astropy.wcs import WCS
    rng = numpy.random.default_rng(seed)
    pixels = numpy.empty((SIDE, SIDE), "f4")
    for row in range(SIDE):
        noise = rng.standard_normal(SIDE + 1, dtype="f4")
        pixels[row] = 2.7 * noise[1:] + 1.05 * noise[:-1]
    cards = header(ra, band)
    at_ra, at_dec, flux, sigma, colour = sources()
    x, y = WCS(cards).all_world2pix(at_ra, at_dec, 0)
    flux = flux * 10 ** (0.4 * reddening * colour)
    for i in numpy.flatnonzero((abs(x - SIDE / 2) < SIDE / 2 + 40) & (abs(y - SIDE / 2) < SIDE / 2 + 40)):
        paint(pixels, x[i], y[i], flux[i], sigma[i])
    fits.PrimaryHDU(pixels, cards).writeto(path, overwrite=True)


def make(directory):
    """Makes what is missing below `directory`, and says so."""
    if (directory / MADE).exists():
        return
    begin = time.monotonic()
    print(f"Making the data in {directory}: some minutes, once", flush=True)
    for kind in ("plain", *KINDS, "colour", "mosaic"):
        (directory / kind).mkdir(parents=True, exist_ok=True)
    for path, ra, band, seed, reddening in (("plain/tileA_g.fits", RA, "g", 1, 0.0), ("colour/tileA_r.fits", RA, "r", 2, 0.5),
                                            ("colour/tileA_i.fits", RA, "i", 3, 1.0), ("mosaic/tileB_g.fits", NEIGHBOUR_RA, "g", 4, 0.0)):
        make_tile(directory / path, ra, band, seed, reddening)
        print(f"  {path}", flush=True)
    plain = directory / "plain/tileA_g.fits"
    for link in ("colour/tileA_g.fits", "mosaic/tileA_g.fits"):
        (directory / link).unlink(missing_ok=True)
        os.link(plain, directory / link)
    for kind, options in KINDS.items():
        packed = directory / kind / "tileA_g.fits.fz"
        packed.unlink(missing_ok=True)
        subprocess.run(["fpack", *options, "-O", packed, plain], check=True)
        print(f"  {kind}/tileA_g.fits.fz", flush=True)
    (directory / MADE).touch()
    print(f"  made in {time.monotonic() - begin:.0f} s", flush=True)


def size(directory):
    """Bytes of all data, a file with two names once."""
    found = {status.st_ino: status.st_size for status in (path.stat() for path in directory.glob("*/*.f*"))}
    return sum(found.values())


def to_sky(x, y, ra=RA):
    """ICRS degrees of pixels (from 0) of a tile with tangent point `ra`: the inverse TAN projection (Calabretta & Greisen 2002)."""
    xi = numpy.radians(-(x - (SIDE / 2 - 0.5)) * SCALE)
    eta = numpy.radians((y - (SIDE / 2 - 0.5)) * SCALE)
    sin, cos = numpy.sin(numpy.radians(DEC)), numpy.cos(numpy.radians(DEC))
    below = cos - eta * sin
    return ra + numpy.degrees(numpy.arctan2(xi, below)), numpy.degrees(numpy.arctan2(sin + eta * cos, numpy.hypot(xi, below)))


def positions(count, seed, margin=150):
    """(x, y, ra, dec) arrays of places on the tile, `margin` pixels from its edges."""
    rng = numpy.random.default_rng(seed)
    x, y = rng.uniform(margin, SIDE - margin, (2, count))
    return x, y, *to_sky(x, y)


def overlap_positions(count, seed, margin=600):
    """(ra, dec) of places in the middle of the tiles' overlap."""
    rng = numpy.random.default_rng(seed)
    y = rng.uniform(margin, SIDE - margin, count)
    return to_sky(numpy.full(count, OVERLAP / 2 + 0.5), y)
