"""Rows of colour PNGs of three bands."""
# SPDX-License-Identifier: BSD-3-Clause
import csv

import data
from bench_context import HERE, PYTHON, need
from measure import Measured, answer, spend

ROUNDS = 3


def places(context, count, size):
    _, _, ra, dec = data.positions(count, context.next_seed(), margin=size // 2 + 10)
    return list(zip(ra.tolist(), dec.tolist()))


def write_list(context, where):
    path = context.work / "positions.csv"
    with open(path, "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "ra", "dec"])
        writer.writerows([f"c{i}", repr(ra), repr(dec)] for i, (ra, dec) in enumerate(where))
    return path


def against_lupton(size):
    """In warm processes, turn by turn: ours from the request to the PNG in memory; theirs reads three sections, makes the PNG, writes it."""
    def run(context):
        ours, theirs, size_of = [], [], 0
        images = [context.image("colour", band=band) for band in "irg"]
        for _ in range(ROUNDS):
            where = places(context, context.count(8, 3), size)
            requests = [f"survey=colour&ra={ra!r}&dec={dec!r}&size={size}px&format=png&rgb=i,r,g&algorithm=lupton&param=stretch=40"
                        for ra, dec in where]
            found = answer(context.cut_bench(requests))
            ours, size_of = ours + found["ours"], found["bytes"]
            positions = write_list(context, [where[0], *where])
            theirs += answer([PYTHON, HERE / "python_peers.py", "lupton", *images, size, positions, context.work / "theirs.png"])
        return Measured(ours, theirs, extra={"bytes": size_of, "theirs_bytes": (context.work / "theirs.png").stat().st_size})
    return run


def whole(context, size, count, peer):
    """Wall seconds of `recorte cut` and of a peer's process, turn by turn. `peer`: a command for (x, y) of a position."""
    ours, theirs = [], []
    x, y, ra, dec = (values.tolist() for values in data.positions(count + 1, context.next_seed(), margin=size // 2 + 10))
    for i in range(count + 1):
        theirs.append(spend(peer(int(x[i]), int(y[i]))).wall)
        ours.append(spend(context.recorte_cut("colour", "--ra", repr(ra[i]), "--dec", repr(dec[i]), "--size", f"{size}px", "--rgb",
                                              "i,r,g", "--param", "stretch=40", "-o", context.work / "ours.png")).wall)
    return Measured(ours[1:], theirs[1:], extra={"bytes": (context.work / "ours.png").stat().st_size})


def against_fitscut(context):
    need("fitscut")
    red, green, blue = (context.image("colour", band=band) for band in "irg")
    out = context.work / "theirs.png"
    found = whole(context, 1000, context.count(15, 4), lambda x, y: [
        "fitscut", "-f", "-p", f"--x0={x - 500}", f"--y0={y - 500}", "-r", 1000, "-c", 1000, "--asinh-scale", "--autoscale=99.5",
        f"--red={red}", f"--green={green}", f"--blue={blue}", out])
    found.extra["theirs_bytes"] = out.stat().st_size
    return found


def against_stiff(context):
    """STIFF takes whole images: its inputs are cut before, and not counted."""
    need("stiff")
    from astropy.io import fits
    inputs = [context.work / f"stiff_{band}.fits" for band in "irg"]

    def peer(x, y):
        for path, band in zip(inputs, "irg"):
            with fits.open(context.image("colour", band=band), memmap=True) as file:
                header = file[0].header.copy()
                header["CRPIX1"] -= x - 500
                header["CRPIX2"] -= y - 500
                fits.PrimaryHDU(file[0].section[y - 500:y + 500, x - 500:x + 500], header).writeto(path, overwrite=True)
        return ["stiff", *inputs, "-OUTFILE_NAME", context.work / "theirs.tif", "-VERBOSE_TYPE", "QUIET", "-WRITE_XML", "N"]
    return whole(context, 1000, context.count(15, 4), peer)
