"""A mosaic of 20,000 x 20,000 pixels out of four tiles that share no grid: time, memory, and how soon it stops.

    /usr/bin/python3 tests/bench/large_mosaic.py RECORTE DIRECTORY

Takes some 4 GB of DIRECTORY, which is made and left (a second run finds the tiles there).
"""
# SPDX-License-Identifier: BSD-3-Clause
import pathlib
import resource
import signal
import subprocess
import sys
import time

import numpy
from astropy.io import fits

SIDE, SCALE = 10_400, 0.263 / 3600


def tiles(directory):
    rng = numpy.random.default_rng(1)
    directory.mkdir(parents=True, exist_ok=True)
    step = 10_000 * SCALE
    for i in range(4):
        path = directory / f"t{i}_g.fits"
        if path.exists():
            continue
        data = rng.normal(100, 10, (SIDE, SIDE)).astype(">f4")
        hdu = fits.PrimaryHDU(data)
        hdu.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 150 + (i % 2) * step, "CRVAL2": (i // 2) * step,
                           "CRPIX1": SIDE / 2 + 0.5, "CRPIX2": SIDE / 2 + 0.5, "CD1_1": -SCALE, "CD2_2": SCALE, "RADESYS": "ICRS"})
        hdu.writeto(path)


def main(recorte, directory):
    directory = pathlib.Path(directory)
    # Elsewhere: a process that held the tiles would count as the memory of what it starts.
    subprocess.run([sys.executable, __file__, "--tiles", directory / "d"], check=True)
    surveys = directory / "surveys.d"
    if not surveys.exists():
        subprocess.run([recorte, "survey", "index", directory / "d", "--name", "large", "--surveys", surveys], check=True)
    middle = 5_000 * SCALE
    command = [recorte, "cut", "--surveys", surveys, "--survey", "large", "--ra", repr(150 + middle), "--dec", repr(middle),
               "--size", "20000px", "--algorithm", "mosaic", "--timeout", "1800", "-o", directory / "mosaic.fits"]
    begin = time.monotonic()
    subprocess.run(command, check=True)
    seconds = time.monotonic() - begin
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"20,000 x 20,000 pixels, Lanczos-3, four tiles: {seconds:.1f} s, {4e8 / seconds / 1e6:.1f} Mpixel/s, "
          f"peak {peak:.0f} MiB resident")
    stops = []
    for wait in (1.0, 2.3, 3.7, 5.1, 6.9):
        run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        time.sleep(wait)  # into the work; what is measured is the end
        begin = time.monotonic()
        run.send_signal(signal.SIGINT)
        run.wait()
        stops.append(1000 * (time.monotonic() - begin))
    print("stops after", ", ".join(f"{s:.0f}" for s in stops), "ms")


if __name__ == "__main__":
    tiles(pathlib.Path(sys.argv[2])) if sys.argv[1] == "--tiles" else main(*sys.argv[1:])
