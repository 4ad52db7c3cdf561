"""The lupton algorithm, against astropy's make_lupton_rgb."""
# SPDX-License-Identifier: BSD-3-Clause
import sys

from cutouts import png_pixels
from harness import DEMO_SURVEYS, EXAMPLE, astropy_fits, at, cut, main, says
from make import image, index


def bands_of(tmp, size="100px"):
    fits = astropy_fits()
    cut(tmp / "bands.fits", *at(EXAMPLE, size))
    with fits.open(tmp / "bands.fits") as product:
        return {name: product[name].data.astype("f8") for name in "gri"}


def picture(tmp, *arguments, size="100px", **options):
    return png_pixels(cut("-", *at(EXAMPLE, size), "--format", "png", *arguments, **options).stdout)


def against_astropy(tmp):
    import numpy
    from astropy.visualization import make_lupton_rgb
    bands = bands_of(tmp)
    for minimum, stretch, q in ((0, 40, 8), (-5, 100, 3), (2, 7, 15)):
        ours = picture(tmp, "--param", f"minimum={minimum}", "--param", f"stretch={stretch}", "--param", f"Q={q}")
        theirs = make_lupton_rgb(bands["i"], bands["r"], bands["g"], minimum=minimum, stretch=stretch, Q=q)
        finite = numpy.isfinite(bands["g"] + bands["r"] + bands["i"])
        difference = numpy.abs(ours[::-1].astype(int) - theirs.astype(int))[finite]
        assert difference.max() <= 1, difference.max()
        assert theirs.std() > 10


def one_band_is_grey(tmp):
    import numpy
    pixels = picture(tmp, "--bands", "r")
    assert (pixels[..., 0] == pixels[..., 1]).all() and (pixels[..., 1] == pixels[..., 2]).all()
    assert pixels.std() > 10
    says(cut(tmp / "a.png", *at(EXAMPLE, "64px"), "--bands", "g,r", status=2), "three bands")


def rgb_orders_channels(tmp):
    import numpy
    by_wavelength = picture(tmp, "--bands", "g,r,i")
    numpy.testing.assert_array_equal(by_wavelength, picture(tmp, "--rgb", "i,r,g"))
    turned = picture(tmp, "--rgb", "g,r,i")
    numpy.testing.assert_array_equal(by_wavelength, turned[..., ::-1])


def different_grids(tmp):
    """Bands of other scales and rotations fall on one place."""
    import numpy
    astropy_fits()
    y, x = numpy.mgrid[:80, :80]
    def star(scale):
        return (100 * numpy.exp(-((x - 39.5) ** 2 + (y - 39.5) ** 2) / 2 / (0.0008 / scale) ** 2)).astype("f4")
    for band, scale, rotation in (("g", 2e-4, 0), ("r", 3e-4, 30), ("i", 2.5e-4, -60)):
        image(tmp / "d" / f"x_{band}.fits", ra=10, dec=45, data=star(scale), scale=scale, rotation=rotation)
    surveys = index(tmp / "d", "made", tmp)
    shown = png_pixels(cut("-", *at((10, 45), "40px"), "--format", "png", "--rgb", "i,r,g", "--param", "stretch=50",
                           "--param", "minimum=0", survey="made", surveys=surveys).stdout).astype(int)
    assert shown.shape == (40, 40, 3) and shown.max() > 100
    assert abs(shown[..., 0] - shown[..., 1]).max() <= 6 and abs(shown[..., 2] - shown[..., 1]).max() <= 6


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
