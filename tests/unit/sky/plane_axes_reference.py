# SPDX-License-Identifier: BSD-3-Clause
"""What astropy says about spectral axes: of headers made here, or of every cube below a directory.

Prints one block a header: "axis NAME AXIS CARDS NAXIS1 NAXIS2 …", the cards, then a line "low high" a plane:
vacuum wavelengths in metres at its edges, by astropy.units.
"""
import logging
import pathlib
import sys
import warnings

import numpy as np
from astropy import constants
from astropy import units as u
from astropy.io import fits
from astropy.wcs import WCS

REST = 1.420405751786e9
MADE = {
    "freq": dict(CTYPE3="FREQ", CRVAL3=1.4e9, CDELT3=-2.5e5, CRPIX3=4.5),
    "ghz": dict(CTYPE3="FREQ", CRVAL3=230.5, CDELT3=0.0005, CRPIX3=-3, CUNIT3="GHz"),
    "vrad": dict(CTYPE3="VRAD", CRVAL3=1200.0, CDELT3=-5.2, CRPIX3=3, CUNIT3="km/s", RESTFRQ=REST),
    "vopt": dict(CTYPE3="VOPT", CRVAL3=1.2e6, CDELT3=5200.0, CRPIX3=3, CUNIT3="m/s", RESTFRQ=REST),
    "velo": dict(CTYPE3="VELO", CRVAL3=3.0e6, CDELT3=5200.0, CRPIX3=3, CUNIT3="m/s", RESTFRQ=REST),
    "wave": dict(CTYPE3="WAVE", CRVAL3=850.0, CDELT3=-0.25, CRPIX3=1, CUNIT3="nm"),
    "angstrom": dict(CTYPE3="WAVE", CRVAL3=4750.0, CD3_3=1.25, CRPIX3=1, CUNIT3="Angstrom"),
    "ener": dict(CTYPE3="ENER", CRVAL3=6.4, CDELT3=0.05, CRPIX3=2, CUNIT3="keV"),
    "wavn": dict(CTYPE3="WAVN", CRVAL3=2.0e5, CDELT3=100.0, CRPIX3=2, CUNIT3="/m"),
    "f2w": dict(CTYPE3="FREQ-W2F", CRVAL3=345.8, CDELT3=0.5, CRPIX3=1, CUNIT3="GHz"),
    "vopt_f2w": dict(CTYPE3="VOPT-F2W", CRVAL3=1.2e6, CDELT3=2.1e4, CRPIX3=1, RESTFRQ=REST),
    "log": dict(CTYPE3="WAVE-LOG", CRVAL3=5.0e-7, CDELT3=2.0e-10, CRPIX3=1),
}


def made():
    for name, cards in MADE.items():
        header = fits.Header([("NAXIS", 3), ("NAXIS1", 20), ("NAXIS2", 30), ("NAXIS3", 40),
                              ("CTYPE1", "RA---TAN"), ("CTYPE2", "DEC--TAN"), ("CRVAL1", 10.0), ("CRVAL2", -5.0)])
        header.update({"CD1_1": -0.01, "CD2_2": 0.01} if "CD3_3" in cards else {"CDELT1": -0.01, "CDELT2": 0.01})
        header.update(cards)
        yield name, header


def real(root):
    for path in sorted(pathlib.Path(root).rglob("*.fits*")):
        if path.suffix == ".bz2":
            continue
        with fits.open(path) as hdus:
            for number, hdu in enumerate(hdus):
                if hdu.is_image and hdu.header.get("NAXIS", 0) > 2:
                    yield f"{path.relative_to(root)}[{number}]".replace(" ", "_"), hdu.header.copy()


def wavelengths(values, ctype, rest):
    if ctype in ("VRAD", "VOPT", "VELO"):
        convention = {"VRAD": u.doppler_radio, "VOPT": u.doppler_optical, "VELO": u.doppler_relativistic}[ctype]
        return (values * u.m / u.s).to_value(u.m, convention(rest * u.Hz))
    unit = {"FREQ": u.Hz, "WAVE": u.m, "ENER": u.J, "WAVN": 1 / u.m}[ctype]
    return (values * unit).to_value(u.m, u.spectral())


def report(name, header):
    wcs = WCS(header)
    if wcs.wcs.spec < 2:
        return
    axis = wcs.wcs.spec
    ctype = wcs.wcs.ctype[axis][:4]
    if ctype in ("VRAD", "VOPT", "VELO") and not (wcs.wcs.restfrq or wcs.wcs.restwav):
        header["RESTFRQ"] = REST  # a cube without it has no wavelengths
        wcs = WCS(header)
    spectral = wcs.spectral
    planes = header[f"NAXIS{axis + 1}"]
    edges = wavelengths(spectral.wcs_pix2world(np.arange(planes + 1) - 0.5, 0)[0], ctype,
                        wcs.wcs.restfrq or constants.c.value / (wcs.wcs.restwav or 1))
    cards = header.tostring(sep="\n", endcard=False, padding=False).split("\n")
    axes = [header[f"NAXIS{i + 1}"] for i in range(header["NAXIS"])]
    print("axis", name, axis, len(cards), *axes)
    print("\n".join(cards))
    for low, high in zip(np.minimum(edges[1:], edges[:-1]), np.maximum(edges[1:], edges[:-1])):
        print(repr(float(low)), repr(float(high)))


warnings.simplefilter("ignore")
logging.disable(logging.CRITICAL)
for item in real(sys.argv[1]) if len(sys.argv) > 1 else made():
    report(*item)
