"""The adapter and the algorithm that tests/contract/outsider built against the installed SDK, used."""
# SPDX-License-Identifier: BSD-3-Clause
import sys

from harness import BUILD, DEMO_SURVEYS, EXAMPLE, astropy_fits, at, cut, main
from make import image

OUTSIDER = BUILD / "outsider" / "plugins"


def plugins():
    return ["--plugins", OUTSIDER, "--plugins", BUILD / "plugins"]


def adapter(tmp):
    """A survey of plates, found by their names alone, one of them across RA 0."""
    import numpy
    fits = astropy_fits()
    names = []
    for ra in (0, 1):
        for band in ("g", "r"):
            names.append(f"plate_{ra:03d}_+02_{band}.fits")
            image(tmp / "plates" / names[-1], ra=ra, dec=2, size=100, scale=0.01, seed=len(names))
    (tmp / "plates" / "list.txt").write_text("\n".join(names))
    surveys = tmp / "surveys.d"
    surveys.mkdir()
    (surveys / "plates.toml").write_text(
        f'[survey]\nplugin = "plates"\nroot = "{tmp / "plates"}"\n[plates]\nlisting = "list.txt"\npixel = 36\n')
    for ra, name in ((359.9, names[0]), (0.1, names[0]), (1.2, names[2])):
        cut(tmp / "a.fits", *at((ra, 2), "10px"), *plugins(), survey="plates", surveys=surveys)
        with fits.open(tmp / "a.fits") as product, fits.open(tmp / "plates" / name) as parent:
            h = product["g"].header
            assert h["RCFILE"] == name
            x, y = h["RCX0"], h["RCY0"]
            numpy.testing.assert_array_equal(product["g"].data, parent[0].data[y:y + 10, x:x + 10])
            assert product["r"].data.shape == (10, 10)


def algorithm(tmp):
    import numpy
    fits = astropy_fits()
    cut(tmp / "bands.fits", *at(EXAMPLE, "50px"))
    cut(tmp / "sum.fits", *at(EXAMPLE, "50px"), "--algorithm", "sum", *plugins())
    with fits.open(tmp / "bands.fits") as bands, fits.open(tmp / "sum.fits") as total:
        expected = bands["g"].data + bands["r"].data + bands["i"].data
        numpy.testing.assert_allclose(total[0].data, expected, rtol=1e-6)
        assert total[0].header["EXTNAME"] == "SUM"


def in_c(tmp):
    """The example in plain C; its parameter and the schema's default."""
    import numpy
    fits = astropy_fits()
    cut(tmp / "g.fits", *at(EXAMPLE, "50px"), "--bands", "g")
    with fits.open(tmp / "g.fits") as original:
        for params, factor in (([], 1), (["--param", "factor=2.5"], 2.5)):
            cut(tmp / "c.fits", *at(EXAMPLE, "50px"), "--bands", "g", "--algorithm", "plain", *params, *plugins())
            with fits.open(tmp / "c.fits") as made:
                numpy.testing.assert_allclose(made[0].data, factor * original[0].data, rtol=1e-6)
                assert made[0].header["EXTNAME"] == "SCALED"


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
