"""DES DR2 by the adapter des: on the survey's own tile table, and by the names of its files."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import json
import shutil
import subprocess
import sys

from harness import DATA, RECORTE, Skip, astropy_fits, at, cut, main, run, says


def ten_thousand_tiles(tmp):
    """Every tile has its files by name (empty, but for three true ones of DES's own layout)."""
    import numpy
    fits = astropy_fits()
    table = DATA / "des_dr2_tiles.csv"
    if not table.is_file():
        raise Skip(f"no {table}; set RECORTE_TEST_DATA")
    surveys, root = tmp / "surveys.d", tmp / "des"
    surveys.mkdir()
    (surveys / "des_dr2.toml").write_text(f'[survey]\nplugin = "des"\nroot = "{root}"\ntiles = "des_dr2_tiles.csv"\n')
    shutil.copy(table, surveys)
    tiles = list(csv.DictReader(open(table), delimiter=";"))
    assert len(tiles) == 10169
    for tile in tiles:
        folder = root / tile["archive_path"]
        folder.mkdir(parents=True)
        for band in "gr":
            (folder / f"{tile['tilename']}_r4969p01_{band}.fits.fz").touch()
    true = [tiles[0], tiles[5000], next(t for t in tiles if float(t["raur"]) > 360 or float(t["raur"]) < float(t["rall"]))]
    for n, tile in enumerate(true):
        for run_name in ("r4907p01", "r5012p02"):
            make_tile(fits, root / tile["archive_path"] / f"{tile['tilename']}_{run_name}_g.fits.fz", tile, n)
    report = run("survey", "index", "--name", "des_dr2", "--surveys", surveys, timeout=300).stdout.decode()
    assert f"{2 * len(tiles)} images" in report, report
    for tile in true:
        position = centre(tile)
        cut(tmp / "a.fits", *at(position, "64px"), "--bands", "g", "--planes", "image,weight,mask", survey="des_dr2", surveys=surveys)
        with fits.open(tmp / "a.fits") as product:
            assert [h.name for h in product[1:]] == ["SCI", "WGT", "MSK"]
            h = product["SCI"].header
            assert h["RCFILE"] == f"{tile['tilename']}_r5012p02_g.fits.fz", "the newest reprocessing"
            with fits.open(root / tile["archive_path"] / h["RCFILE"]) as parent:
                for name in ("SCI", "WGT", "MSK"):
                    x, y = product[name].header["RCX0"], product[name].header["RCY0"]
                    numpy.testing.assert_array_equal(product[name].data, parent[name].data[y:y + 64, x:x + 64])
    # An empty file that the region needs is named; sky without tiles is no coverage.
    other = tiles[100]
    says(cut(tmp / "b.fits", *at(centre(other), "64px"), "--bands", "g", survey="des_dr2", surveys=surveys, status=8), other["tilename"])
    cut(tmp / "b.fits", *at((180, 60), "64px"), survey="des_dr2", surveys=surveys, status=4)


def without_a_table(tmp):
    """Three lines of TOML: what the file does not say, the adapter does, by release."""
    fits = astropy_fits()
    surveys, root = tmp / "surveys.d", tmp / "des"
    folder = root / "Y6A1" / "r4907"
    folder.mkdir(parents=True)
    surveys.mkdir()
    tile = {"rall": "359.6", "raur": "0.3", "decll": "-59.5", "decur": "-58.8"}
    for band in "gi":
        make_tile(fits, folder / f"DES0000-5914_r4907p01_{band}.fits.fz", tile, 1)
    toml = surveys / "des.toml"
    for release, title, cite in (("dr1", "DES Data Release 1", "aae9f0"), ("dr2", "DES Data Release 2", "ac00b3")):
        toml.write_text(f'[survey]\nplugin = "des"\nrelease = "{release}"\nroot = "{root}"\n')
        assert b"2 images; bands g (1), i (1)" in run("survey", "index", "--name", "des", "--surveys", surveys).stdout
        about = json.loads(run("survey", "show", "des", "--surveys", surveys).stdout)
        assert (about["title"], about["release"]) == (title, release) and cite in about["citation"], about
        assert about["bands"][0] == {"name": "g", "lambda_min": 398e-9, "lambda_max": 548e-9}, about
        assert about["planes"] == ["image", "weight", "mask"], about
    cut(tmp / "a.fits", *at(centre(tile), "64px"), "--bands", "g", survey="des", surveys=surveys)
    with fits.open(tmp / "a.fits") as product:
        assert product["SCI"].header["BUNIT"] == "count", product["SCI"].header
    # What the file says comes first; `planes` is one value.
    toml.write_text(toml.read_text() + 'title = "Ours"\nplanes = { image = "SCI" }\n[bands]\ng = "1..2um"\n')
    run("survey", "index", "--name", "des", "--surveys", surveys)
    about = json.loads(run("survey", "show", "des", "--surveys", surveys).stdout)
    assert about["title"] == "Ours" and about["planes"] == ["image"], about
    assert [(b["name"], b["lambda_min"]) for b in about["bands"]] == [("i", 710e-9), ("g", 1e-6)], about
    # What is wrong has its line, also where the adapter's own schema refuses it.
    for wrong, line, words in (('release = "dr3"', 3, "knows the releases dr1, dr2, and not 'dr3'"),
                               ("zeropoint = true", 3, "'zeropoint' is a number"),
                               ('keep = "newest"', 3, "it needs 'tiles' and 'path'")):
        toml.write_text(f'[survey]\nplugin = "des"\n{wrong}\nroot = "{root}"\n')
        for command in (("index", "--name", "des"), ("show", "des")):
            done = subprocess.run([RECORTE, "survey", *command, "--surveys", surveys], capture_output=True, text=True)
            assert done.returncode == 2 and f"des.toml:{line}: " in done.stderr and words in done.stderr, done
    toml.write_text('[survey]\nplugin = "des"\n')
    done = subprocess.run([RECORTE, "survey", "show", "des", "--surveys", surveys], capture_output=True, text=True)
    assert done.returncode == 2 and "root" in done.stderr, done


def centre(tile):
    left, right = float(tile["rall"]), float(tile["raur"])
    if right < left:
        right += 360
    return ((left + right) / 2) % 360, (float(tile["decll"]) + float(tile["decur"])) / 2


def make_tile(fits, path, tile, seed):
    """A tile of DES's layout, at a fiftieth of its resolution: SCI, MSK, WGT, tile-compressed."""
    import numpy
    side, scale = 200, 0.263 * 50 / 3600
    ra, dec = centre(tile)
    rng = numpy.random.default_rng(seed)
    wcs = {"CTYPE1": "RA---TAN", "CTYPE2": "DEC--TAN", "CRVAL1": ra, "CRVAL2": dec, "CRPIX1": side / 2 + .5,
           "CRPIX2": side / 2 + .5, "CD1_1": -scale, "CD1_2": 0., "CD2_1": 0., "CD2_2": scale}
    parts = {"SCI": rng.normal(size=(side, side)).astype("f4"), "MSK": rng.integers(0, 9, (side, side), dtype="i4"),
             "WGT": rng.uniform(size=(side, side)).astype("f4")}
    hdus = [fits.PrimaryHDU()]
    for name, data in parts.items():
        hdu = fits.CompImageHDU(data, fits.Header({**wcs, "FILTER": "g DECam SDSS c0001 4720.0 1520.0"}), name=name,
                                compression_type="RICE_1" if data.dtype.kind == "i" else "GZIP_2", quantize_level=0)
        hdus.append(hdu)
    fits.HDUList(hdus).writeto(path)


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
