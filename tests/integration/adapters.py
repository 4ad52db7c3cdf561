"""The adapters of surveys that are served by an index: real sets, and files made to a survey's own
names, headers and structure; pixels are what astropy reads."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import random
import sys
import warnings

from des import make_tile
from harness import SOURCE, Skip, astropy_fits, at, cut, main, run, says, test_data
from real_sets import compare_part, headers, somewhere
from serving import serving

# Directory, adapter, what its file says besides, and the bands found.
REAL = [
    ("2mass_orion_j", "twomass", "", ["J"]),
    ("2mass_gc_jhk", "twomass", 'pattern = "gc_2mass_{band}.fits"', ["J", "H", "Ks"]),
    ("sdss_frames", "sdss", "", ["g"]),
    ("sdss_reprojected_gri", "sdss", 'pattern = "reprojected_sdss_{band}.fits.bz2"', ["g", "r", "i"]),
    ("legacysurvey_brick_1238p245", "legacysurvey", 'release = "dr9"', ["z"]),
    ("ps1_irz", "panstarrs", 'pattern = "PS1-test_{band}.fits"\nplanes = { image = 0 }', ["r", "i", "z"]),
    ("panstarrs", "panstarrs", 'pattern = "panstarrs-{band}-m61.fits"\nplanes = { image = 0 }', ["g"]),
]


def survey(tmp, name, adapter, root, more=""):
    """Its file, indexed; what it says of itself."""
    tmp.mkdir(exist_ok=True)
    (tmp / f"{name}.toml").write_text(f'[survey]\nplugin = "{adapter}"\nroot = "{root}"\n{more}\n')
    print(run("survey", "index", "--name", name, "--surveys", tmp, "--verbose").stdout.decode())
    return json.loads(run("survey", "show", name, "--surveys", tmp).stdout)


def real_sets(tmp):
    """Each set of the real data that belongs to an adapter, by three lines of TOML."""
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    for name, adapter, more, bands in REAL:
        directory = test_data(name)
        about = survey(tmp, name, adapter, directory, more)
        assert [b["name"] for b in about["bands"]] == bands, about
        assert all(b["lambda_min"] for b in about["bands"]) and about["title"] != name and about["citation"], about
        planes = [p for p in about["planes"] if p != "mask"]
        rng, compared = random.Random(name), 0
        images = [h for h in headers(directory) if h["NAXIS1"] < 1200 or name != "panstarrs"]
        for _ in range(2):
            ra, dec, _ = somewhere(rng.choice(images), rng)
            cut(tmp / "a.fits", *at((ra, dec), "24px"), "--planes", ",".join(planes), "--algorithm", "cut",
                survey=name, surveys=tmp)
            with fits.open(tmp / "a.fits", do_not_scale_image_data=True) as product:
                for hdu in product:
                    if hdu.data is not None and hdu.header["RCEDGE"] != "absent":
                        compare_part(fits, directory, hdu)
                        compared += 1
        assert compared >= 2, (name, compared)
        if name in ("2mass_orion_j", "2mass_gc_jhk"):  # one of the adapter's colours, and all three
            cut(tmp / "a.png", *at((ra, dec), "60px"), survey=name, surveys=tmp)


def wcs_cards(ra, dec, side, scale):
    return {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": ra, "CRVAL2": dec, "CRPIX1": (side + 1) / 2,
            "CRPIX2": (side + 1) / 2, "CD1_1": -scale, "CD1_2": 0., "CD2_1": 0., "CD2_2": scale}


def legacysurvey_bricks(tmp):
    """Bricks by a scan and by the survey's own table; their mask is one for all bands."""
    import numpy
    fits = astropy_fits()
    rng = numpy.random.default_rng(7)
    root, side, scale = tmp / "dr9" / "south", 120, 0.262 * 30 / 3600
    bricks = {"0001p000": (0.125, 0.0), "0003p000": (0.375, 0.0), "3598p000": (359.875, 0.0)}
    for brick, (ra, dec) in bricks.items():
        folder = root / "coadd" / brick[:3] / brick
        folder.mkdir(parents=True)
        header = fits.Header({**wcs_cards(ra, dec, side, scale), "BRICKNAM": brick, "DRVERSIO": 9000})
        for band in "grz":
            for product in ("image", "invvar"):
                pixels = rng.normal(1, .1, (side, side)).astype("f4")
                hdu = fits.CompImageHDU(pixels, header, compression_type="RICE_1", quantize_level=-0.001)
                fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(folder / f"legacysurvey-{brick}-{product}-{band}.fits.fz")
        if brick != "0003p000":
            masks = [fits.CompImageHDU(rng.integers(0, 1 << 14, (side, side), dtype="i4"), header, name=name,
                                       compression_type="RICE_1") for name in ("MASKBITS", "WISEM1", "WISEM2")]
            fits.HDUList([fits.PrimaryHDU(), *masks]).writeto(folder / f"legacysurvey-{brick}-maskbits.fits.fz")
    names = list(bricks) + ["1800p600"]  # a table has bricks without images
    ra, dec = ([*(b[i] for b in bricks.values()), (180., 60.)[i]] for i in (0, 1))
    columns = {"BRICKNAME": ("8A", names), "RA": ("D", ra), "DEC": ("D", dec),
               "RA1": ("D", [x - .125 for x in ra]), "RA2": ("D", [x + .125 for x in ra]),
               "DEC1": ("D", [y - .125 for y in dec]), "DEC2": ("D", [y + .125 for y in dec])}
    fits.BinTableHDU.from_columns([fits.Column(n, f, array=numpy.array(a)) for n, (f, a) in columns.items()]).writeto(
        tmp / "survey-bricks.fits.gz")
    surveys = tmp / "surveys.d"
    for name, more in (("scan", 'release = "dr9"'), ("table", f'release = "dr9"\ntiles = "{tmp}/survey-bricks.fits.gz"')):
        about = survey(surveys, name, "legacysurvey", root, more)
        assert about["planes"] == ["image", "weight", "mask"] and about["title"].endswith("Release 9"), about
        for brick in ("0001p000", "3598p000"):
            cut(tmp / "a.fits", *at(bricks[brick], "20px"), "--bands", "g,z", "--planes", "image,weight,mask",
                "--algorithm", "cut", survey=name, surveys=surveys)
            with fits.open(tmp / "a.fits") as product:
                parts = [h for h in product if h.data is not None]
                files = [f"legacysurvey-{brick}-{p}.fits.fz" for p in ("image-g", "invvar-g", "maskbits", "image-z", "invvar-z", "maskbits")]
                assert [h.header["RCFILE"] for h in parts] == files, [h.header["RCFILE"] for h in parts]
                assert parts[0].header["BUNIT"] == "nanomaggy"
                for hdu in parts:
                    with fits.open(next(root.rglob(hdu.header["RCFILE"]))) as parent:
                        x, y = hdu.header["RCX0"], hdu.header["RCY0"]
                        numpy.testing.assert_array_equal(hdu.data, parent[1].data[y:y + 20, x:x + 20])
        says(cut(tmp / "b.fits", *at(bricks["0003p000"], "20px"), "--planes", "image,mask", survey=name, surveys=surveys,
                 status=3), "no plane mask")
        cut(tmp / "b.fits", *at((180, 60), "20px"), survey=name, surveys=surveys, status=4)


ALPHA = 1.0857362047581296  # 2.5 log10(e)


def skycell(fits, path, pixels, ra, dec, exptime, asinh=True, **more):
    """A file of Pan-STARRS' layout: an image compressed by Rice's code in the first extension, 16 bits on a scale of
    asinh magnitudes, its WCS by CDELT and the matrix of a draft of the standard, no RADESYS."""
    import numpy
    side = pixels.shape[0]
    cards = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": ra, "CRVAL2": dec, "CRPIX1": (side + 1) / 2,
             "CRPIX2": (side + 1) / 2, "CDELT1": 0.25 / 3600, "CDELT2": 0.25 / 3600, "PC001001": -1., "PC001002": 0.,
             "PC002001": 0., "PC002002": 1., "EXPTIME": exptime, "FPA.FILTER": "g.00000", **more}
    if asinh:
        offset, softening = float(numpy.nanmean(pixels)), float(numpy.sqrt(ALPHA) * numpy.nanstd(pixels))
        magnitudes = ALPHA * numpy.arcsinh((pixels - offset) / (2 * softening))
        zero, scale = float(numpy.nanmean(magnitudes)), float(numpy.nanmax(numpy.abs(magnitudes))) / 15000
        stored = numpy.where(numpy.isnan(pixels), 32767, numpy.round((magnitudes - zero) / scale))
        cards |= {"BSOFTEN": softening, "BOFFSET": offset}
        hdu = fits.CompImageHDU(stored.astype("i2"), compression_type="RICE_1")
        hdu.header.update(cards)
        cards = {"BZERO": zero, "BSCALE": scale, "BLANK": 32767}
    else:
        hdu = fits.CompImageHDU(pixels, compression_type="RICE_1")
    path.parent.mkdir(parents=True, exist_ok=True)
    fits.HDUList([fits.PrimaryHDU(), hdu]).writeto(path)
    with fits.open(path, mode="update", disable_image_compression=True) as file:
        file[1].header.update(cards)


def fluxes(fits, path):
    """What the archive's page says of undoing it, by numpy."""
    import numpy
    with fits.open(path, do_not_scale_image_data=True) as file:
        h, stored = file[1].header, file[1].data
        if "BSOFTEN" not in h:
            return stored
        data = numpy.where(stored == h["BLANK"], numpy.nan, stored * h["BSCALE"] + h["BZERO"])
        return h["BOFFSET"] + h["BSOFTEN"] * (numpy.exp(data / ALPHA) - numpy.exp(-data / ALPHA))


def panstarrs_skycells(tmp):
    """Stacks on their odd scale become fluxes, for every algorithm; zero points go with the exposure time."""
    import numpy
    from astropy.wcs import WCS
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    rng, side = numpy.random.default_rng(8), 150
    folder = tmp / "ps1" / "rings.v3.skycell" / "1725" / "051"
    stem = "rings.v3.skycell.1725.051.stk"
    sky = rng.normal(20, 5, (side, side)) + 4e4 * (rng.uniform(size=(side, side)) > .99)
    sky[:9] = numpy.nan
    for band in "gi":
        skycell(fits, folder / f"{stem}.{band}.unconv.fits", sky, 10., 5., 430.)
        skycell(fits, folder / f"{stem}.{band}.unconv.wt.fits", sky ** 2 + 1, 10., 5., 430.)
        skycell(fits, folder / f"{stem}.{band}.unconv.mask.fits", rng.integers(0, 999, (side, side), dtype="i2"), 10., 5., 430., asinh=False)
        skycell(fits, folder / f"{stem}.{band}.unconv.exp.fits", rng.integers(0, 999, (side, side), dtype="i2"), 10., 5., 430., asinh=False)
    surveys = tmp / "surveys.d"
    about = survey(surveys, "ps1", "panstarrs", tmp / "ps1")
    assert [b["name"] for b in about["bands"]] == ["g", "i"] and about["planes"] == ["image", "variance", "mask"], about
    cut(tmp / "a.fits", *at((10, 5), "140px"), "--bands", "g", "--planes", "image,variance,mask", "--algorithm", "cut",
        survey="ps1", surveys=surveys)
    with fits.open(tmp / "a.fits") as product:
        parts = [h for h in product if h.data is not None]
        assert len(parts) == 3
        for hdu in parts:
            x, y = hdu.header["RCX0"], hdu.header["RCY0"]
            expected = fluxes(fits, folder / hdu.header["RCFILE"])[y:y + 140, x:x + 140]
            if "mask" in hdu.header["RCFILE"]:
                numpy.testing.assert_array_equal(hdu.data, expected)
                continue
            assert hdu.header["BITPIX"] == -32 and not {"BSOFTEN", "BOFFSET", "BSCALE", "BZERO", "BLANK"} & set(hdu.header)
            assert hdu.header["RADESYS"] == "FK5"
            numpy.testing.assert_allclose(hdu.data, expected, rtol=2e-7)
        assert numpy.isnan(parts[0].data).any() and numpy.nanmax(parts[0].data) > 1e4
        # East is where astropy has it in the whole file.
        with fits.open(folder / parts[0].header["RCFILE"]) as parent:
            there = WCS(parent[1].header).all_pix2world([[10, 20], [100, 90]], 0)
        here = WCS(parts[0].header).all_pix2world([[10 - parts[0].header["RCX0"], 20 - parts[0].header["RCY0"]],
                                                   [100 - parts[0].header["RCX0"], 90 - parts[0].header["RCY0"]]], 0)
        numpy.testing.assert_allclose(here, there, rtol=0, atol=1e-9)
    # A neighbour of ten times the exposure has ten times the counts: a mosaic is even.
    for cell, ra, exptime in (("060", 40., 43.), ("061", 40.003, 430.)):
        even = numpy.full((side, side), exptime) + rng.normal(0, .01, (side, side))
        skycell(fits, tmp / "ps1" / cell / f"rings.v3.skycell.1800.{cell}.stk.g.unconv.fits", even, ra, 5., exptime)
    survey(surveys, "ps1", "panstarrs", tmp / "ps1")
    cut(tmp / "m.fits", *at((40.0015, 5), "120px"), "--bands", "g", "--algorithm", "mosaic", survey="ps1", surveys=surveys)
    with fits.open(tmp / "m.fits") as product:
        data = next(h.data for h in product if h.data is not None)
        assert numpy.nanmax(data) / numpy.nanmin(data) < 1.02, (numpy.nanmin(data), numpy.nanmax(data))
    cut(tmp / "p.png", *at((10, 5), "100px"), survey="ps1", surveys=surveys)


def counts_of_an_sdss_cutout(tmp):
    """What the page of the adapter says of sky and calibration gives back whole numbers, as a camera counts."""
    import contextlib
    import importlib.util
    import numpy
    if not importlib.util.find_spec("scipy"):
        raise Skip("python3-scipy is not installed")
    astropy_fits()
    frames = test_data("sdss_frames")
    survey(tmp / "surveys.d", "sdss", "sdss", frames)
    cut(tmp / "field.fits", *at((354.472, -0.9306), "60px"), "--bands", "g", survey="sdss", surveys=tmp / "surveys.d")
    (tmp / "frame-g-000094-1-0131.fits.bz2").symlink_to(frames / "frame-g-000094-1-0131.fits.bz2")
    page = (SOURCE / "plugins" / "surveys" / "sdss" / "README.md").read_text()
    said = {}
    with contextlib.chdir(tmp):
        exec(page.split("```python\n")[1].split("```")[0], said)
    counts = said["counts"]
    assert counts.shape == (60, 60) and 100 < counts.mean() < 120, counts.mean()
    assert numpy.abs(counts - numpy.round(counts)).max() < 0.05, numpy.abs(counts - numpy.round(counts)).max()


def each_has_a_page(tmp):
    """The README of each adapter is installed with it and shown by a service, which leads there from its surveys."""
    surveys = tmp / "surveys.d"
    make_tile(astropy_fits(), directory(tmp / "des") / "DES0000-5914_r4907p01_g.fits.fz",
              {"rall": "359.6", "raur": "0.3", "decll": "-59.5", "decur": "-58.8"}, 1)
    survey(surveys, "ours", "des", tmp / "des")
    with serving(tmp, surveys=surveys) as server:
        for adapter in ("des", "legacysurvey", "panstarrs", "sdss", "twomass"):
            page = server.get(f"/plugins/{adapter}")
            readme = (SOURCE / "plugins" / "surveys" / adapter / "README.md").read_text()
            assert page.status == 200 and "script-src" not in page.headers["Content-Security-Policy"], page.status
            assert f"<h1>{readme.splitlines()[0][2:]}</h1>" in page.text and 'href="https://' in page.text, page.text
        (ours,) = json.loads(server.get("/api/v1/surveys").text)["surveys"]
        assert ours["documentation"].endswith("/plugins/des"), ours
        assert 'href="/plugins/des"' in server.get("/").text
        assert server.get("/plugins/none").status == 404
        assert server.get("/plugins/tiles").status == 404, "it has no README"


def directory(path):
    path.mkdir(parents=True)
    return path


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
