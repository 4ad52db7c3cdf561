"""Coadds and exposures of the HSC and LSST pipelines: made files with their true names, HDUs and cards; a real one."""
# SPDX-License-Identifier: BSD-3-Clause
import shutil
import sys
import warnings

from adapting import survey
from harness import astropy_fits, at, cut, main, test_data
from real_sets import compare_part

SCALE, SIDE, OVERLAP = 0.168 / 3600, 80, 20
MASK = {"MP_BAD": 0, "MP_CR": 3, "MP_DETECTED": 5, "MP_DETECTED_NEGATIVE": 6, "MP_EDGE": 4, "MP_INTRP": 2, "MP_NO_DATA": 8, "MP_SAT": 1}


def tract(seed):
    """The planes of two patches side by side, on one grid."""
    import numpy
    rng = numpy.random.default_rng(seed)
    shape = SIDE, 2 * SIDE - OVERLAP
    return {"IMAGE": rng.normal(size=shape).astype("f4"), "MASK": rng.integers(0, 512, shape, dtype="i4"),
            "VARIANCE": rng.uniform(1, 2, size=shape).astype("f4")}


def patch(path, planes, x0, primary, packed=False, **cards):
    """A calexp: an empty primary, image, mask and variance, and an archive's tables after them."""
    import numpy
    fits = astropy_fits()
    hdus = [fits.PrimaryHDU(header=fits.Header({"AR_HDU": 5, **primary}))]
    for name, whole in planes.items():
        header = fits.Header({"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": 150.0, "CRVAL2": 2.0,
                              "CRPIX1": 70.5 - x0, "CRPIX2": 40.5, "CD1_1": -SCALE, "CD1_2": 0., "CD2_1": 0., "CD2_2": SCALE,
                              "RADESYS": "ICRS", "LTV1": -x0, "LTV2": 0, "EXTTYPE": name, **cards})
        if name == "MASK":
            header.update(MASK)
        part = whole[:, x0:x0 + SIDE]
        hdus.append(fits.CompImageHDU(part, header, name=name, compression_type="GZIP_2", quantize_level=0) if packed
                    else fits.ImageHDU(part, header, name=name))
    hdus.append(fits.BinTableHDU.from_columns([fits.Column("id", "J", array=numpy.arange(2))], name="ARCHIVE_INDEX"))
    path.parent.mkdir(parents=True, exist_ok=True)
    fits.HDUList(hdus).writeto(path)


def mosaic(tmp, surveys, whole, *options):
    """Both patches come to the zero point of the first: 27, or 31.4 where pixels are nJy."""
    import numpy
    fits = astropy_fits()
    cut(tmp / "m.fits", *at((150, 2), "60px"), "--algorithm", "mosaic", *options, survey="hsc", surveys=surveys)
    with fits.open(tmp / "m.fits") as product:
        part = next(h for h in product if h.data is not None)
        numpy.testing.assert_allclose(part.data, whole[10:70, 40:100], rtol=1e-5, atol=1e-6)


def patches_of_a_tract(tmp):
    """Patches share a grid and overlap: they are stitched as stored, mask and variance too; zero points are those of
    FLUXMAG0; other files beside them are none of the survey's."""
    import numpy
    fits = astropy_fits()
    warnings.simplefilter("ignore")  # keywords of more than eight letters
    root = tmp / "pdr3"
    whole = {band: tract(n) for n, band in enumerate("GI")}
    brighter = {"IMAGE": 10 * whole["G"]["IMAGE"], "MASK": whole["G"]["MASK"], "VARIANCE": 100 * whole["G"]["VARIANCE"]}
    for band, x, x0, planes, zero in (("I", 4, 0, whole["I"], 27), ("I", 5, SIDE - OVERLAP, whole["I"], 27),
                                      ("G", 4, 0, whole["G"], 27), ("G", 5, SIDE - OVERLAP, brighter, 29.5)):
        name = f"HSC-{band}-9813-{x},4.fits"
        folder = root / "deepCoadd-results" / f"HSC-{band}" / "9813" / f"{x},4"
        patch(folder / f"calexp-{name}", planes, x0, {"FILTER": f"HSC-{band}", "FLUXMAG0": 10 ** (0.4 * zero)}, packed=band == "I")
        fits.HDUList([fits.PrimaryHDU(), fits.BinTableHDU.from_columns([fits.Column("id", "J", array=[1])])]).writeto(folder / f"det-{name}")
    surveys, said = survey(tmp, "hsc", "hsc", root)
    assert "4 images; bands g (2), i (2)" in said and "4 skipped" in said, said
    cut(tmp / "a.fits", *at((150, 2), "60px"), "--bands", "i", "--algorithm", "stitch", "--planes", "image,mask,variance",
        survey="hsc", surveys=surveys)
    with fits.open(tmp / "a.fits") as product:
        parts = [h for h in product if h.data is not None]
        assert len(parts) == 3, [h.name for h in parts]
        for hdu in parts:
            plane = {"image": "IMAGE", "mask": "MASK", "variance": "VARIANCE"}[hdu.header["RCPLANE"]]
            numpy.testing.assert_array_equal(hdu.data, whole["I"][plane][10:70, 40:100])
            if plane == "MASK":
                assert {k: hdu.header[k] for k in MASK} == MASK
    mosaic(tmp, surveys, whole["G"]["IMAGE"], "--bands", "g")
    cut(tmp / "a.png", *at((150, 2), "60px"), "--bands", "i,g", survey="hsc", surveys=surveys)


def later_pipelines_write_nanojanskys(tmp):
    """The names of generation 3, pixels of nJy, no FLUXMAG0."""
    import numpy
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    planes = tract(7)
    run_name = "HSC_runs_RC2_w_2024_10_20240301T000000Z"
    fainter = {"IMAGE": planes["IMAGE"] / 10, "MASK": planes["MASK"], "VARIANCE": planes["VARIANCE"] / 100}
    for number, x0, kept, primary in ((40, 0, planes, {}), (41, SIDE - OVERLAP, fainter, {"FLUXMAG0": 10 ** (0.4 * 28.9)})):
        folder = tmp / "repo" / "HSC" / "runs" / "deepCoadd_calexp" / "9813" / str(number) / "r"
        patch(folder / f"deepCoadd_calexp_9813_{number}_r_hsc_rings_v1_{run_name}.fits", kept, x0, primary, packed=True, BUNIT="nJy")
    surveys, said = survey(tmp, "hsc", "hsc", tmp / "repo", 'pattern = "**/deepCoadd_calexp_{tract}_{patch}_{band}_{run}.fits"')
    assert "bands r (2)" in said, said
    cut(tmp / "a.fits", *at((150, 2), "20px"), survey="hsc", surveys=surveys)
    with fits.open(tmp / "a.fits") as product:
        part = next(h for h in product if h.data is not None)
        numpy.testing.assert_array_equal(part.data, planes["IMAGE"][30:50, 60:80])
        assert part.header["BUNIT"] == "nJy"
    mosaic(tmp, surveys, planes["IMAGE"])


def a_real_exposure(tmp):
    """A part of a calexp of one CCD: SIP, HDUs without names, a mask of unsigned integers, no zero point."""
    import random
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    source = test_data("hsc_lsst_mef") / "HSC-0908120-056-small.fits"
    folder = tmp / "rerun" / "00999" / "HSC-I" / "corr"
    folder.mkdir(parents=True)
    shutil.copy(source, folder / "CORR-0908120-056.fits")
    surveys, said = survey(tmp, "hsc", "hsc", tmp / "rerun", 'pattern = "**/{band}/corr/CORR-{visit}-{ccd}.fits"')
    assert "bands i (1)" in said, said
    from astropy.wcs import WCS
    wcs = WCS(fits.getheader(source, 1))
    rng = random.Random(2)
    for _ in range(3):
        place = wcs.all_pix2world(rng.uniform(20, 180), rng.uniform(20, 180), 0)
        cut(tmp / "a.fits", *at(place, "30px"), "--planes", "image,mask,variance", survey="hsc", surveys=surveys)
        with fits.open(tmp / "a.fits", do_not_scale_image_data=True) as product:
            parts = [h for h in product if h.data is not None]
            assert [h.header["RCHDU"] for h in parts] == [1, 3, 2], [h.header["RCHDU"] for h in parts]
            for hdu in parts:
                compare_part(fits, folder, hdu)


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
