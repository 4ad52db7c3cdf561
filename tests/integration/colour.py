"""Pictures: lupton against astropy's make_lupton_rgb, arcsinh against its formula, limits, sizes, marks, JPEG."""
# SPDX-License-Identifier: BSD-3-Clause
import os
import shutil
import sys

from cutouts import png_chunks, png_pixels, png_samples
from harness import DEMO, DEMO_SURVEYS, EXAMPLE, astropy_fits, at, cut, main, says
from make import image, index

DAMAGED = 8


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
    made = cut("-", *at(EXAMPLE, "100px"), "--format", "png", "--bands", "r").stdout
    assert png_samples(made).shape == (100, 100, 2) and png_pixels(made).std() > 10


def two_bands_are_two_colours(tmp):
    """Red, blue, and green half-way; many bands share the colours between them."""
    import numpy
    fixed = ["--algorithm", "arcsinh", "--param", "curve=linear", "--param", "black=-20", "--param", "white=200"]
    pixels = picture(tmp, "--bands", "g,i", *fixed).astype(int)
    numpy.testing.assert_allclose(pixels[..., 1], (pixels[..., 0] + pixels[..., 2]) / 2, atol=1)
    alone = picture(tmp, "--bands", "i", *fixed)[..., 0]
    numpy.testing.assert_array_equal(pixels[..., 0], alone)
    three = picture(tmp, "--rgb", "i,r,g", *fixed)
    numpy.testing.assert_array_equal(three[..., 0], alone)


def a_band_that_cannot_be_read_is_not_taken_for_one_that_is_not_there(tmp):
    """A picture that needs it fails for what is wrong with its file, so that it is made again once that is mended."""
    shutil.copytree(DEMO, tmp / "demo")
    for file in (tmp / "demo" / "sky").glob("demo_*_g.fits"):
        os.truncate(file, 5000)
    surveys = tmp / "demo" / "surveys.d"
    says(cut("-", *at(EXAMPLE, "64px"), "--format", "png", surveys=surveys, status=DAMAGED), "_g.fits")
    cut("-", *at(EXAMPLE, "64px"), "--format", "png", "--rgb", "i,r", surveys=surveys)
    cut("-", *at(EXAMPLE, "64px"), surveys=surveys)


def arcsinh_follows_its_formula(tmp):
    """Each band by itself: black, white, contrast, gain, and every curve."""
    import numpy
    bands = bands_of(tmp)
    black, white, gain, contrast = -10.0, 150.0, 2.0, 12.0
    curves = {"asinh": lambda t: numpy.arcsinh(contrast * t) / numpy.arcsinh(contrast), "linear": lambda t: t,
              "sqrt": numpy.sqrt, "log": lambda t: numpy.log1p(contrast * t) / numpy.log1p(contrast)}
    for curve, function in curves.items():
        ours = picture(tmp, "--algorithm", "arcsinh", "--rgb", "i,r,g", "--param", f"curve={curve}", "--param",
                       f"black={black}", "--param", f"white={white}", "--param", f"gain={gain}", "--param",
                       f"contrast={contrast}")[::-1]
        for channel, name in enumerate("irg"):
            t = numpy.clip((bands[name] - black) * gain / (white - black), 0, 1)
            expected = numpy.round(255 * function(numpy.nan_to_num(t)))
            assert numpy.abs(ours[..., channel] - expected).max() <= 1, curve
    listed = picture(tmp, "--algorithm", "arcsinh", "--rgb", "i,r,g", "--param", "black=0,5,9", "--param", "white=100,90,80",
                     "--param", "curve=linear")[::-1]
    expected = numpy.round(255 * numpy.clip((bands["g"] - 9) / 71, 0, 1))
    assert numpy.abs(listed[..., 2] - expected).max() <= 1
    says(cut(tmp / "x.png", *at(EXAMPLE, "9px"), "--format", "png", "--algorithm", "arcsinh", "--param", "black=1,2", status=2),
         "black has 2 numbers for 3 bands")
    says(cut(tmp / "x.png", *at(EXAMPLE, "9px"), "--format", "png", "--algorithm", "arcsinh", "--param", "black=10", "--param",
             "white=5,11,12", status=2), "white, 5, is not above black, 10")


def limits_are_astropys(tmp):
    """zscale and percentiles of one band, as astropy.visualization finds them."""
    import numpy
    from astropy.visualization import PercentileInterval, ZScaleInterval
    data = bands_of(tmp, "300px")["r"]
    data = data[numpy.isfinite(data)]
    def shown(*limits):
        made = cut("-", *at(EXAMPLE, "300px"), "--format", "png", "--bands", "r", "--algorithm", "arcsinh", "--param",
                   "curve=linear", "--param", "scaling=auto", *limits).stdout
        return png_samples(made)[::-1, :, 0]
    def expected(low, high, image):
        return numpy.round(255 * numpy.clip((image - low) / (high - low), 0, 1))
    whole = bands_of(tmp, "300px")["r"]
    good = numpy.isfinite(whole)
    low, high = PercentileInterval(98).get_limits(data)
    ours = shown("--param", "low=1", "--param", "high=99")
    assert numpy.abs(ours - expected(low, high, whole))[good].max() <= 1
    low, high = ZScaleInterval(n_samples=1000, contrast=0.25).get_limits(data)
    ours = shown("--param", "limits=zscale")
    assert numpy.abs(ours - expected(low, high, whole))[good].max() <= 3


def no_value_is_transparent(tmp):
    import numpy
    data = numpy.full((40, 40), 50, "f4")
    data[10:20, 5:9] = numpy.nan
    image(tmp / "d" / "x_g.fits", ra=10, dec=0, data=data)
    surveys = index(tmp / "d", "made", tmp)
    made = cut("-", *at((10, 0), "50px"), "--format", "png", survey="made", surveys=surveys).stdout
    alpha = png_samples(made)[::-1, :, 1]
    expected = numpy.zeros((50, 50), int)
    expected[5:45, 5:45] = 255
    expected[15:25, 10:14] = 0
    numpy.testing.assert_array_equal(alpha, expected)


def fixed_scaling_compares_automatic_does_not(tmp):
    """The survey's own scaling by default: a pixel has the same colour in every picture."""
    import numpy
    small, large = picture(tmp, size="60px"), picture(tmp, size="100px")
    numpy.testing.assert_array_equal(small, large[20:80, 20:80])
    automatic = [picture(tmp, "--param", "scaling=auto", size=s) for s in ("60px", "300px")]
    assert (automatic[0] != automatic[1][120:180, 120:180]).any()


def pictures_span_tiles(tmp):
    """Across tile edges a picture has no hole."""
    made = cut("-", *at((0.0978, 10.037), "200px"), "--format", "png").stdout
    alpha = png_samples(made)[..., 3]
    assert alpha.shape == (200, 200) and (alpha == 255).mean() > 0.99  # a dead column has no value


def a_degree_fits_a_screen(tmp):
    """width and height bound a picture; its WCS chunk says how large its pixels are."""
    made = cut("-", *at((0.1, 10.04), "0.15deg"), "--format", "png", "--width", "200", "--height", "150").stdout
    assert png_samples(made).shape[:2] == (150, 150)


def marks_are_drawn(tmp):
    import numpy
    plain = picture(tmp, size="400px").astype(int)
    for mark, where in (("scalebar", numpy.s_[330:, 200:]), ("compass", numpy.s_[:120, 250:]),
                        ("crosshair", numpy.s_[150:250, 150:250]), ("caption", numpy.s_[300:, :350])):
        changed = numpy.abs(picture(tmp, "--annotate", mark, size="400px").astype(int) - plain).max(-1) > 0
        assert changed[where].sum() > 20, mark
        changed[where] = False
        assert not changed.any(), mark
    says(cut(tmp / "a.fits", *at(EXAMPLE, "9px"), "--annotate", "compass", status=2), "pictures")


def jpeg(tmp):
    """Baseline JPEG of the size asked for, smaller where the quality is lower, close to the PNG."""
    sizes = {}
    for quality in ("95", "40"):
        made = cut("-", *at(EXAMPLE, "200px"), "--format", "jpeg", "--quality", quality).stdout
        assert made[:2] == b"\xff\xd8" and made[-2:] == b"\xff\xd9" and b"survey=demo" in made
        sizes[quality] = len(made)
    assert sizes["40"] < 0.6 * sizes["95"], sizes
    says(cut(tmp / "a.jpg", *at(EXAMPLE, "9px"), "--format", "jpeg", "--quality", "101", status=2), "'101'", "1 to 100")


def rgb_orders_channels(tmp):
    import numpy
    by_wavelength = picture(tmp, "--bands", "g,r,i")
    numpy.testing.assert_array_equal(by_wavelength, picture(tmp, "--rgb", "i,r,g"))
    turned = picture(tmp, "--rgb", "g,r,i")
    numpy.testing.assert_array_equal(by_wavelength, turned[..., ::-1])
    says(cut(tmp / "a.png", *at(EXAMPLE, "64px"), "--format", "png", "--rgb", "g", status=2), "two to 16")


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
