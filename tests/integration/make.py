"""Small surveys made on the spot."""
# SPDX-License-Identifier: BSD-3-Clause
from harness import astropy_fits, run


def image(path, ra, dec, data=None, size=40, scale=0.0002, rotation=0.0, cards=None, seed=0):
    """A TAN image around a place: noise, or the data given. Scale in degrees, rotation in degrees."""
    import numpy
    fits = astropy_fits()
    if data is None:
        data = numpy.random.default_rng(seed).normal(size=(size, size)).astype("f4")
    hdu = fits.PrimaryHDU(data)
    cos, sin = numpy.cos(numpy.radians(rotation)), numpy.sin(numpy.radians(rotation))
    hdu.header.update({
        "CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": ra, "CRVAL2": dec,
        "CRPIX1": (data.shape[1] + 1) / 2, "CRPIX2": (data.shape[0] + 1) / 2,
        "CD1_1": -scale * cos, "CD1_2": scale * sin, "CD2_1": scale * sin, "CD2_2": scale * cos,
        "RADESYS": "ICRS", **(cards or {})})
    path.parent.mkdir(parents=True, exist_ok=True)
    hdu.writeto(path)


def index(directory, name, tmp):
    """Indexes a directory; returns the directory of surveys."""
    surveys = tmp / "surveys.d"
    run("survey", "index", directory, "--name", name, "--surveys", surveys)
    return surveys
