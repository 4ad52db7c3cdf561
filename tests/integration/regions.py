"""Pixels outside the region blanked, and planes of cubes chosen, checked pixel by pixel."""
# SPDX-License-Identifier: BSD-3-Clause
import sys

from cutouts import png_chunks
from harness import DEMO, DEMO_SURVEYS, EXAMPLE, astropy_fits, at, cut, main, says, test_data
from make import image, index
from mosaic import opened


def unit(ra, dec):
    import numpy
    ra, dec = numpy.radians(ra), numpy.radians(dec)
    return numpy.array([numpy.cos(dec) * numpy.cos(ra), numpy.cos(dec) * numpy.sin(ra), numpy.sin(dec)])


def inside_circle(v, ra, dec, radius):
    import numpy
    half = numpy.linalg.norm(v - unit(ra, dec)[:, None, None], axis=0) / 2
    return 2 * numpy.degrees(numpy.arcsin(half)) <= radius


def inside_convex_polygon(v, corners):
    """Left of every great circle, corners counter-clockwise on the sky (seen from inside)."""
    import numpy
    good = numpy.ones(v.shape[1:], bool)
    for (a, b), (c, d) in zip(corners, corners[1:] + corners[:1]):
        good &= numpy.tensordot(numpy.cross(unit(a, b), unit(c, d)), v, 1) >= 0
    return good


def sky_of(header, shape):
    import numpy
    from astropy.wcs import WCS
    y, x = numpy.mgrid[:shape[0], :shape[1]]
    return WCS(header).celestial.all_pix2world(x, y, 0)


def blanked(tmp, region, value, inside, survey="demo", surveys=DEMO_SURVEYS, planes="image", *more):
    """Cuts with and without blanking: inside nothing changes, outside all is blank."""
    import numpy
    cut(tmp / "a.fits", f"--{region}", value, "--planes", planes, *more, survey=survey, surveys=surveys)
    cut(tmp / "b.fits", f"--{region}", value, "--planes", planes, "--blank_outside", "true", *more, survey=survey,
        surveys=surveys)
    count = 0
    for (header, plain), (blank_header, data) in zip(opened(tmp / "a.fits"), opened(tmp / "b.fits")):
        if plain is None:
            continue
        ra, dec = sky_of(header, data.shape[-2:])
        keep = inside(ra, dec)
        assert 0 < keep.sum() < keep.size
        numpy.testing.assert_array_equal(data[..., keep], plain[..., keep])
        if data.dtype.kind == "f":
            assert numpy.isnan(data[..., ~keep]).all()
        else:
            assert (data[..., ~keep] == blank_header["BLANK"]).all()
            assert not (plain[..., keep] == blank_header["BLANK"]).any() or "BLANK" in header
        count += 1
    return count


def blank_outside(tmp):
    """Circle, polygon and range on the demo sky, image, weight and mask: as a brute-force test has it."""
    import numpy
    ra, dec = EXAMPLE
    def circle(a, d):
        return inside_circle(unit(a, d), ra, dec, 0.011)
    corners = [(ra + 0.012, dec - 0.009), (ra + 0.003, dec - 0.011), (ra - 0.011, dec + 0.002), (ra + 0.004, dec + 0.012)]
    corners = corners[::-1] if not inside_convex_polygon(unit(ra, dec)[:, None, None], corners).all() else corners
    def polygon(a, d):
        return inside_convex_polygon(unit(a, d), corners)
    def box(a, d):
        return (a >= ra - 0.01) & (a <= ra + 0.007) & (d >= dec - 0.008) & (d <= dec + 0.01)
    for region, value, inside in (
            ("circle", f"{ra} {dec} 0.011", circle),
            ("polygon", " ".join(f"{a} {d}" for a, d in corners), polygon),
            ("range", f"{ra - 0.01} {ra + 0.007} {dec - 0.008} {dec + 0.01}", box)):
        assert blanked(tmp, region, value, inside, "demo", DEMO_SURVEYS, "image,weight,mask", "--bands", "g") == 3
    cut(tmp / "c.fits", *at(EXAMPLE, "20px"), "--bands", "g", "--blank_outside", "true")
    assert numpy.isfinite(opened(tmp / "c.fits")[0][1]).all(), "nothing of a stamp lies outside it"


def blank_outside_everywhere(tmp):
    """Near the pole, across RA 0, on a distorted grid, and where images are joined."""
    import numpy
    image(tmp / "d" / "pole_g.fits", ra=40, dec=89.995, size=120)
    image(tmp / "d" / "zero_g.fits", ra=0, dec=-30, size=120, rotation=70,
          cards={"CTYPE1": "RA---TAN-SIP", "CTYPE2": "DEC--TAN-SIP", "A_ORDER": 2, "B_ORDER": 2, "A_2_0": 9e-5, "B_1_1": -8e-5})
    surveys = index(tmp / "d", "made", tmp)
    assert blanked(tmp, "circle", "220 89.999 0.006", lambda a, d: inside_circle(unit(a, d), 220, 89.999, 0.006),
                   "made", surveys) == 1
    assert blanked(tmp, "range", "359.996 0.005 -30.004 -29.997",
                   lambda a, d: ((a >= 359.996) | (a <= 0.005)) & (d >= -30.004) & (d <= -29.997), "made", surveys) == 1
    assert blanked(tmp, "circle", "0.105 10.04 0.012", lambda a, d: inside_circle(unit(a, d), 0.105, 10.04, 0.012),
                   "demo", DEMO_SURVEYS, "image,mask", "--bands", "r") == 2
    picture = cut("-", "--circle", "0.055 10.005 0.01", "--format", "png", "--blank_outside", "true").stdout
    header = next(png_chunks(picture))[1]
    assert header[9] == 6, "a colour type with transparency"


def planes_by_wavelength(tmp):
    """A 13CO cube, velocities on its third axis: planes by the wavelengths that astropy finds."""
    import numpy
    from astropy import units
    from astropy.wcs import WCS
    fits = astropy_fits()
    with fits.open(test_data("cubes") / "l1448_13co.fits") as file:
        hdu = fits.PrimaryHDU(file[0].data, file[0].header)
    hdu.header["RESTFRQ"] = 110.201354e9  # which it leaves out
    (tmp / "d").mkdir()
    hdu.writeto(tmp / "d" / "l1448.fits")
    surveys = index(tmp / "d", "cubes", tmp)
    whole_header, whole = opened(tmp / "d" / "l1448.fits")[0]
    arguments = ["--image", "l1448"]
    def made(*more, **options):
        cut(tmp / "a.fits", *arguments, *more, survey="cubes", surveys=surveys, **options)
        return opened(tmp / "a.fits")[0]
    header, data = made()
    numpy.testing.assert_array_equal(data, whole)
    spectral = WCS(whole_header).spectral
    edges = spectral.pixel_to_world_values(numpy.arange(len(whole) + 1) - 0.5)
    rest = whole_header["RESTFRQ"] * units.Hz
    lengths = (edges * units.m / units.s).to(units.m, units.doppler_optical(rest)).value
    for first, last in ((10, 14), (0, 0), (50, 52), (30, 30)):
        middle = [(lengths[i] + lengths[i + 1]) / 2 for i in (first, last)]
        header, data = made("--wavelength", f"{min(middle)!r} {max(middle)!r}")
        numpy.testing.assert_array_equal(data, whole[first:last + 1])
        mine = WCS(header).spectral.pixel_to_world_values(0)
        numpy.testing.assert_allclose(mine, spectral.pixel_to_world_values(first), rtol=1e-12)
    says(cut(tmp / "b.fits", *arguments, "--wavelength", "4e-7 5e-7", survey="cubes", surveys=surveys, status=4), "no plane")


def radio_image(path, polarized=True):
    import numpy
    fits = astropy_fits()
    data = numpy.arange(4 * 6 * 20 * 20, dtype="f4").reshape(4, 6, 20, 20)
    hdu = fits.PrimaryHDU(data if polarized else data[:1])
    hdu.header.update({
        "CTYPE1": "RA---SIN", "CRVAL1": 83.6, "CRPIX1": 10.5, "CDELT1": -1 / 3600, "CTYPE2": "DEC--SIN", "CRVAL2": 22.0,
        "CRPIX2": 10.5, "CDELT2": 1 / 3600, "CTYPE3": "FREQ", "CRVAL3": 1.4e9, "CRPIX3": 1.0, "CDELT3": 1e7, "CUNIT3": "Hz",
        "CTYPE4": "STOKES", "CRVAL4": 1.0, "CRPIX4": 1.0, "CDELT4": 1.0, "BMAJ": 0.0015, "BMIN": 0.001, "BPA": 12.5,
        "BUNIT": "JY/BEAM", "RADESYS": "FK5", "EQUINOX": 2000.0, "TELESCOP": "MADE"})
    path.parent.mkdir(parents=True, exist_ok=True)
    hdu.writeto(path)
    return data


def stokes_and_frequency(tmp):
    """Four axes: POL and BAND choose planes, headers follow, beams stay."""
    import numpy
    data = radio_image(tmp / "d" / "field.fits")
    surveys = index(tmp / "d", "made", tmp)
    def made(*more, **options):
        done = cut(tmp / "a.fits", *at((83.6, 22.0), "8px"), *more, survey="made", surveys=surveys, **options)
        return opened(tmp / "a.fits")[0] if done.returncode == 0 else done
    light = 299792458.0
    inner = (slice(6, 14), slice(6, 14))
    header, pixels = made()
    numpy.testing.assert_array_equal(pixels, data[(slice(None), slice(None), *inner)])
    assert (header["BMAJ"], header["BMIN"], header["BPA"]) == (0.0015, 0.001, 12.5)
    header, pixels = made("--polarization", "Q")
    numpy.testing.assert_array_equal(pixels, data[(slice(1, 2), slice(None), *inner)])
    assert header["CRPIX4"] == 0 and header["NAXIS4"] == 1
    header, pixels = made("--polarization", "Q,U", "--wavelength", f"{light / 1.434e9!r} {light / 1.416e9!r}")
    numpy.testing.assert_array_equal(pixels, data[(slice(1, 3), slice(2, 4), *inner)])
    assert header["CRPIX3"] == -1 and header["CRPIX4"] == 0
    says(made("--polarization", "RR", status=4), "POL RR")
    says(made("--wavelength", "0.3 0.4", status=4), "wavelengths")
    # One plane is an image as any other.
    one = made("--polarization", "I", "--wavelength", f"{light / 1.401e9!r} {light / 1.399e9!r}", "--pixscale", "2arcsec")
    assert one[1].shape == (8, 8) and one[0]["RCCONSRV"] == "surface brightness"
    says(made("--pixscale", "2arcsec", status=2), "cube", "algorithm=cut")


def first_survey_has_four_axes(tmp):
    """VLA FIRST: degenerate frequency and Stokes axes; BAND and POL let it through, or not."""
    import numpy
    root = test_data("wcs_variety")
    surveys = index(root, "variety", tmp)
    (_, whole), = [(h, d) for h, d in opened(root / "first_4axis.fits") if d is not None]
    def made(*more, **options):
        return cut(tmp / "a.fits", "--image", "first_4axis", *more, survey="variety", surveys=surveys, **options)
    made("--polarization", "I", "--wavelength", "0.2 0.22")
    numpy.testing.assert_array_equal(opened(tmp / "a.fits")[0][1], whole)
    made("--polarization", "V", status=4)
    made("--wavelength", "0.3 0.4", status=4)


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
