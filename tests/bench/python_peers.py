"""What Python's libraries do with the same work, in a process that has them loaded. Prints the seconds, as JSON.

    python_peers.py astropy | fitsio | astrocut IMAGE LIST.csv DIRECTORY   seconds from the opened file to the last product
    python_peers.py lupton RED GREEN BLUE SIZE LIST.csv OUT.png           seconds of each picture, after a first one
    python_peers.py reproject SIZE LIST.csv DIRECTORY OUT.fits            processor seconds of each mosaic (of DIRECTORY/ID_*.fits)
"""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import json
import sys
import time

SIDE = 200


def places(path):
    with open(path, newline="") as file:
        return [(row["id"], float(row["ra"]), float(row["dec"])) for row in csv.DictReader(file)]


def astropy(image, positions, directory):
    from astropy.io import fits
    from astropy.nddata import Cutout2D
    from astropy.wcs import WCS
    begin = time.monotonic()
    with fits.open(image, memmap=True) as file:
        hdu = next(hdu for hdu in file if hdu.header["NAXIS"] == 2)
        wcs, header = WCS(hdu.header), hdu.header
        for name, ra, dec in places(positions):
            cutout = Cutout2D(hdu.data, wcs.wcs_world2pix(ra, dec, 0), SIDE, wcs=wcs)
            product = fits.PrimaryHDU(cutout.data, header)
            product.header.update(cutout.wcs.to_header())
            product.writeto(f"{directory}/{name}.fits")
    return time.monotonic() - begin


def fitsio(image, positions, directory):
    import fitsio as library
    from astropy.wcs import WCS
    from astropy.io import fits
    with fits.open(image) as file:
        wcs = WCS(next(hdu.header for hdu in file if hdu.header["NAXIS"] == 2))
    begin = time.monotonic()
    with library.FITS(image) as file:
        hdu = next(hdu for hdu in file if hdu.has_data())
        header = hdu.read_header()
        for name, ra, dec in places(positions):
            x, y = wcs.wcs_world2pix(ra, dec, 0)
            x, y = round(float(x)) - SIDE // 2, round(float(y)) - SIDE // 2
            pixels = hdu[y:y + SIDE, x:x + SIDE]
            header["CRPIX1"], header["CRPIX2"] = wcs.wcs.crpix[0] - x, wcs.wcs.crpix[1] - y
            with library.FITS(f"{directory}/{name}.fits", "rw") as product:
                product.write(pixels, header=header)
    return time.monotonic() - begin


def astrocut(image, positions, directory):
    from astrocut import fits_cut
    from astropy.coordinates import SkyCoord
    begin = time.monotonic()
    for name, ra, dec in places(positions):
        fits_cut([image], SkyCoord(ra, dec, unit="deg"), SIDE, single_outfile=True, cutout_prefix=name, output_dir=directory)
    return time.monotonic() - begin


def lupton(red, green, blue, size, positions, out):
    from astropy.io import fits
    from astropy.visualization import make_lupton_rgb
    from astropy.wcs import WCS
    half, seconds = int(size) // 2, []
    files = [fits.open(path, memmap=True) for path in (red, green, blue)]
    wcs = WCS(files[0][0].header)
    for name, ra, dec in places(positions):
        begin = time.monotonic()
        x, y = (round(float(value)) for value in wcs.wcs_world2pix(ra, dec, 0))
        planes = [file[0].section[y - half:y + half, x - half:x + half] for file in files]
        make_lupton_rgb(*planes, stretch=40, Q=8, filename=out)
        seconds.append(time.monotonic() - begin)
    return seconds[1:]


def reproject(size, positions, directory, out):
    import pathlib

    import numpy
    from astropy.io import fits
    from astropy.wcs import WCS
    from reproject import reproject_interp
    size, seconds = int(size), []
    for name, ra, dec in places(positions):
        images = sorted(pathlib.Path(directory).glob(f"{name}_*.fits"))
        begin = time.process_time()
        target = WCS(naxis=2)
        target.wcs.ctype, target.wcs.crval, target.wcs.crpix = ["RA---TAN", "DEC--TAN"], [ra, dec], [size / 2 + 0.5] * 2
        target.wcs.cdelt = [-0.263 / 3600, 0.263 / 3600]
        layers = [reproject_interp(str(path), target, shape_out=(size, size), order="bilinear", return_footprint=False) for path in images]
        with numpy.errstate(invalid="ignore"):
            mosaic = numpy.nanmean(layers, axis=0)
        fits.PrimaryHDU(mosaic.astype("f4"), target.to_header()).writeto(out, overwrite=True)
        seconds.append(time.process_time() - begin)
    return seconds[1:]


if __name__ == "__main__":
    work = {f.__name__: f for f in (astropy, fitsio, astrocut, lupton, reproject)}
    print(json.dumps(work[sys.argv[1]](*sys.argv[2:])))
