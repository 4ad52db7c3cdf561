"""Real survey data: indexed with no edit of the TOML (docs/how-to/index-real-surveys.md), cut, and
compared with what astropy reads in the same rectangle."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import math
import random
import subprocess
import sys
import warnings

from harness import RECORTE, Skip, astropy_fits, cut, run, test_data

POSITIONS = 10


def compare(tmp, name):
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    directory = test_data(name)
    surveys = tmp / "surveys.d"
    print(run("survey", "index", directory, "--name", name, "--surveys", surveys, timeout=300).stdout.decode())
    rng = random.Random(name)
    images = headers(directory)
    planes = json.loads(run("survey", "show", name, "--surveys", surveys).stdout)["planes"]
    compared = bands = 0
    for n in range(POSITIONS):
        ra, dec, scale = somewhere(rng.choice(images), rng)
        if n % 2:
            region = ["--ra", repr(ra), "--dec", repr(dec), "--size", "24px"]
        else:
            region = ["--circle", f"{ra!r} {dec!r} {9 * scale!r}"]
        if n % 3 == 0 and has_planes(tmp, region, planes, name, surveys):
            region += ["--planes", ",".join(planes)]
        cut(tmp / "a.fits", *region, "--algorithm", "cut", survey=name, surveys=surveys)
        with fits.open(tmp / "a.fits", do_not_scale_image_data=True, checksum=True) as product:
            product.verify("exception")
            parts = [h for h in product if h.data is not None]
            bands = max(bands, len(parts))
            for hdu in parts:
                if hdu.header["RCEDGE"] != "absent":
                    compare_part(fits, directory, hdu)
                    compared += 1
    assert compared >= POSITIONS, compared
    print(f"{compared} planes compared, at most {bands} at once; {planes}")


def has_planes(tmp, region, planes, name, surveys):
    """Whether the image there has every plane that the survey has somewhere; else it is said so."""
    command = [RECORTE, "cut", "--surveys", surveys, "--survey", name, *region, "--planes", ",".join(planes),
               "--algorithm", "cut", "-o", tmp / "try.fits"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0 or "have no plane" in done.stderr, done.stderr
    return done.returncode == 0


def somewhere(header, rng):
    """A random position well inside an image; its scale in degrees a pixel."""
    from astropy.wcs import WCS
    from astropy.wcs.utils import proj_plane_pixel_scales
    wcs = WCS(header).celestial
    x, y = rng.uniform(0.1, 0.9) * header["NAXIS1"], rng.uniform(0.1, 0.9) * header["NAXIS2"]
    ra, dec = wcs_to_icrs(wcs, x, y)
    return float(ra), float(dec), float(proj_plane_pixel_scales(wcs)[0])


def headers(directory, cubes=False):
    """The header of the first image of each file."""
    fits = astropy_fits()
    found = []
    for path in sorted(directory.rglob("*")):
        with fits.open(path) as file:
            images = [h for h in file if h.is_image and "CTYPE1" in h.header
                      and (h.header.get("NAXIS") == 2 or cubes and h.header.get("NAXIS", 0) > 2)]
            found += [h.header.copy() for h in images[:1]]
    return found


def wcs_to_icrs(wcs, x, y):
    from astropy.coordinates import SkyCoord
    from astropy.wcs.utils import wcs_to_celestial_frame
    lon, lat = wcs.all_pix2world(x, y, 0)
    sky = SkyCoord(lon, lat, unit="deg", frame=wcs_to_celestial_frame(wcs)).icrs
    return sky.ra.deg, sky.dec.deg


def compare_part(fits, directory, hdu):
    import numpy
    from astropy.wcs import WCS
    header = hdu.header
    path = next(directory.rglob(header["RCFILE"]))
    with fits.open(path, do_not_scale_image_data=True) as file:
        parent = file[header["RCHDU"]]
        x0, y0 = header["RCX0"], header["RCY0"]
        height, width = hdu.data.shape[-2:]
        ph, pw = parent.data.shape[-2:]
        x1, y1, x2, y2 = max(0, x0), max(0, y0), min(pw, x0 + width), min(ph, y0 + height)
        inside = hdu.data[..., y1 - y0:y2 - y0, x1 - x0:x2 - x0]
        assert inside.size
        numpy.testing.assert_array_equal(inside, parent.data[..., y1:y2, x1:x2])
        rng = numpy.random.default_rng(3)
        x, y = rng.uniform(0, width - 1, 20), rng.uniform(0, height - 1, 20)
        child, whole = WCS(header).celestial, WCS(parent.header).celestial
        here = child.all_pix2world(x, y, 0)
        there = whole.all_pix2world(x + x0, y + y0, 0)
        scale = numpy.abs(whole.pixel_scale_matrix).max()
        cosine = numpy.cos(numpy.radians(here[1]))
        apart = numpy.hypot((here[0] - there[0]) * cosine, here[1] - there[1]) / scale
        assert numpy.nanmax(apart) < 1e-6, apart


def the_rest(tmp):
    """Everything else, every projection, frame and kind of file among it, is indexed or skipped with a reason,
    without a crash; what is indexed is cut, and its pixels and WCS are astropy's."""
    fits = astropy_fits()
    warnings.simplefilter("ignore")
    compared, rng = 0, random.Random(4)
    done = {"2mass_gc_jhk", "2mass_orion_j", "cfhtls_27_gri", "kids_gri", "sdss_reprojected_gri", "ps1_irz",
            "unwise_1866p257", "decam_1867p255_grz", "decam_cp_fz", "herschel_spire_3band", "hsc_lsst_mef",
            "legacysurvey_brick_1238p245"}
    root = test_data("")
    for directory in sorted(p for p in root.iterdir() if p.is_dir() and p.name not in done):
        surveys = tmp / directory.name
        command = [RECORTE, "survey", "index", directory, "--name", directory.name, "--surveys", surveys, "--verbose"]
        indexed = subprocess.run(command, capture_output=True, text=True, timeout=300)
        print(directory.name, indexed.stdout, indexed.stderr)
        assert indexed.returncode in (0, 3), indexed
        for line in indexed.stdout.splitlines():
            if line.startswith("skipped "):
                assert ": " in line and len(line.split(": ", 1)[1]) > 10, line
        if indexed.returncode:
            continue
        example = json.loads(run("survey", "show", directory.name, "--surveys", surveys).stdout)["example"]
        if example["ra"] is not None:
            cut(tmp / "a.fits", "--ra", repr(example["ra"]), "--dec", repr(example["dec"]), "--size", "16px",
                survey=directory.name, surveys=surveys)
        for header in headers(directory, cubes=True):
            try:
                ra, dec, _ = somewhere(header, rng)
            except (TypeError, ValueError, AttributeError):  # no celestial axes
                continue
            if not math.isfinite(ra + dec):
                continue
            command = [RECORTE, "cut", "--surveys", surveys, "--survey", directory.name, "--ra", repr(ra), "--dec", repr(dec),
                       "--size", "20px", "--epochs", "all", "-o", tmp / "a.fits"]
            done = subprocess.run(command, capture_output=True, text=True, timeout=60)
            if done.returncode == 4:  # that file was skipped
                continue
            assert done.returncode == 0, done.stderr
            with fits.open(tmp / "a.fits", do_not_scale_image_data=True) as product:
                for hdu in product:
                    if hdu.data is not None and hdu.header["RCEDGE"] != "absent":
                        compare_part(fits, directory, hdu)
                        compared += 1
    print(compared, "parts compared")
    assert compared >= 40, compared


if __name__ == "__main__":
    import pathlib
    import tempfile
    with tempfile.TemporaryDirectory(prefix="recorte-") as scratch:
        try:
            for wanted in sys.argv[1:]:
                the_rest(pathlib.Path(scratch)) if wanted == "the_rest" else compare(pathlib.Path(scratch), wanted)
        except Skip as reason:
            print(f"SKIPPED: {reason}")
    sys.exit(0)
