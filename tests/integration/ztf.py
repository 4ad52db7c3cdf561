"""ZTF's science and reference images: made files with their true names and cards."""
# SPDX-License-Identifier: BSD-3-Clause
import sys
import time
import warnings

from adapting import survey
from harness import astropy_fits, at, cut, main, says

NOW = 40587 + time.time() / 86400
PLACE = (255.576, 12.283)


def quadrant(path, seed, mjd=None, magzp=26.2, mask=False, band="g"):
    """A CCD quadrant, at a twentieth of its width: TPV, as ZTF's pipeline writes it."""
    import numpy
    fits = astropy_fits()
    rng = numpy.random.default_rng(seed)
    data = rng.integers(0, 99, (154, 153), dtype="i2") if mask else rng.normal(150, 5, (154, 153)).astype("f4")
    scale = 1.012 / 3600
    header = fits.Header({
        "FILTER": f"ZTF_{band}", "FILTERID": 1, "FIELDID": 535, "CCDID": 11, "QID": 3, "EXPTIME": 30.0, "MAGZP": magzp, "MAGZPUNC": 2e-5,
        "CTYPE1": "RA---TPV", "CTYPE2": "DEC--TPV", "CRVAL1": PLACE[0], "CRVAL2": PLACE[1], "CRPIX1": 77., "CRPIX2": 77.5,
        "CD1_1": -scale, "CD1_2": 2e-6, "CD2_1": 2e-6, "CD2_2": scale, "CUNIT1": "deg", "CUNIT2": "deg", "RADESYS": "ICRS", "EQUINOX": 2000.,
        "PV1_0": 1e-6, "PV1_1": 1.0, "PV1_2": 2e-4, "PV1_4": 3e-4, "PV1_5": -2e-4, "PV1_7": 1e-3,
        "PV2_0": -2e-6, "PV2_1": 1.0, "PV2_2": -1e-4, "PV2_4": 2e-4, "PV2_6": 1e-4, "PV2_10": -1e-3,
        **({"OBSMJD": mjd} if mjd else {})})
    path.parent.mkdir(parents=True, exist_ok=True)
    fits.PrimaryHDU(data, header).writeto(path)


def night(root, stamp, seed, mjd, **more):
    """A science image and its mask, where IRSA has them; returns the image."""
    folder = root / "sci" / stamp[:4] / stamp[4:8] / stamp[8:]
    name = f"ztf_{stamp}_000535_zg_c11_o_q3"
    quadrant(folder / f"{name}_sciimg.fits", seed, mjd, **more)
    quadrant(folder / f"{name}_mskimg.fits", seed + 100, mjd, mask=True)
    return folder / f"{name}_sciimg.fits"


def the_latest_night_with_its_mask(tmp):
    """Images of one place are nights: the latest answers, or that of the time asked for; they are not averaged."""
    import numpy
    from astropy.wcs import WCS
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    files = [night(tmp / "ztf", stamp, n, mjd, magzp=26.2 + n / 10)
             for n, (stamp, mjd) in enumerate((("20180401123456", 58209.123456), ("20190501234567", 58604.234567)))]
    surveys, said = survey(tmp, "ztf", "ztf", tmp / "ztf")
    assert "2 images; bands zg (2)" in said, said
    for n, options in ((1, []), (0, ["--time", "58209 58210"])):
        cut(tmp / "a.fits", *at(PLACE, "40px"), "--planes", "image,mask", *options, survey="ztf", surveys=surveys)
        with fits.open(tmp / "a.fits", do_not_scale_image_data=True) as product:
            image, mask = [h for h in product if h.data is not None]
            assert image.header["RCFILE"] == files[n].name and image.header["BUNIT"] == "DN"
            y, x = image.header["RCY0"], image.header["RCX0"]
            for hdu, path in ((image, files[n]), (mask, files[n].with_name(files[n].name.replace("sciimg", "mskimg")))):
                numpy.testing.assert_array_equal(hdu.data, fits.getdata(path)[y:y + 40, x:x + 40])
            here = WCS(image.header).all_pix2world([[0, 0], [39, 39]], 0)
            there = WCS(fits.getheader(files[n])).all_pix2world([[x, y], [x + 39, y + 39]], 0)
            assert numpy.abs(here - there).max() < 1e-10


def young_images_are_the_partners(tmp):
    """With public_after, what is younger belongs to the group."""
    fits = astropy_fits()
    old = night(tmp / "ztf", "20180401123456", 1, NOW - 600)
    night(tmp / "ztf", "20260101123456", 2, NOW - 5)
    surveys, _ = survey(tmp, "ztf", "ztf", tmp / "ztf", 'access_group = "ztf-partners"\npublic_after = "540d"')
    cut(tmp / "a.fits", *at(PLACE, "10px"), survey="ztf", surveys=surveys)
    assert fits.getheader(tmp / "a.fits")["RCFILE"] == old.name
    says(cut(tmp / "b.fits", *at(PLACE, "10px"), "--time", f"{NOW - 10} {NOW}", survey="ztf", surveys=surveys, status=5), "ztf-partners")


def references(tmp):
    """The deep reference images, by another release of the adapter."""
    import numpy
    fits = astropy_fits()
    folder = tmp / "ztf" / "ref" / "000" / "field000535" / "zr" / "ccd11" / "q3"
    quadrant(folder / "ztf_000535_zr_c11_q3_refimg.fits", 5, band="r")
    quadrant(folder / "ztf_000535_zr_c11_q3_refcov.fits", 6, band="r")
    night(tmp / "ztf", "20180401123456", 1, 58209.1)
    surveys, said = survey(tmp, "ztf_ref", "ztf", tmp / "ztf", 'release = "ref"')
    assert "bands zr (1)" in said, said
    cut(tmp / "a.fits", *at(PLACE, "10px"), survey="ztf_ref", surveys=surveys)
    with fits.open(tmp / "a.fits") as product:
        part = next(h for h in product if h.data is not None)
        y, x = part.header["RCY0"], part.header["RCX0"]
        numpy.testing.assert_array_equal(part.data, fits.getdata(folder / "ztf_000535_zr_c11_q3_refimg.fits")[y:y + 10, x:x + 10])


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
