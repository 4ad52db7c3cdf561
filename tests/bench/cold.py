"""Rows of one cutout as a cold process, 200 x 200 pixels: processor time of it and all that it starts. The page cache is warm."""
# SPDX-License-Identifier: BSD-3-Clause
import statistics

import data
from bench_context import need
from measure import Measured, spend


def fitscut(image, x, y, out):
    return ["fitscut", "-f", f"--x0={x}", f"--y0={y}", "-r", 200, "-c", 200, image, out]


def imcopy(image, x, y, out):
    return ["imcopy", f"{image}[{x + 1}:{x + 200},{y + 1}:{y + 200}]", f"!{out}"]


def montage(image, x, y, out):
    return ["mSubimage", "-p", image, out, x, y, 200, 200]


PROGRAM = {fitscut: "fitscut", imcopy: "imcopy", montage: "mSubimage"}


def cold(kind, peer):
    def run(context):
        need(PROGRAM[peer])
        image, ours, theirs = context.image(kind), [], []
        for x, y, ra, dec in zip(*data.positions(context.count(21, 5) + 1, context.next_seed())):
            theirs.append(spend(peer(image, int(x) - 100, int(y) - 100, context.work / "theirs.fits")))
            ours.append(spend(context.recorte_cut(kind, "--ra", repr(float(ra)), "--dec", repr(float(dec)), "--size", "200px",
                                                  "-o", context.work / "ours.fits")))
        del ours[0], theirs[0]  # which brought programs and libraries into memory
        return Measured([s.cpu for s in ours], [s.cpu for s in theirs],
                        extra={"ours_wall": statistics.median(s.wall for s in ours),
                               "theirs_wall": statistics.median(s.wall for s in theirs)})
    return run
