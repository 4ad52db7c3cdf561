"""Any HiPS as a survey, by its FITS tiles: positions against astropy_healpix, real tiles against astropy."""
# SPDX-License-Identifier: BSD-3-Clause
import shutil
import sys
import warnings

from harness import Skip, astropy_fits, at, cut, main, run, says, test_data
from real_sets import compare_part

ORDER, WIDTH = 1, 32


def survey(tmp, name, root, text="", hips=()):
    """Writes surveys.d/NAME.toml of a HiPS; returns the directory."""
    surveys = tmp / "surveys.d"
    surveys.mkdir(exist_ok=True)
    each = "".join("[[hips]]\n" + "".join(f"{k} = {v!r}\n" for k, v in one.items()) for one in hips)
    (surveys / f"{name}.toml").write_text(f'[survey]\nplugin = "hips"\nroot = "{root}"\n{text}\n{each}')
    return surveys


def properties(directory, **more):
    values = {"creator_did": "ivo://example/P/test", "obs_title": "A sky", "dataproduct_type": "image",
              "hips_version": "1.4", "hips_tile_format": "jpeg fits", "hips_status": "public master clonableOnce",
              "hips_order": ORDER, "hips_tile_width": WIDTH, "hips_frame": "equatorial", "obs_regime": "Optical",
              "em_min": 4e-07, "em_max": 5.5e-07, "hips_initial_ra": 10.5, "hips_initial_dec": 20.5,
              "bib_reference_url": "https://doi.org/10.0/example", **more}
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "properties").write_text("# made by a test\n" + "".join(f"{k:20} = {v}\n" for k, v in values.items()))


def make(directory, frame, value):
    """A whole sky whose pixels hold value(longitude, latitude) of their own centres, by astropy_healpix; the tiles
    have no WCS."""
    try:
        from astropy_healpix import healpix_to_lonlat
    except ImportError:
        raise Skip("python3-astropy-healpix is not installed")
    import numpy
    fits = astropy_fits()
    properties(directory, hips_frame=frame)
    # Of FITS pixel (1 + i, 1 + j): column i counts to the north-west, row j to the south-west.
    j, i = numpy.mgrid[:WIDTH, :WIDTH]
    ix, iy = WIDTH - 1 - j, i
    within = sum(((ix >> b & 1) << 2 * b) | ((iy >> b & 1) << (2 * b + 1)) for b in range(5))
    folder = directory / f"Norder{ORDER}" / "Dir0"
    folder.mkdir(parents=True)
    for tile in range(12 * 4 ** ORDER):
        lon, lat = healpix_to_lonlat(tile * WIDTH ** 2 + within, 2 ** ORDER * WIDTH, order="nested")
        fits.PrimaryHDU(value(lon.deg, lat.deg)).writeto(folder / f"Npix{tile}.fits")


def places():
    import numpy
    rng = numpy.random.default_rng(6)
    random = [(rng.uniform(0, 360), numpy.degrees(numpy.arcsin(rng.uniform(-1, 1)))) for _ in range(6)]
    return random + [(0, 0), (0.01, 41.8), (359.99, -41.8), (180, 0), (179.9, 30), (45, 89.9), (200, -89.9), (90, 60), (0, 90)]


def tiles_lie_where_healpix_says(tmp):
    """In every frame, each pixel of a cutout holds the very longitude and latitude that astropy's WCS gives it."""
    import numpy
    from astropy.wcs import WCS
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    for frame in ("equatorial", "galactic", "ecliptic"):
        make(tmp / frame / "lon", frame, lambda lon, lat: lon)
        make(tmp / frame / "lat", frame, lambda lon, lat: lat)
        surveys = survey(tmp, frame, tmp / frame, hips=[{"path": "lon", "band": "lon"}, {"path": "lat", "band": "lat"}])
        for place in places():
            cut(tmp / "a.fits", *at(place, "8px"), "--algorithm", "cut", survey=frame, surveys=surveys)
            with fits.open(tmp / "a.fits") as product:
                parts = [h for h in product if h.data is not None]
                (lon, lat), header = [h.data for h in parts], parts[0].header
            y, x = numpy.mgrid[:8, :8]
            there = WCS(header).all_pix2world(x.ravel(), y.ravel(), 0)
            inside = numpy.isfinite(lon.ravel())
            assert inside.any()
            apart = (there[0][inside] - lon.ravel()[inside] + 180) % 360 - 180
            assert numpy.abs(apart * numpy.cos(numpy.radians(there[1][inside]))).max() < 1e-9, (frame, place)
            assert numpy.abs(there[1][inside] - lat.ravel()[inside]).max() < 1e-9, (frame, place)


def no_tile_is_forgotten(tmp):
    """Large regions, over poles and across faces, have no hole, and every pixel its own latitude."""
    import numpy
    from astropy.coordinates import SkyCoord
    from astropy.wcs import WCS
    fits = astropy_fits()
    for frame, coordinate in (("equatorial", lambda c: c.icrs.dec.deg), ("galactic", lambda c: c.galactic.b.deg)):
        make(tmp / frame, frame, lambda lon, lat: lat)
        surveys = survey(tmp, frame, tmp / frame)
        for ra, dec in ((0, 90), (45, 89.9), (0, -90), (90, 41.8), (359.9, -41.8), (180, 0)):
            cut(tmp / "a.fits", "--circle", f"{ra} {dec} 9", "--algorithm", "mosaic",
                "--param", "conserve=surface_brightness", survey=frame, surveys=surveys)
            with fits.open(tmp / "a.fits") as product:
                part = next(h for h in product if h.data is not None)
                data, header = part.data, part.header
            y, x = numpy.indices(data.shape)
            lon, lat = WCS(header).all_pix2world(x, y, 0)
            sky = SkyCoord(lon, lat, unit="deg", frame="galactic" if "GLON" in header["CTYPE1"] else "icrs")
            inside = sky.icrs.separation(SkyCoord(ra, dec, unit="deg")).deg < 8
            assert inside.sum() > 50
            assert numpy.isfinite(data[inside]).all(), (frame, ra, dec)
            # A cell is a good degree wide; near a pole, latitude has a peak, which no kernel follows.
            assert numpy.abs(data - coordinate(sky))[inside].max() < 1, (frame, ra, dec)


def real_tiles(tmp):
    """Two tiles by Aladin's Hipsgen, of order 2 (whatever their ORDER says), unpadded, with a float BLANK."""
    import numpy
    from astropy.wcs import WCS
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    source = test_data("allsky")
    root = tmp / "hips"
    properties(root, hips_order=2, hips_tile_width=512)
    folder = root / "Norder2" / "Dir0"
    folder.mkdir(parents=True)
    for number in (8, 9):
        shutil.copy(source / f"Npix{number}.fits", folder)
    surveys = survey(tmp, "real", root)
    for number, place in ((8, (22.4, 30.2)), (9, (33.9, 41.5)), (8, (20.3, 33.1))):
        cut(tmp / "a.fits", *at(place, "40px"), survey="real", surveys=surveys)
        with fits.open(tmp / "a.fits", do_not_scale_image_data=True) as product:
            part = next(h for h in product if h.data is not None)
            assert part.header["RCFILE"] == f"Npix{number}.fits"
            compare_part(fits, folder, part)
            x, y = WCS(part.header).all_world2pix(*place, 0)
            assert abs(x - 19.5) <= 0.501 and abs(y - 19.5) <= 0.501, (x, y)
    # Side by side, as stored: tile 9 is to the north-east of 8, so below it in rows.
    place = WCS(fits.getheader(folder / "Npix8.fits")).all_pix2world(256, -0.5, 0)
    cut(tmp / "b.fits", *at(place, "60px"), "--algorithm", "stitch", survey="real", surveys=surveys)
    eight, nine = (fits.getdata(folder / f"Npix{n}.fits", do_not_scale_image_data=True) for n in (8, 9))
    both = numpy.vstack([nine, eight])
    with fits.open(tmp / "b.fits", do_not_scale_image_data=True) as product:
        part = next(h for h in product if h.data is not None)
        x, y = WCS(part.header).all_world2pix(*WCS(fits.getheader(folder / "Npix8.fits")).all_pix2world(0, 0, 0), 0)
        x, y = round(-float(x)), 512 + round(-float(y))
        numpy.testing.assert_array_equal(part.data, both[y:y + 60, x:x + 60])
    cut(tmp / "c.fits", "--image", "Norder2/Npix9", survey="real", surveys=surveys)
    numpy.testing.assert_array_equal(fits.getdata(tmp / "c.fits", do_not_scale_image_data=True), nine)
    # A tile that is not there is no coverage.
    cut(tmp / "d.fits", *at((200, -30), "40px"), survey="real", surveys=surveys, status=4)
    says(cut(tmp / "d.fits", "--image", "Norder2/Npix10", survey="real", surveys=surveys, status=3), "Norder2/Npix10")


def what_it_says_of_itself(tmp):
    """Title, band, wavelengths, scale and a first view come from its properties; what cannot be served is refused
    with the file, the property and the remedy."""
    import json
    root = tmp / "hips"
    properties(root, hips_frame="galactic")
    surveys = survey(tmp, "sky", root)
    about = json.loads(run("survey", "show", "sky", "--surveys", surveys).stdout)
    assert about["title"] == "A sky" and about["citation"] == "https://doi.org/10.0/example", about
    assert about["bands"] == [{"name": "Optical", "lambda_min": 4e-07, "lambda_max": 5.5e-07}], about
    assert about["example"] == {"ra": 10.5, "dec": 20.5}, about
    assert abs(about["pixel_scale"] - 45 * 2 ** 0.5 / 2 ** ORDER / WIDTH) < 1e-9, about
    for change, words in (({"hips_tile_format": "png jpeg"}, "without fits"), ({"hips_frame": "mars"}, "'mars'"),
                          ({"hips_order": "many"}, "from 0 to 29"), ({"hips_tile_width": "0"}, "from 1 to 32768")):
        properties(root, **change)
        says(cut(tmp / "a.fits", *at((0, 0), "8px"), survey="sky", surveys=surveys, status=2), str(root / "properties"),
             next(iter(change)), words)
    properties(root, hips_order=11)
    says(cut(tmp / "a.fits", "--circle", "0 0 40", survey="sky", surveys=surveys, status=2), "1024 tiles of order 11")
    survey(tmp, "sky", root, hips=[{"order": 12}])
    says(cut(tmp / "a.fits", *at((0, 0), "8px"), survey="sky", surveys=surveys, status=2), "no order 12")
    survey(tmp, "sky", tmp)
    says(cut(tmp / "a.fits", *at((0, 0), "8px"), survey="sky", surveys=surveys, status=3), "must be the directory of a HiPS")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
