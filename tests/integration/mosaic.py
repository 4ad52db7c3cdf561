"""Several images made one: stitched without a change, or resampled, against reproject and SWarp."""
# SPDX-License-Identifier: BSD-3-Clause
import pathlib
import shutil
import subprocess
import sys

from harness import DEMO, Skip, astropy_fits, at, cut, main, says, test_data
from make import image, index


def opened(path):
    with astropy_fits().open(path, do_not_scale_image_data=True) as product:
        product.verify("exception")
        return [(h.header, None if h.data is None else h.data.copy()) for h in product]


def made(tmp, *arguments, **options):
    """Cuts from the survey `made` and opens what came."""
    done = cut(tmp / "a.fits", *arguments, survey="made", surveys=tmp / "surveys.d", **options)
    return opened(tmp / "a.fits") if done.returncode == 0 else done


# --- stitch ---------------------------------------------------------------------------------------

def tiles_of_one_sky(tmp, holes=(), dtype="f4", **cards):
    """A 300 x 260 image cut into overlapping tiles with image, weight and mask; returns the whole."""
    import numpy
    fits = astropy_fits()
    rng = numpy.random.default_rng(5)
    whole = {"SCI": rng.normal(100, 20, (260, 300)).astype(dtype),
             "WGT": rng.uniform(1, 9, (260, 300)).astype("f4"),
             "MSK": rng.integers(0, 3000, (260, 300)).astype("i2")}
    if dtype == "f4":
        whole["SCI"][100:110, 120:135] = numpy.nan
    (tmp / "d").mkdir()
    for i, (x, y) in enumerate((x, y) for y in (0, 110) for x in (0, 140)):
        if i in holes:
            continue
        hdus = [fits.PrimaryHDU()]
        for name, data in whole.items():
            hdu = fits.ImageHDU(data[y:y + 150, x:x + 160], name=name)
            hdu.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 30.0, "CRVAL2": 41.0,
                               "CRPIX1": 150.5 - x, "CRPIX2": 130.5 - y, "CD1_1": -2e-4, "CD1_2": 3e-5,
                               "CD2_1": 3e-5, "CD2_2": 2e-4, "FILTER": "g", **cards})
            hdus.append(hdu)
        fits.HDUList(hdus).writeto(tmp / "d" / f"tile{i}.fits")
    index(tmp / "d", "made", tmp)
    return whole


def stitch_is_lossless(tmp):
    """Tiles on one grid: every pixel and every plane of the whole image comes back as it was."""
    import numpy
    from astropy.wcs import WCS
    whole = tiles_of_one_sky(tmp)
    wcs = WCS(opened(tmp / "d" / "tile0.fits")[1][0])  # tile 0 begins at the corner of the whole
    ra, dec = wcs.all_pix2world(150, 130, 0)
    parts = made(tmp, *at((ra, dec), "221px"), "--planes", "image,weight,mask")
    assert [h.get("EXTNAME") for h, _ in parts] == [None, "SCI", "WGT", "MSK"]
    for header, data in parts[1:]:
        assert header["RCIMAGES"] == 4 and header["RCCOVER"] == 1 and header["RCEDGE"] == "inside"
        mine = WCS(header)
        x0, y0 = (int(round(float(v))) for v in wcs.all_world2pix(*mine.all_pix2world(0, 0, 0), 0))
        assert (x0, y0) == (40, 20), (x0, y0)
        numpy.testing.assert_array_equal(data, whole[header["EXTNAME"]][y0:y0 + 221, x0:x0 + 221])
        sky = mine.all_pix2world([0, 220, 100], [0, 220, 40], 0)
        numpy.testing.assert_allclose(wcs.all_world2pix(*sky, 0), [[40, 260, 140], [20, 240, 60]], atol=1e-6)
    assert parts[0][0]["RCALGO"].startswith("stitch ")
    # A stamp inside one tile is cut from it.
    assert made(tmp, *at(wcs.all_pix2world(60, 60, 0), "50px"))[0][0]["RCALGO"].startswith("cut ")
    # A region ends where the tiles do.
    (header, data), = made(tmp, "--circle", f"{ra} {dec} 0.02")
    assert data.shape[0] <= 204 and data.shape[1] <= 204 and header["RCALGO"].startswith("stitch ")


def gaps_are_blank(tmp):
    """A tile is missing: NaN in the image, BLANK in the mask, and the header says so."""
    import numpy
    from astropy.wcs import WCS
    whole = tiles_of_one_sky(tmp, holes=(3,))
    wcs = WCS(opened(tmp / "d" / "tile0.fits")[1][0])
    ra, dec = wcs.all_pix2world(150, 130, 0)
    parts = made(tmp, *at((ra, dec), "221px"), "--planes", "image,mask")
    gap = numpy.zeros((221, 221), bool)
    gap[130:, 120:] = True  # what only tile 3 has: x >= 160, y >= 150 of the whole
    for header, data in parts[1:]:
        expected = whole[header["EXTNAME"]][20:241, 40:261]
        numpy.testing.assert_array_equal(data[~gap], expected[~gap])
        assert numpy.isnan(data[gap]).all() if data.dtype.kind == "f" else (data[gap] == header["BLANK"]).all()
        assert 0.6 < header["RCCOVER"] < 0.85 and header["RCEDGE"] == "padded"
        if data.dtype.kind != "f":
            assert not (expected == header["BLANK"]).any()
    assert "cover only" in parts[0][0]["RCWARN"]


def integers_are_stitched_as_stored(tmp):
    import numpy
    from astropy.wcs import WCS
    whole = tiles_of_one_sky(tmp, dtype="i2", BSCALE=0.5, BZERO=7.0)
    wcs = WCS(opened(tmp / "d" / "tile0.fits")[1][0])
    (header, data), = made(tmp, *at(wcs.all_pix2world(150, 130, 0), "100px"))
    assert header["RCALGO"].startswith("stitch ") and (header["BSCALE"], header["BZERO"]) == (0.5, 7)
    # astropy wrote what it was given, scaled back; read it from the tiles as stored.
    assert data.dtype.kind == "i" and data.shape == (100, 100)
    stored = numpy.concatenate([d.ravel() for p in sorted((tmp / "d").glob("*.fits")) for h, d in opened(p)[1:2]])
    assert set(numpy.unique(data)) <= set(numpy.unique(stored))
    assert whole["SCI"].shape == (260, 300)


# --- mosaic ---------------------------------------------------------------------------------------

def parents(root, names):
    """(HDU data, WCS, zero point) of images, by the names of their files."""
    fits = astropy_fits()
    from astropy.wcs import WCS
    out = []
    for name in names:
        path = next(p for p in pathlib.Path(root).rglob("*") if p.name == name)
        with fits.open(path) as file:
            hdu = next(h for h in file if h.data is not None and h.data.ndim == 2)
            zero = hdu.header.get("MAGZP", file[0].header.get("MAGZERO", 0.0))
            out.append((hdu.data.astype("f8"), WCS(hdu.header), zero))
    return out


def covered_once(header, images):
    """Pixels of a product that lie two pixels inside exactly one of the images and on no other."""
    import numpy
    from astropy.wcs import WCS
    wcs = WCS(header)
    y, x = numpy.mgrid[:header["NAXIS2"], :header["NAXIS1"]]
    sky = wcs.all_pix2world(x, y, 0)
    touch, deep = [], []
    for data, own, _ in images:
        px, py = own.all_world2pix(*sky, 0)
        def within(margin):
            return ((px > margin - 0.5) & (px < data.shape[1] - 0.5 - margin)
                    & (py > margin - 0.5) & (py < data.shape[0] - 0.5 - margin))
        touch.append(within(-1))
        deep.append(within(2))
    return [d & (sum(touch) == 1) for d in deep]


def compare_with_reproject(header, data, images):
    """The relative differences from reproject_interp where one image covers, 99th percentile."""
    import numpy
    try:
        from reproject import reproject_interp
    except ImportError:
        raise Skip("python3-reproject is not installed")
    from astropy.wcs import WCS
    worst, compared = [], 0
    for (pixels, wcs, zero), where in zip(images, covered_once(header, images)):
        if not where.any():
            continue
        theirs, _ = reproject_interp((pixels, wcs), WCS(header), shape_out=data.shape, order="bilinear")
        theirs *= 10 ** (0.4 * (images[0][2] - zero))
        good = where & numpy.isfinite(theirs) & numpy.isfinite(data)
        scale = numpy.maximum(numpy.abs(theirs[good]), numpy.nanstd(theirs))
        worst.append(numpy.percentile(numpy.abs(data[good] - theirs[good]) / scale, 99))
        compared += good.sum()
    assert compared > 1000, compared
    return max(worst)


def used(header, what=1):
    """The images that were combined: 0 their ids, 1 their files."""
    return [header[f"RCIM{i + 1}"].rstrip(")").split(" (")[what] for i in range(header["RCIMAGES"])]


def agrees(survey, root, surveys, tmp, position, size, *more):
    import numpy
    plain = ["--kernel", "bilinear", "--combine", "first", "--conserve", "surface_brightness", *more]
    for exact, limit in (([], 1e-3), (["--param", "mapping=exact"], 1e-6)):
        cut(tmp / "m.fits", *at(position, size), *plain, *exact, survey=survey, surveys=surveys)
        header, data = opened(tmp / "m.fits")[0]
        assert header["RCALGO"].startswith("mosaic ") and header["RCIMAGES"] > 1
        images = parents(root, used(header))
        difference = compare_with_reproject(header, data.astype(numpy.float64), images)
        print(survey, "exact" if exact else "interpolated", "differs from reproject by", difference)
        assert difference < limit, difference


def reproject_2mass(tmp):
    """2MASS Atlas images of Orion: SIN, rotated, gzipped, with zero points of their own."""
    root = test_data("2mass_orion_j")
    surveys = index(root, "orion", tmp)
    agrees("orion", root, surveys, tmp, (83.65, -5.36), "500px")


def reproject_demo(tmp):
    """TAN beside TAN, and TAN, TPV and a rotated one."""
    for position in ((0.019, 10.0), (0.172, 10.045)):
        agrees("demo", DEMO / "sky", DEMO / "surveys.d", tmp, position, "300px", "--bands", "r")


def reproject_decam(tmp):
    """Two DECam exposures of one band, TPV: combined only because all epochs are asked for."""
    root = test_data("decam_1867p255_grz")
    surveys = index(root, "decam", tmp)
    agrees("decam", root, surveys, tmp, (186.7425, 25.4618), "330px", "--bands", "z", "--epochs", "all",
           "--pixscale", "0.262arcsec")


def agrees_with_swarp(tmp):
    """Lanczos-3, SWarp on the same grid: where one image covers, 99 % of the pixels differ by less than
    0.02 of the noise (SWarp maps by an approximation good to 0.001 pixel and tabulates its kernel)."""
    import numpy
    if not shutil.which("SWarp"):
        raise Skip("swarp is not installed")
    fits = astropy_fits()
    root = test_data("2mass_orion_j")
    surveys = index(root, "orion", tmp)
    cut(tmp / "m.fits", *at((83.65, -5.36), "500px"), "--conserve", "surface_brightness", survey="orion", surveys=surveys)
    header, data = opened(tmp / "m.fits")[0]
    images = parents(root, used(header))
    names = []
    for i, ((pixels, wcs, zero), name) in enumerate(zip(images, used(header))):
        with fits.open(root / name) as file:
            own = fits.PrimaryHDU((file[0].data * 10 ** (0.4 * (images[0][2] - zero))).astype("f4"), file[0].header)
            own.writeto(tmp / f"in{i}.fits")
        names.append(f"in{i}.fits")
    grid = fits.Header({"SIMPLE": True, "BITPIX": -32, "NAXIS": 2})
    for key in ("NAXIS1", "NAXIS2", "CTYPE1", "CTYPE2", "CRVAL1", "CRVAL2", "CRPIX1", "CRPIX2", "EQUINOX"):
        grid[key] = header[key]
    angle, s1, s2 = numpy.radians(header["CROTA2"]), header["CDELT1"], header["CDELT2"]
    grid.update({"CD1_1": s1 * numpy.cos(angle), "CD1_2": -s2 * numpy.sin(angle),
                 "CD2_1": s1 * numpy.sin(angle), "CD2_2": s2 * numpy.cos(angle)})
    (tmp / "out.head").write_text(grid.tostring(sep="\n", padding=False) + "\n")
    subprocess.run(["SWarp", *names, "-IMAGEOUT_NAME", "out.fits", "-WEIGHTOUT_NAME", "w.fits", "-COMBINE_TYPE",
                    "AVERAGE", "-SUBTRACT_BACK", "N", "-RESAMPLING_TYPE", "LANCZOS3", "-FSCALASTRO_TYPE", "NONE",
                    "-FSCALE_KEYWORD", "NONE", "-PROJECTION_ERR", "0.0001", "-WRITE_XML", "N", "-VERBOSE_TYPE", "QUIET",
                    "-DELETE_TMPFILES", "Y", "-NTHREADS", "1"], cwd=tmp, check=True)
    with fits.open(tmp / "out.fits") as file:
        theirs = file[0].data.astype("f8")
    assert theirs.shape == data.shape
    noise = numpy.nanstd(data - numpy.roll(data, 1, 0)) / 2 ** 0.5
    where = sum(covered_once(header, images)[1:]) > 0  # the first is on its own grid in both
    good = where & numpy.isfinite(data) & (theirs != 0)
    differences = numpy.abs(data - theirs)[good] / noise
    print("SWarp differs by", numpy.percentile(differences, [50, 99, 99.9]), "of the noise in", good.sum(), "pixels")
    assert good.sum() > 50000 and numpy.percentile(differences, 99) < 0.02


def stars(shape, wcs, sky, fluxes, sigma, background=0.0):
    """Gaussian stars integrated over pixels, at sky positions, on a grid."""
    import math
    import numpy
    erf = numpy.vectorize(math.erf)
    data = numpy.full(shape, background)
    for ra, dec, flux in zip(*sky, fluxes):
        x, y = wcs.all_world2pix(ra, dec, 0)
        def line(n, c):
            edges = (numpy.arange(n + 1) - 0.5 - c) / sigma / 2 ** 0.5
            return numpy.diff(erf(edges)) / 2
        data += flux * numpy.outer(line(shape[0], y), line(shape[1], x))
    return data


def aperture(data, x, y, radius):
    """The sum in a circle; pixels on its edge by 10 x 10 parts."""
    import numpy
    x0, y0, r = int(x), int(y), int(radius) + 2
    total = 0.0
    sub = (numpy.arange(10) + 0.5) / 10 - 0.5
    for j in range(y0 - r, y0 + r + 1):
        for i in range(x0 - r, x0 + r + 1):
            inside = (i + sub[None, :] - x) ** 2 + (j + sub[:, None] - y) ** 2 <= radius ** 2
            total += data[j, i] * inside.mean()
    return total


def photometry_is_kept(tmp):
    """50 stars on two images, turned against one another: aperture sums in the mosaic differ by less than
    0.1 % from those in the parents; so they do on a grid of other pixels."""
    import numpy
    from astropy.wcs import WCS
    rng = numpy.random.default_rng(3)
    frames = {}
    for name, ra, turn in (("a", 50.0, 0.0), ("b", 50.03, 20.0)):
        image(tmp / "d" / f"{name}_g.fits", ra=ra, dec=20, data=numpy.zeros((240, 240), "f4"), scale=1e-4, rotation=turn)
        frames[name] = WCS(opened(tmp / "d" / f"{name}_g.fits")[0][0])
        (tmp / "d" / f"{name}_g.fits").unlink()
    grid = numpy.mgrid[:5, :5].reshape(2, 25) * 45 + 30
    places = {n: grid + rng.uniform(-6, 6, (2, 25)) for n in frames}
    sky = {n: frames[n].all_pix2world(*places[n], 0) for n in frames}
    every = numpy.concatenate([sky["a"], sky["b"]], axis=1)
    fluxes = rng.uniform(1e4, 1e5, 50)
    data = {n: stars((240, 240), frames[n], every, fluxes, 2.2) for n in frames}
    for name, ra, turn in (("a", 50.0, 0.0), ("b", 50.03, 20.0)):
        image(tmp / "d" / f"{name}_g.fits", ra=ra, dec=20, data=data[name].astype("f4"), scale=1e-4, rotation=turn)
    index(tmp / "d", "made", tmp)
    total = 0
    for more, ratio in ([], 1.0), (["--pixscale", "0.00013deg"], 1.3), (["--pixscale", "0.00007deg", "--north", "up"], 0.7):
        (header, mosaic), = made(tmp, *at((50.014, 20), "0.06deg,0.035deg"), "--edges", "trim", *more)
        mosaic = numpy.nan_to_num(mosaic.astype("f8"))
        wcs = WCS(header)
        compared = 0
        for name in frames:
            for (px, py), (ra, dec) in zip(places[name].T, numpy.transpose(sky[name])):
                x, y = (float(v) for v in wcs.all_world2pix(ra, dec, 0))
                margin = 14 / ratio
                apart = numpy.hypot((every[0] - ra) * numpy.cos(numpy.radians(dec)), every[1] - dec) / 1e-4
                if numpy.sort(apart)[1] < 24:  # another star's light at the aperture's edge
                    continue
                if not (margin < x < mosaic.shape[1] - margin and margin < y < mosaic.shape[0] - margin):
                    continue
                parent = aperture(data[name], px, py, 10)
                ours = aperture(mosaic, x, y, 10 / ratio)
                assert abs(ours / parent - 1) < 1e-3, (more, name, px, py, ours / parent - 1)
                compared += 1
        assert compared >= 25, compared
        total += compared
        assert header["RCCONSRV"] == "flux"
    assert total >= 100, total


def zero_points_are_brought_to_one(tmp):
    import numpy
    for name, ra, zero, flux in (("a", 10.0, 25.0, 100.0), ("b", 10.012, 27.5, 1000.0)):
        image(tmp / "d" / f"{name}_g.fits", ra=ra, dec=0, data=numpy.full((80, 80), flux, "f4"), cards={"MAGZP": zero})
    index(tmp / "d", "made", tmp)
    (header, data), = made(tmp, *at((10.006, 0), "110px,40px"))
    assert header["RCIMAGES"] == 2
    numpy.testing.assert_allclose(data[numpy.isfinite(data)], 100 if header["MAGZP"] == 25 else 1000, rtol=1e-6)


def unknown_zero_points_are_refused(tmp):
    """Where only one of two images says what its counts mean, they are not mixed: by name it is an error, by
    default the better one is cut, and told."""
    import numpy
    image(tmp / "d" / "a_g.fits", ra=10, dec=0, data=numpy.ones((80, 80), "f4"), cards={"MAGZP": 25.0})
    image(tmp / "d" / "b_g.fits", ra=10.012, dec=0, data=numpy.ones((80, 80), "f4"))
    index(tmp / "d", "made", tmp)
    position = at((10.006, 0), "110px,40px")
    says(made(tmp, *position, "--algorithm", "mosaic", status=2), "zero point", "a_g", "b_g", "algorithm=cut")
    header, _ = made(tmp, *position)[0]
    assert header["RCALGO"].startswith("cut ") and "zero point" in header["RCWARN"]


def backgrounds_are_levelled_when_asked(tmp):
    import numpy
    rng = numpy.random.default_rng(2)
    sky = rng.normal(0, 1, (80, 200)).astype("f4")
    for name, x, level in (("a", 0, 0.0), ("b", 60, 30.0), ("c", 120, -20.0)):
        image(tmp / "d" / f"{name}_g.fits", ra=10, dec=0, data=sky[:, x:x + 80] + numpy.float32(level),
              cards={"CRPIX1": 100.5 - x})
    index(tmp / "d", "made", tmp)
    position = at((10, 0), "200px,80px")
    _, plain = made(tmp, *position, "--combine", "first")[0]
    assert 15 < numpy.nanstd(plain)
    header, level = made(tmp, *position, "--combine", "first", "--background", "match")[0]
    difference = level - sky
    assert header["RCBACKGR"] == "match" and numpy.ptp(difference) < 1e-3, numpy.ptp(difference)


def weights_count(tmp):
    """Mean by weight, median, first; the weight of the outcome; a weight of zero is no pixel."""
    import numpy
    fits = astropy_fits()
    (tmp / "d").mkdir()
    for name, value, weight in (("a", 10.0, 1.0), ("b", 20.0, 3.0), ("c", 60.0, 1.0)):
        hdus = [fits.PrimaryHDU()]
        for plane, level in (("SCI", value), ("WGT", weight)):
            hdu = fits.ImageHDU(numpy.full((60, 60), level, "f4"), name=plane)
            hdu.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 0.0,
                               "CRPIX1": 30.5, "CRPIX2": 30.5, "CD1_1": -2e-4, "CD2_2": 2e-4, "FILTER": "g"})
            hdus.append(hdu)
        if name == "c":
            hdus[2].data[:30] = 0
        fits.HDUList(hdus).writeto(tmp / "d" / f"{name}.fits")
    index(tmp / "d", "made", tmp)
    position = [*at((10, 0), "40px"), "--epochs", "all", "--planes", "image,weight", "--algorithm", "mosaic"]
    for rule, low, high, weights in (("mean", 17.5, 26, (4, 5)), ("median", 15, 20, None), ("first", 10, 10, (1, 1))):
        _, image_part, weight_part = made(tmp, *position, "--combine", rule)
        assert (image_part[1][:18] == low).all() and (image_part[1][22:] == high).all(), rule
        if weights:
            assert (weight_part[1][:18] == weights[0]).all() and (weight_part[1][22:] == weights[1]).all(), rule
        assert image_part[0]["RCCOMBIN"] == rule


def masks_are_joined_not_interpolated(tmp):
    import numpy
    fits = astropy_fits()
    (tmp / "d").mkdir()
    for name, bit, turn in (("a", 1, 0), ("b", 6, 33)):
        c, s = 2e-4 * numpy.cos(numpy.radians(turn)), 2e-4 * numpy.sin(numpy.radians(turn))
        hdus = [fits.PrimaryHDU()]
        for plane, data in (("SCI", numpy.ones((60, 60), "f4")), ("MSK", numpy.full((60, 60), bit, "i2"))):
            if plane == "MSK":
                data[::2] = 8
            hdu = fits.ImageHDU(data, name=plane)
            hdu.header.update({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 10.0, "CRVAL2": 0.0, "FILTER": "g",
                               "CRPIX1": 30.5, "CRPIX2": 30.5, "CD1_1": -c, "CD1_2": s, "CD2_1": s, "CD2_2": c})
            hdus.append(hdu)
        fits.HDUList(hdus).writeto(tmp / "d" / f"{name}.fits")
    index(tmp / "d", "made", tmp)
    _, (_, pixels), (header, mask) = made(tmp, *at((10, 0), "70px"), "--epochs", "all", "--planes", "image,mask",
                                          "--algorithm", "mosaic")
    assert mask.dtype.kind == "i" and mask.dtype.itemsize == 2
    found = set(numpy.unique(mask))
    assert found <= {1, 6, 8, 7, 9, 14, header["BLANK"]} and {7, 8, 9, 14} <= found, found
    numpy.testing.assert_array_equal(mask == header["BLANK"], numpy.isnan(pixels))


def epochs_are_not_mixed(tmp):
    """In a survey of epochs a gap stays one, unless the other image was exposed at the same time."""
    import numpy
    for name, ra, mjd in (("a", 10.0, 58000.0), ("b", 10.006, 58001.0), ("c", 9.994, 58000.0)):
        image(tmp / "d" / f"{name}_g.fits", ra=ra, dec=0, data=numpy.ones((40, 40), "f4"),
              cards={"MJD-OBS": mjd, "EXPTIME": 30.0})
    surveys = index(tmp / "d", "made", tmp)
    toml = surveys / "made.toml"
    toml.write_text(toml.read_text().replace("[survey]", '[survey]\nkind = "epochs"', 1))
    (header, data), = made(tmp, *at((10.006, 0), "60px"))
    assert header["RCIMAGE"] == "b_g" and numpy.isnan(data).any()
    (header, data), = made(tmp, *at((9.997, 0), "40px,20px"))
    assert header["RCIMAGES"] == 2 and sorted(used(header, 0)) == ["a_g", "c_g"] and numpy.isfinite(data).all()
    (header, data), = made(tmp, *at((10.003, 0), "60px,20px"), "--epochs", "all", "--algorithm", "mosaic")
    assert header["RCIMAGES"] == 3


def other_grids(tmp):
    """pixscale, north=up, width and height: an undistorted grid of just those pixels; flux is kept."""
    import numpy
    from astropy.wcs import WCS
    rng = numpy.random.default_rng(8)
    y, x = numpy.mgrid[:120, :120]
    data = (1000 * numpy.exp(-((x - 60) ** 2 + (y - 57) ** 2) / 60) + rng.normal(0, 1, (120, 120))).astype("f4")
    sip = {"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "A_ORDER": 2, "B_ORDER": 2, "A_2_0": 2e-5, "B_0_2": -3e-5}
    image(tmp / "d" / "a_g.fits", ra=10, dec=30, data=data, rotation=40, cards=sip)
    index(tmp / "d", "made", tmp)
    (header, north), = made(tmp, *at((10, 30), "80px"), "--north", "up", "--pixscale", "0.0001deg")
    assert north.shape == (80, 80) and "A_ORDER" not in header and header["CTYPE1"] == "RA---TAN"
    wcs = WCS(header)
    numpy.testing.assert_allclose(wcs.pixel_scale_matrix, [[-1e-4, 0], [0, 1e-4]], atol=1e-12)
    numpy.testing.assert_allclose(wcs.all_pix2world(39.5, 39.5, 0), (10, 30), atol=1e-12)
    (_, plain), = made(tmp, *at((10, 30), "0.012deg"))
    (header, fine), = made(tmp, *at((10, 30), "0.012deg"), "--pixscale", "0.00005deg")
    (_, coarse), = made(tmp, *at((10, 30), "0.012deg"), "--pixscale", "0.0006deg")
    assert fine.shape == (240, 240) and coarse.shape == (20, 20)
    for other in (fine, coarse):
        assert abs(other.sum() / plain.sum() - 1) < 2e-3
    (_, small), = made(tmp, *at((10, 30), "60px"), "--width", "30", "--conserve", "surface_brightness")
    assert small.shape == (30, 30)
    (_, same), = made(tmp, *at((10, 30), "60px"), "--width", "100")
    assert same.shape == (60, 60)
    says(made(tmp, *at((10, 30), "60px"), "--width", "10", "--algorithm", "cut", status=2), "algorithm=mosaic")


def width_averages_over_areas(tmp):
    """On the image's own grid a smaller picture is the mean of its pixels, exactly."""
    import numpy
    rng = numpy.random.default_rng(9)
    data = rng.normal(50, 10, (120, 120)).astype("f4")
    image(tmp / "d" / "a_g.fits", ra=10, dec=30, data=data)
    index(tmp / "d", "made", tmp)
    (header, small), = made(tmp, *at((10, 30), "120px"), "--width", "40", "--conserve", "surface_brightness")
    numpy.testing.assert_allclose(small, data.reshape(40, 3, 40, 3).mean((1, 3)), rtol=1e-5)
    (_, flux), = made(tmp, *at((10, 30), "120px"), "--width", "40", "--conserve", "flux")
    numpy.testing.assert_allclose(flux, data.reshape(40, 3, 40, 3).sum((1, 3)), rtol=1e-4)


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
