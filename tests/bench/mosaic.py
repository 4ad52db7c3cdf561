"""Rows of mosaics across the seam of two tiles: processor time onto a TAN grid of its own, so that both tiles are resampled.

Ours reads whole tiles, in a warm process. The peers get inputs that were cut before, which is not counted: whole tiles cost them seconds.
"""
# SPDX-License-Identifier: BSD-3-Clause
import math

import data
from bench_context import HERE, PYTHON, need
from colour import write_list
from measure import Measured, answer, spend

ROUNDS = 3


def places(context, count, size):
    ra, dec = data.overlap_positions(count, context.next_seed(), margin=size // 2 + 100)
    return list(zip(ra.tolist(), dec.tolist()))


def ours(context, where, size, kernel):
    found = answer(context.cut_bench(
        f"survey=mosaic&ra={ra!r}&dec={dec!r}&size={size}px&algorithm=mosaic&north=up&kernel={kernel}" for ra, dec in where))
    return found["ours_cpu"]


def cut_before(context, name, ra, dec, size):
    """The parts of both tiles that a mosaic needs, with a margin for the kernel; their paths."""
    from astropy.io import fits
    from astropy.wcs import WCS
    paths, half = [], size // 2 + 20
    for tile in ("tileA", "tileB"):
        with fits.open(context.image("mosaic", tile), memmap=True) as file:
            header = file[0].header.copy()
            x, y = (math.floor(value) for value in WCS(header).wcs_world2pix(ra, dec, 0))
            x0, x1 = max(0, x - half), min(data.SIDE, x + half)
            y0, y1 = max(0, y - half), min(data.SIDE, y + half)
            header["CRPIX1"] -= x0
            header["CRPIX2"] -= y0
            paths.append(context.work / f"{name}_{tile}.fits")
            fits.PrimaryHDU(file[0].section[y0:y1, x0:x1], header).writeto(paths[-1], overwrite=True)
    return paths


def swarp(context, ra, dec, size, inputs):
    out = context.work / "theirs.fits"
    return spend(["SWarp", *inputs, "-IMAGEOUT_NAME", out, "-WEIGHTOUT_NAME", context.work / "theirs.weight.fits", "-CENTER_TYPE",
                  "MANUAL", "-CENTER", f"{ra:.8f},{dec:.8f}", "-IMAGE_SIZE", f"{size},{size}", "-PIXELSCALE_TYPE", "MANUAL",
                  "-PIXEL_SCALE", 0.263, "-PROJECTION_TYPE", "TAN", "-RESAMPLING_TYPE", "LANCZOS3", "-COMBINE_TYPE", "AVERAGE",
                  "-SUBTRACT_BACK", "N", "-RESAMPLE_DIR", context.work, "-WRITE_XML", "N", "-VERBOSE_TYPE", "QUIET",
                  "-NTHREADS", 1]).cpu


def montage(context, ra, dec, size, inputs):
    """Both inputs by mProjectPP onto one header, then mAdd."""
    template, projected = context.work / "template.hdr", context.empty("projected")
    cards = {"SIMPLE": "T", "BITPIX": -32, "NAXIS": 2, "NAXIS1": size, "NAXIS2": size, "CTYPE1": "'RA---TAN'", "CTYPE2": "'DEC--TAN'",
             "CRVAL1": f"{ra:.10f}", "CRVAL2": f"{dec:.10f}", "CRPIX1": size / 2 + 0.5, "CRPIX2": size / 2 + 0.5,
             "CDELT1": -data.SCALE, "CDELT2": data.SCALE, "CROTA2": 0.0, "EQUINOX": 2000}
    template.write_text("".join(f"{name:8}= {value}\n" for name, value in cards.items()) + "END\n")
    table, out = context.work / "images.tbl", context.work / "theirs.fits"
    spent = [spend(["mProjectPP", path, projected / path.name, template]).cpu for path in inputs]
    spent.append(spend(["mImgtbl", projected, table]).cpu)
    spent.append(spend(["mAdd", "-p", projected, table, template, out]).cpu)
    return sum(spent)


def by_process(peer, programs, size=1000):
    def run(context):
        need(*programs)
        mine, theirs = [], []
        for _ in range(ROUNDS):
            where = places(context, context.count(5, 2), size)
            mine += ours(context, where, size, "lanczos3")
            for i, (ra, dec) in enumerate(where):
                theirs.append(peer(context, ra, dec, size, cut_before(context, f"m{i}", ra, dec, size)))
        return Measured(mine, theirs)
    return run


def against_reproject(context, size=1000):
    mine, theirs = [], []
    for _ in range(ROUNDS):
        where = places(context, context.count(2, 1), size)
        mine += ours(context, where, size, "bilinear")
        repeated = [where[0], *where]
        for i, (ra, dec) in enumerate(repeated):
            cut_before(context, f"c{i}", ra, dec, size)
        theirs += answer([PYTHON, HERE / "python_peers.py", "reproject", size, write_list(context, repeated), context.work,
                          context.work / "theirs.fits"])
    return Measured(mine, theirs)
