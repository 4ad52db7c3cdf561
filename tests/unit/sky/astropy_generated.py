# SPDX-License-Identifier: BSD-3-Clause
"""What astropy says about headers made here: each projection, matrix form and frame, at the poles, at
right ascension 0 and between. Printed as astropy_reference.py prints (see astropy_blocks.py).

The references, and what they can be held to:
- ICRS, FK5 of J2000, FK4 and galactic: astropy, to 1e-9 degree.
- FK5 of another equinox: astropy precesses by IAU 2006, FK5 is defined with IAU 1976 (as Recorte has it). They
  differ by 0.3 arcseconds a century, so 0.1 arcseconds bounds them at 1975; ERFA's IAU 1976, to 1e-9 degree.
- TPV and TNX: their polynomials are of degrees, after CDi_j. WCSLIB, so astropy too, applies them before CDELTi
  where there are PCi_j or CROTA2, and puts the field elsewhere. Recorte does not: its PCi_j and CROTA2 are held
  to astropy's reading of the same matrix written as CDi_j.
- Ecliptic: FITS 4.0 (8.3) has RADESYS and EQUINOX name the equatorial system that the ecliptic belongs to,
  and astropy.wcs takes ELON and ELAT for ICRS. So ICRS is held to astropy's BarycentricMeanEcliptic of J2000
  (IAU 2006), FK5 and FK4 to that equatorial system of astropy's tilted by ERFA's IAU 1980 obliquity
  (84381.448 arcseconds at J2000), to 1e-9 degree each.
"""
import logging
import warnings

import erfa
import numpy as np
from astropy import units as u
from astropy.coordinates import (FK4, FK5, ICRS, BarycentricMeanEcliptic, CartesianRepresentation, Galactic,
                                 UnitSphericalRepresentation)
from astropy.io import fits
from astropy.time import Time
from astropy.wcs import WCS

from astropy_blocks import write_block

POINTS = 1000
WIDTH, HEIGHT = 400, 300
TIGHT = 1e-9  # degrees

SIP = {"A_ORDER": 3, "B_ORDER": 3, "A_2_0": 2.1e-6, "A_1_1": -1.3e-6, "A_0_3": 1.1e-9, "B_0_2": -1.7e-6,
       "B_1_1": 0.8e-6, "B_2_1": 9.0e-10}
TPV = {"PV1_0": 1.0e-4, "PV1_1": 1.003, "PV1_2": -2.0e-4, "PV1_4": 3.0e-3, "PV1_7": 8.0e-3, "PV1_9": 6.0e-3,
       "PV2_0": -2.0e-4, "PV2_1": 0.998, "PV2_2": 1.0e-4, "PV2_5": 2.0e-3, "PV2_7": 7.0e-3, "PV2_9": 5.0e-3}
# IRAF: polynomial, orders 3 and 3, half the cross terms, the field's limits in degrees, six coefficients.
TNX = {1: 'wtype=tnx axtype=ra lngcor = "3. 3. 3. 2. -1. 1. -1. 1. 1.2E-4 -2.3E-4 1.1E-3 3.4E-4 -7.5E-4 2.2E-3 "',
       2: 'wtype=tnx axtype=dec latcor = "3. 3. 3. 2. -1. 1. -1. 1. -2.1E-4 1.9E-4 -8.2E-4 -1.3E-4 9.1E-4 1.6E-3 "'}

# code: degrees a pixel, further keywords
PROJECTIONS = {
    "TAN": (0.02, {}),
    "SIN": (0.05, {}),
    "SIN slant": (0.05, {"PV2_1": 0.2, "PV2_2": -0.15}),
    "ZEA": (0.3, {}),
    "ARC": (0.3, {}),
    "STG": (0.2, {}),
    "CAR": (0.6, {}),
    "AIT": (0.6, {}),
    "HPX": (0.6, {}),
    "MOL": (0.6, {}),
    "SFL": (0.6, {}),
    "ZPN": (0.02, {"PV2_1": 1.0, "PV2_2": 0.02, "PV2_3": -0.3}),
    "TPV": (0.002, TPV),
    "TAN-SIP": (0.001, SIP),
    "TNX": (0.002, {}),
}
PLACES = {"ra0": (0.003, 12.0), "north": (123.0, 90.0), "south": (77.0, -90.0), "middle": (250.0, 41.0)}


def matrix_cd(scale):
    return {"CD1_1": -0.9 * scale, "CD1_2": 0.31 * scale, "CD2_1": 0.42 * scale, "CD2_2": 1.1 * scale}


def matrix_pc(scale):
    return {"CDELT1": -scale, "CDELT2": 0.7 * scale, "PC1_1": 0.8, "PC1_2": -0.6, "PC2_1": 0.6, "PC2_2": 0.8}


def matrix_crota(scale):
    return {"CDELT1": -scale, "CDELT2": 0.8 * scale, "CROTA2": 25.0}


MATRICES = {"CD": matrix_cd, "PC": matrix_pc, "CROTA": matrix_crota}


def astropy_frame(frame):
    return lambda lon, lat: frame.realize_frame(UnitSphericalRepresentation(lon * u.deg, lat * u.deg))


def rotated(matrix, frame):
    """Longitudes and latitudes turned by a matrix into an astropy frame."""
    def place(lon, lat):
        xyz = matrix @ np.array(erfa.s2c(np.radians(lon), np.radians(lat))).T
        return frame.realize_frame(CartesianRepresentation(xyz))
    return place


def tilt(time):
    """From the ecliptic to the equator of a date."""
    return erfa.rx(-erfa.obl80(time.jd1, time.jd2), np.eye(3))


J2000, J1975, B1950 = Time(2000.0, format="jyear"), Time(1975.0, format="jyear"), Time(1950.0, format="byear")

# name: axes, RADESYS, EQUINOX, [(bound in degrees, place)]
FRAMES = {
    "ICRS": ("RA--", "DEC-", "ICRS", None, [(TIGHT, astropy_frame(ICRS()))]),
    "FK5": ("RA--", "DEC-", "FK5", 2000.0, [(TIGHT, astropy_frame(FK5(equinox=J2000)))]),
    "FK5 1975": ("RA--", "DEC-", "FK5", 1975.0,
                 [(0.1 / 3600, astropy_frame(FK5(equinox=J1975))),
                  (TIGHT, rotated(erfa.pmat76(J1975.jd1, J1975.jd2).T, FK5(equinox=J2000)))]),
    "FK4": ("RA--", "DEC-", "FK4", 1950.0, [(TIGHT, astropy_frame(FK4(equinox=B1950)))]),
    "galactic": ("GLON", "GLAT", None, None, [(TIGHT, astropy_frame(Galactic()))]),
    "ecliptic": ("ELON", "ELAT", "ICRS", None, [(TIGHT, astropy_frame(BarycentricMeanEcliptic(equinox=J2000)))]),
    "ecliptic FK5": ("ELON", "ELAT", "FK5", 2000.0, [(TIGHT, rotated(tilt(J2000), FK5(equinox=J2000)))]),
    "ecliptic FK4": ("ELON", "ELAT", "FK4", 1950.0, [(TIGHT, rotated(tilt(B1950), FK4(equinox=B1950)))]),
}


def wat_cards():
    """In columns of 68, as IRAF breaks them, in the middle of a number too."""
    return [fits.Card.fromstring(f"WAT{axis}_{i + 1:03}= '{text[68 * i:68 * (i + 1)]}'")
            for i in (0, 1) for axis, text in TNX.items()]


def header_of(projection, place, matrix, axes, radesys, equinox):
    scale, more = PROJECTIONS[projection]
    code = projection.split()[0]
    header = fits.Header()
    header["CTYPE1"], header["CTYPE2"] = f"{axes[0]}-{code}", f"{axes[1]}-{code}"
    header["CRVAL1"], header["CRVAL2"] = PLACES[place]
    header["CRPIX1"], header["CRPIX2"] = 180.3, 160.8
    if radesys:
        header["RADESYS"] = radesys
    if equinox:
        header["EQUINOX"] = equinox
    header.update(MATRICES[matrix](scale))
    header.update(more)
    if projection == "TNX":
        header.extend(wat_cards())
    return header


def for_astropy(header):
    """The header as astropy reads it right."""
    if header["CTYPE1"][-3:] not in ("TPV", "TNX") or "CD1_1" in header:
        return header
    matrix = WCS(header).wcs
    out = header.copy()
    for i in (0, 1):
        for j in (0, 1):
            out[f"CD{i + 1}_{j + 1}"] = matrix.get_cdelt()[i] * matrix.get_pc()[i, j]
            out.pop(f"PC{i + 1}_{j + 1}", None)
        del out[f"CDELT{i + 1}"]
    out.pop("CROTA2", None)
    return out


def combinations(frame):
    for projection in PROJECTIONS:
        for place in PLACES:
            for matrix in MATRICES:
                if frame in ("ecliptic FK5", "ecliptic FK4") and (projection, matrix) != ("TAN", "CD"):
                    continue  # the rest is as in the ecliptic of ICRS
                yield projection, place, matrix


def main():
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    rng = np.random.default_rng(1)
    x, y = rng.uniform(-0.5, WIDTH - 0.5, POINTS), rng.uniform(-0.5, HEIGHT - 0.5, POINTS)
    for frame, (lon_axis, lat_axis, radesys, equinox, references) in FRAMES.items():
        names, headers, lons, lats = [], [], [], []
        for combination in combinations(frame):
            header = header_of(*combination, (lon_axis, lat_axis), radesys, equinox)
            lon, lat = WCS(for_astropy(header)).all_pix2world(x, y, 0)
            names.append("_".join((frame,) + combination).replace(" ", "-"))
            headers.append(header)
            lons.append(lon)
            lats.append(lat)
        # A frame's points all at once: astropy's transformations are slow to start.
        for bound, place in references:
            sky = place(np.concatenate(lons), np.concatenate(lats)).transform_to(ICRS()).spherical
            ra, dec = sky.lon.deg, sky.lat.deg
            for i, (name, header) in enumerate(zip(names, headers)):
                part = slice(i * POINTS, (i + 1) * POINTS)
                write_block(name, header, bound, x, y, ra[part], dec[part])


main()
