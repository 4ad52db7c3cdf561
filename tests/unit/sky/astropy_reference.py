# SPDX-License-Identifier: BSD-3-Clause
"""What astropy says about the WCS of every image below a directory, at random pixels of each
(astropy_blocks.py has the format)."""
import logging
import pathlib
import sys
import warnings

import numpy as np
from astropy.coordinates import FK4, FK5, ICRS, Galactic, SkyCoord
from astropy.io import fits
from astropy.time import Time
from astropy.wcs import WCS
from astropy.wcs.utils import proj_plane_pixel_scales

from astropy_blocks import write_block

POINTS = 200


def frame_of(wcs):
    """FITS 4.0, section 8.3; a galactic axis is galactic whatever RADESYS says."""
    if wcs.wcs.lngtyp.strip() == "GLON":
        return Galactic()
    equinox = wcs.wcs.equinox
    system = wcs.wcs.radesys.strip()
    if not system:
        system = "ICRS" if np.isnan(equinox) else "FK4" if equinox < 1984 else "FK5"
    if system == "FK4":
        return FK4(equinox=Time(1950.0 if np.isnan(equinox) else equinox, format="byear"))
    if system == "FK5":
        return FK5(equinox=Time(2000.0 if np.isnan(equinox) else equinox, format="jyear"))
    return ICRS()


def report(name, header):
    wcs = WCS(header, naxis=2).celestial
    if wcs.naxis != 2:
        return
    width, height = header["NAXIS1"], header["NAXIS2"]
    rng = np.random.default_rng(len(name))
    x = rng.uniform(-0.5, width - 0.5, POINTS)
    y = rng.uniform(-0.5, height - 0.5, POINTS)
    world = wcs.all_pix2world(x, y, 0)
    lon, lat = world[wcs.wcs.lng], world[wcs.wcs.lat]
    good = np.isfinite(lon) & np.isfinite(lat)
    sky = SkyCoord(lon[good], lat[good], unit="deg", frame=frame_of(wcs)).icrs
    ra, dec = np.full(POINTS, np.nan), np.full(POINTS, np.nan)
    ra[good], dec[good] = sky.ra.deg, sky.dec.deg
    scales = proj_plane_pixel_scales(wcs)
    write_block(name, header, 1e-9, x, y, ra, dec, scales)


def main(root):
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    for path in sorted(pathlib.Path(root).rglob("*.fits*")):
        if path.suffix == ".bz2" and "frame" in path.name:
            continue  # a second to unpack, and its neighbours hold the same kind of header
        with fits.open(path, lazy_load_hdus=True, ignore_missing_simple=True) as hdus:
            for number, hdu in enumerate(hdus):
                if not hdu.is_image or hdu.header.get("NAXIS", 0) < 2:
                    continue
                try:
                    has = WCS(hdu.header, naxis=2).has_celestial
                except Exception as error:
                    print(path, number, error, file=sys.stderr)
                    continue
                if has:
                    report(f"{path.relative_to(root)}[{number}]".replace(" ", "_"), hdu.header)


main(sys.argv[1])
