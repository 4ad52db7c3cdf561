"""Adding a survey and looking after it: `recorte survey add`, `check`, `recorte config check`, and its coverage as it is
served; the coverage by astropy and STILTS."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import os
import pty
import signal
import subprocess
import sys
import warnings

from harness import BUILD, RECORTE, Skip, astropy_fits, main, run, says, test_data
from identity import bearer, user
from make import image
from outsider import OUTSIDER
from serving import serving, wait_until


def add(directory, tmp, *options, status=0):
    return run("survey", "add", directory, "--surveys", tmp / "surveys.d", *options, status=status).stdout.decode()


def check(name, tmp, *options, status=0):
    """What `survey check` found, as JSON."""
    done = run("survey", "check", name, "--surveys", tmp / "surveys.d", "--json", *options, status=status)
    return json.loads(done.stdout)


def remark(report, what):
    found = [r for r in report["remarks"] if r["what"] == what]
    assert len(found) == 1, (what, [r["what"] for r in report["remarks"]])
    return found[0]


# Where images lie: RA 0, the poles, rotated, tiny and wide.
PLACES = [dict(ra=359.99, dec=0.01), dict(ra=120, dec=89.99, rotation=20), dict(ra=200, dec=-89.9),
          dict(ra=83, dec=-5, rotation=33), dict(ra=211, dec=41.8), dict(ra=33, dec=-42, scale=0.05, size=120),
          dict(ra=150, dec=2, scale=1e-5)]


def moc_cells(path):
    """Order and number of each cell of a MOC in FITS, as the standard has it, by astropy alone."""
    import numpy
    fits = astropy_fits()
    with fits.open(path) as file:
        file.verify("exception")
        header, uniq = file[1].header, file[1].data["UNIQ"].astype("i8")
    assert header["MOCVERS"] == "2.0" and header["MOCDIM"] == "SPACE" and header["ORDERING"] == "NUNIQ", header
    assert header["COORDSYS"] == "C" and header["MOCORD_S"] == header["MOCORDER"]
    order = (numpy.log2(uniq // 4).astype(int)) // 2
    assert order.max() <= header["MOCORD_S"]
    return order, uniq - (4 << (2 * order))


def in_moc(cells, ra, dec):
    """Whether each position is in it, by astropy-healpix."""
    import numpy
    from astropy import units as u
    from astropy_healpix import HEALPix
    orders, numbers = cells
    inside = numpy.zeros(len(ra), bool)
    for order in numpy.unique(orders):
        healpix = HEALPix(2 ** int(order), order="nested")
        inside |= numpy.isin(healpix.lonlat_to_healpix(ra * u.deg, dec * u.deg), numbers[orders == order])
    return inside


def a_moc_is_what_the_images_cover(tmp):
    import numpy
    from astropy.wcs import WCS
    fits = astropy_fits()
    for n, place in enumerate(PLACES):
        image(tmp / "sky" / f"p{n}_{'gr'[n % 2]}.fits", **place)
    add(tmp / "sky", tmp)
    coverage = tmp / "surveys.d" / "sky.coverage"
    cells = moc_cells(coverage / "moc.fits")
    as_json = json.loads((coverage / "moc.json").read_text())
    assert sorted((o, n) for o, n in zip(*map(list, cells))) == sorted((int(o), n) for o, l in as_json.items() for n in l)
    rng = numpy.random.default_rng(5)
    area, somewhere, held = 0, [], []
    for path in sorted((tmp / "sky").iterdir()):
        header = fits.getheader(path)
        wcs, size = WCS(header), header["NAXIS1"]
        area += size ** 2 * wcs.proj_plane_pixel_area().to_value("deg2")
        # All over the image and around it: what is outside by a sixteenth of it is not in the MOC.
        xy = rng.uniform(-0.2 * size, 1.2 * size, (2, 2000)) - 0.5
        ra, dec = wcs.all_pix2world(*xy, 0)
        off = numpy.max(numpy.maximum(-0.5 - xy, xy - (size - 0.5)), axis=0)
        inside = in_moc(cells, ra, dec)
        assert inside[off < 0].all(), path
        assert not inside[off > size / 16].any(), path
        somewhere += list(zip(ra[:40], dec[:40]))
        held += list(inside[:40])
    report = check("sky", tmp)
    # The sky is not flat, and the widest image is six degrees wide.
    assert abs(report["area"] / area - 1) < 0.01, (report["area"], area)
    # STILTS reads it with the library of the CDS.
    table = tmp / "positions.csv"
    table.write_text("ra,dec\n" + "".join(f"{ra!r},{dec!r}\n" for ra, dec in somewhere))
    done = subprocess.run(["stilts", "tpipe", f"in={table}", "ifmt=csv", f'cmd=addcol inside "inMoc(\\"{coverage}/moc.fits\\",ra,dec)"',
                           "cmd=keepcols inside", "ofmt=csv-noheader"], capture_output=True, text=True, check=True)
    assert [line == "true" for line in done.stdout.split()] == held
    assert 50 < sum(held) < len(held) - 20, sum(held)


def the_picture_shows_it(tmp):
    """A square in the middle, a corner of it missing; two bands where they overlap."""
    import numpy
    from PIL import Image
    image(tmp / "sky" / "a_g.fits", ra=10, dec=20, size=100, scale=0.01)
    image(tmp / "sky" / "b_r.fits", ra=10, dec=20.25, size=50, scale=0.01)
    add(tmp / "sky", tmp)
    picture = Image.open(tmp / "surveys.d/sky.coverage/coverage.png").convert("RGB")
    assert picture.width == 640 and picture.height > 660 and picture.info["Title"] == "Coverage of sky"
    pixels = numpy.asarray(picture)[:640].reshape(-1, 3)
    colours, counts = numpy.unique(pixels, axis=0, return_counts=True)
    by_colour = {tuple(int(v) for v in c): int(n) for c, n in zip(colours, counts)}
    few, many = by_colour[(46, 96, 150)], by_colour[(255, 205, 96)]
    # Most of its pixels; lines and letters take some.
    assert abs(few / many - 3) < 0.15, (few, many)


def real_sets_are_green_or_explain_themselves(tmp):
    root, added = test_data(""), 0
    for directory in sorted(p for p in root.iterdir() if p.is_dir()):
        said = add(directory, tmp)
        assert "square degrees" in said and "see it: http://" in said and "nothing is wrong" in said, said
        assert said.count("\nnote  ") == said.count("\n      remedy: "), said
        orders, numbers = moc_cells(tmp / "surveys.d" / (directory.name + ".coverage") / "moc.fits")
        assert len(numbers) > 0
        added += 1
    assert added >= 20, added
    # What is known of them: see SOURCES.md.
    sdss, brick, orion = (check(n, tmp, "--all") for n in ("sdss_reprojected_gri", "legacysurvey_brick_1238p245", "2mass_orion_j"))
    assert remark(sdss, "image is in another band by its header")["count"] == 2
    assert brick["compression"] == {"RICE_1": 1} and brick["speed"]["stamps"] == 1, brick
    assert orion["compression"] == {"whole file": 6} and orion["opened"] == 6 and 0.2 < orion["area"] < 0.22, orion
    remark(check("wcs_1904-66", tmp), "band has images of several units")
    print(f"{added} sets")


def tree(directory):
    """Every file of the directory of surveys, and what is in it."""
    return {p.relative_to(directory): p.read_bytes() for p in sorted(directory.rglob("*")) if p.is_file()}


def what_is_wrong_is_found(tmp):
    import numpy
    fits = astropy_fits()
    sky = tmp / "sky"
    for n in range(8):
        image(sky / f"t{n}_g.fits", ra=10 + n / 100, dec=5, seed=n,
              cards={"FILTER": "g", "EXPTIME": 30.0, "DATE-OBS": "2020-01-01", "BUNIT": "adu", "MAGZERO": 25.0})
    planes = fits.HDUList([fits.PrimaryHDU(fits.getdata(sky / "t7_g.fits"), fits.getheader(sky / "t7_g.fits")),
                           fits.ImageHDU(numpy.ones((40, 40), "f4"), fits.getheader(sky / "t7_g.fits"), name="WGT")])
    planes.writeto(sky / "t7_g.fits", overwrite=True)
    add(sky, tmp, "--name", "s")
    good = check("s", tmp)
    assert good["ok"] and good["images"] == 8 == good["opened"] and good["bands"]["g"]["units"] == {"adu": 8}
    assert good["bands"]["g"]["zeropoint"] == [25, 25] and good["speed"]["warm"] > 0 and good["remarks"] == [], good
    assert check("s", tmp, "--sample", 3, "--seed", 9)["opened"] == 3

    (sky / "t0_g.fits").unlink()
    with open(sky / "t1_g.fits", "r+b") as file:
        file.truncate(4000)

    def edit(name, **cards):
        with fits.open(sky / name, mode="update") as file:
            file[0].header.update(cards)
    edit("t2_g.fits", CRVAL1=12.5)
    edit("t3_g.fits", CTYPE1="LINEAR", CTYPE2="LINEAR")
    edit("t4_g.fits", CD1_1=-20.0, CD2_2=20.0)
    edit("t5_g.fits", FILTER="z", BUNIT="mJy", EXPTIME=-1.0)
    planes[1].data = numpy.ones((20, 40), "f4")
    planes.writeto(sky / "t7_g.fits", overwrite=True)
    bad = check("s", tmp, status=1)
    assert not bad["ok"]
    for what, file in [("file is not there", "t0_g"), ("file cannot be read", "t1_g"),
                       ("image lies off the footprint that the survey says it has", "t2_g"),
                       ("image has no place on the sky that can be read", "t3_g"),
                       ("image has pixels of a size that cannot be", "t4_g"),
                       ("image has a plane of another size", "t7_g")]:
        found = remark(bad, what)
        assert found["trouble"] and found["count"] == 1 and file in found["examples"][0] and found["remedy"], found
    for what in ("image is in another band by its header", "image has another unit by its header",
                 "image has no exposure time above zero"):
        found = remark(bad, what)
        assert not found["trouble"] and found["count"] == 1 and "t5_g" in found["examples"][0], found
    said = run("survey", "check", "s", "--surveys", tmp / "surveys.d", status=1).stdout.decode()
    assert "FAIL  file is not there: 1" in said and "remedy: bring them back" in said and "nothing is wrong" not in said
    # Indexed again, it is served as it is now.
    said = add(sky, tmp, "--name", "s", status=1)
    assert "skipped t1_g.fits: " in said and "skipped t3_g.fits" in said, said
    says(run("survey", "check", "q", "--surveys", tmp / "surveys.d", status=3), "no survey is called 'q'")


def any_adapter_is_checked(tmp):
    """One in code, which no index knows of: a made-up survey of plates of an outsider's."""
    if not (OUTSIDER / "plates.so").exists():
        raise Skip("the outsider's plugins are not built")
    names = [f"plate_{ra:03d}_+02_{band}.fits" for ra in (0, 1) for band in "gr"]
    for n, name in enumerate(names):
        image(tmp / "plates" / name, ra=n // 2, dec=2, size=100, scale=0.01, seed=n)
    (tmp / "plates" / "list.txt").write_text("\n".join(names))
    surveys = tmp / "surveys.d"
    surveys.mkdir()
    (surveys / "plates.toml").write_text(
        f'[survey]\nplugin = "plates"\nroot = "{tmp / "plates"}"\n[plates]\nlisting = "list.txt"\npixel = 36\n')
    env = {"RECORTE_PLUGIN_PATH": f"{OUTSIDER}:{BUILD / 'plugins'}"}

    def look(status):
        done = run("survey", "check", "plates", "--surveys", surveys, "--json", status=status, env=env)
        return json.loads(done.stdout)
    report = look(0)
    assert report["plugin"].startswith("plates ") and report["images"] == 4 and report["speed"]["stamps"] == 4, report
    # Its footprints are generous, by a twentieth on each side.
    assert 2.2 < report["area"] < 2.4 and set(report["bands"]) == {"g", "r"}, report
    (tmp / "plates" / names[3]).unlink()
    assert names[3] in remark(look(1), "file is not there")["examples"][0]


def again_brings_up_to_date_and_ctrl_c_leaves_what_was_there(tmp):
    sky, surveys = tmp / "My Sky", tmp / "surveys.d"
    for n in range(3):
        image(sky / f"t{n}_g.fits", ra=10 + n, dec=5)
    said = add(sky, tmp)
    assert "my_sky.toml (new" in said and "3 images; bands g (3)" in said, said
    toml = surveys / "my_sky.toml"
    toml.write_text(toml.read_text() + "# mine\n")
    image(sky / "t9_g.fits", ra=13, dec=5)
    (sky / "broken_g.fits").write_bytes(b"SIMPLE")
    said = add(sky, tmp)
    assert "files: 2 added, 0 changed, 3 unchanged" in said and "skipped broken_g.fits: " in said, said
    assert "g (4)" in said and toml.read_text().endswith("# mine\n"), said
    before = tree(surveys)
    # As many more as take a while.
    image(sky / "t10_g.fits", ra=14, dec=5)
    terminal, theirs = pty.openpty()
    for n in range(4000):
        os.link(sky / "t10_g.fits", sky / f"u{n}_g.fits")
    process = subprocess.Popen([RECORTE, "survey", "add", sky, "--surveys", surveys], stdout=subprocess.DEVNULL, stderr=theirs)
    shown = b""
    while b"of 4006" not in shown:
        shown += os.read(terminal, 4096)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == -signal.SIGINT
    after = tree(surveys)
    assert b"[" in shown and after == before, [p for p in after.keys() | before.keys() if after.get(p) != before.get(p)]
    (empty := tmp / "empty").mkdir()
    says(run("survey", "add", empty, "--surveys", surveys, "--name", "none", status=3), "no image was found")
    assert tree(surveys) == before


def a_running_server_serves_it_and_its_coverage(tmp):
    surveys, sky = tmp / "surveys.d", tmp / "sky"
    image(tmp / "first" / "a_g.fits", ra=10, dec=0)
    image(sky / "b_g.fits", ra=11, dec=0)
    add(tmp / "first", tmp)
    with serving(tmp, surveys=surveys) as server:
        said = add(sky, tmp, "--data", tmp / "data")
        url = said.split("see it: ")[1].split()[0]
        assert url == f"{server.url}/?survey=sky", said
        wait_until(lambda: "sky" in [s["id"] for s in server.get("/api/v1/surveys").json["surveys"]], "the survey is served")
        assert server.get("/?survey=sky").status == 200
        assert server.get("/api/v1/cutout", {"survey": "sky", "ra": 11, "dec": 0, "size": "8px"}).status == 200
        links = server.get("/api/v1/surveys/sky").json["coverage"]
        kept = surveys / "sky.coverage"
        for link, name, kind in [("picture", "coverage.png", "image/png"), ("moc_fits", "moc.fits", "application/fits"),
                                 ("moc_json", "moc.json", "application/json")]:
            assert links[link] == f"{server.url}/api/v1/surveys/sky/{name}", links
            answer = server.get(links[link].removeprefix(server.url))
            assert answer.status == 200 and answer.headers["Content-Type"] == kind, answer.headers
            assert answer.body == (kept / name).read_bytes()
            again = server.get(links[link].removeprefix(server.url), If_None_Match=answer.headers["ETag"])
            assert again.status == 304, again.status
        assert "/api/v1/surveys/sky/coverage.png" in server.get("/").text
        assert server.get("/api/v1/surveys/sky/moc.fits", {"order": 3}).status == 400
        assert server.get("/api/v1/surveys/none/moc.fits").status == 404
        # A private survey's is for its group alone; and without one there is none.
        toml = surveys / "sky.toml"
        toml.write_text(toml.read_text().replace('access_group = ""', 'access_group = "us"'))
        ana, bob = user(tmp, "ana", "--groups", "us"), user(tmp, "bob")
        path = "/api/v1/surveys/sky/moc.fits"
        wait_until(lambda: server.get(path).status == 401, "the survey is closed")
        assert server.request("GET", path, headers=bearer(bob)).status == 403
        assert server.request("GET", path, headers=bearer(ana)).status == 200
        for file in kept.iterdir():
            file.unlink()
        answer = server.request("GET", path, headers=bearer(ana))
        assert answer.status == 404 and "no coverage is kept" in answer.text, answer.text
        assert server.request("GET", "/api/v1/surveys/sky", headers=bearer(ana)).json["coverage"] is None
    assert "recorte serve --surveys" in add(sky, tmp, "--data", tmp / "data")


def young_images_are_in_no_public_coverage(tmp):
    import datetime
    sky = tmp / "sky"
    image(sky / "old_g.fits", ra=10, dec=0, cards={"DATE-OBS": "2001-01-01"})
    image(sky / "new_g.fits", ra=50, dec=0, cards={"DATE-OBS": datetime.date.today().isoformat()})
    add(sky, tmp)
    toml = tmp / "surveys.d" / "sky.toml"
    toml.write_text(toml.read_text().replace('access_group = ""', 'access_group = "us"\npublic_after = "365d"'))
    add(sky, tmp)
    cells = moc_cells(tmp / "surveys.d/sky.coverage/moc.fits")
    import numpy
    assert list(in_moc(cells, numpy.array([10.0, 50.0]), numpy.array([0.0, 0.0]))) == [True, False]
    assert check("sky", tmp)["images"] == 2


def config_check(*options, status=0, env=None):
    """What `config check` says of each file, by its name."""
    done = run("config", "check", *options, "--json", status=status, env=env)
    return {os.path.basename(f["file"]): f["complaints"] for f in json.loads(done.stdout)}


def all_mistakes_are_told_at_once(tmp):
    for band in "gr":
        image(tmp / "sky" / f"a_{band}.fits", ra=10, dec=0, cards={"FILTER": band})
    add(tmp / "sky", tmp, "--name", "good")
    surveys = tmp / "surveys.d"
    root = f'root = "{tmp / "sky"}"'
    files = {
        "words": "[survey]\ntitle = \"open\nplugin = 3\n",
        "many": f"""[survey]
titel = "A sky"
{root}
zeropoint = "30"
kind = "epoch"
plugin = "tiles"
[bands]
g = "400..550"
r = "560..710nm"
[colour.lupton]
rgb = ["i", "r", "g"]
Q = -1
[colour.luptom]
Q = 8
[headers]
t_min = "MJD"
[access]
hidden = 1
""",
        "adapter": f'[survey]\nplugin = "tile"\n{root}\n',
        "nowhere": '[survey]\nroot = "/no/such/place"\n',
        "unindexed": f"[survey]\n{root}\n",
        "colours": f'[survey]\n{root}\nindex = "good.index"\n[colour.lupton]\nrgb = ["z", "r", "g"]\n',
        "rules": f'[survey]\n{root}\nindex = "good.index"\n[header]\nt_min = "MJD"\n',
    }
    for name, text in files.items():
        (surveys / f"{name}.toml").write_text(text)
    (tmp / "recorte.toml").write_text(f"""surveys = "surveys.d"
[server]
listen = "nowhere"
lisen = "127.0.0.1:80"
[workers]
count = "many"
memory = "2GB"
""")
    said = config_check("--config", tmp / "recorte.toml", "--surveys", surveys, status=2)

    def has(file, *wanted):
        assert len(said[file]) == len(wanted), (file, said[file])
        for complaint, (line, *parts) in zip(said[file], wanted):
            place = f"{file}:{line}: " if line else file
            assert place in complaint and all(part in complaint for part in parts), (complaint, place, parts)
    has("recorte.toml", (3, "listen"), (4, "lisen", "listen"), (6, "count", "whole number"), (7, "memory", "2GB"))
    has("words.toml", (2, "not TOML"))
    has("many.toml", (2, "titel", "did you mean 'title'"), (4, "zeropoint", "without quotes"), (5, "kind", "epoch"),
        (8, "400..550"), (11, "'i' is not among [bands]"), (12, "Q must be above zero"), (13, "luptom", "lupton"),
        (15, "headers", "did you mean 'header'"), (18, "hidden", "true or false"))
    has("adapter.toml", (2, "tile", "tiles"))
    has("nowhere.toml", (2, "/no/such/place", "root"))
    has("unindexed.toml", (None, "recorte survey index"))
    has("colours.toml", (5, "'z'", "g, r"))
    has("rules.toml", (None, "other rules", "recorte survey index"))
    has("good.toml")
    text = run("config", "check", surveys / "many.toml", surveys / "good.toml", status=2).stdout.decode()
    assert text.count("FAIL") == 9 and f"ok    {surveys / 'good.toml'}" in text, text
    for name in files:
        (surveys / f"{name}.toml").unlink()
    (tmp / "recorte.toml").write_text('surveys = "surveys.d"\n')
    assert config_check(tmp / "recorte.toml") == {"recorte.toml": [], "good.toml": []}
    assert config_check(env={"RECORTE_SURVEYS": str(surveys)}) == {"good.toml": []}
    missing = config_check("--surveys", tmp / "none", status=2)
    assert "no such directory of surveys" in missing["none"][0], missing


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.exit(main(sys.modules[__name__]))
