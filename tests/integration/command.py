"""`recorte` on the command line: exit statuses, output, lists, complaints."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import io
import os
import shutil
import subprocess
import sys
import tarfile

from harness import (DEMO_SURVEYS, EXAMPLE, RECORTE, Skip, astropy_fits, at, cut, main, run, says)


def exit_codes(tmp):
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64"), status=2), "'64' has no unit", "64px")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), survey="dmo", status=3), "'dmo'", "did you mean demo?")
    says(cut(tmp / "a.fits", *at((100, -10), "64px"), status=4), "no image of demo", "RA 100, Dec -10")
    says(cut(tmp / "a.fits", *at((361, 10), "64px"), status=2), "361", "[0, 360]")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), "--bands", "q", status=3), "no band 'q'", "g, r, i")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), "--planes", "image,psf", status=2), "'psf'", "variance")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), "--planes", "variance", status=3), "no plane variance")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), "--format", "jpg", status=2), "'jpg'", "fits, png")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), "--algorithm", "ct", status=3), "did you mean", "cut")
    says(cut(tmp / "a.png", *at(EXAMPLE, "64px"), "--algorithm", "cut", status=2), "cut makes no png")
    says(cut(tmp / "a.png", *at(EXAMPLE, "64px"), "--param", "W=1", status=2), "no parameter 'W'", "Q")
    says(cut(tmp / "a.png", *at(EXAMPLE, "64px"), "--param", "Q=soft", status=2), "Q", "soft")
    says(cut(tmp / "a.fits", "--circle", "0.05 10 200", status=2), "200", "180")
    says(cut(tmp / "a.fits", "--polygon", "0 10 0.1 10", status=2), "three")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), "--circle", "0 0 1", status=2), "either")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), "--ra", "1", status=2), "ra is given twice")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "64px"), "--colour", "1", status=2), "--colour", "--help")
    says(cut(tmp / "a.fits", *at(EXAMPLE, "30000px"), status=7), "30000 x 30000", "max-pixels")
    says(cut(tmp / "no" / "a.fits", *at(EXAMPLE, "64px"), status=3), "no/a.fits", "No such file")


def output_forms(tmp):
    fits = astropy_fits()
    bytes_out = cut("-", *at(EXAMPLE, "1arcmin"), "--bands", "g").stdout
    with fits.open(io.BytesIO(bytes_out)) as product:
        assert product[0].data.shape == (120, 120)
    assert cut("-", *at(EXAMPLE, "30arcsec"), "--format", "png").stdout.startswith(b"\x89PNG")
    for name, magic in (("by_name.png", b"\x89PNG"), ("by_name.jpg", b"\xff\xd8"), ("by_name.JPEG", b"\xff\xd8")):
        cut(tmp / name, *at(EXAMPLE, "30arcsec"))
        assert (tmp / name).read_bytes().startswith(magic)
    says(cut(tmp / "by_name.gif", *at(EXAMPLE, "30arcsec"), status=2), "no gif is made")
    sexagesimal = cut("-", "--ra", "00:00:13.2", "--dec", "+10:00:18", "--size", "1arcmin", "--bands", "g").stdout
    with fits.open(io.BytesIO(bytes_out)) as a, fits.open(io.BytesIO(sexagesimal)) as b:
        assert (a[0].data == b[0].data).all()


def overwrites_and_leaves_nothing_behind(tmp):
    target = tmp / "a.fits"
    target.write_text("old")
    cut(target, *at((100, -10), "64px"), status=4)
    assert target.read_text() == "old", "a failed cutout keeps what was there"
    cut(target, *at(EXAMPLE, "64px"))
    assert target.read_bytes().startswith(b"SIMPLE")
    assert [p.name for p in tmp.iterdir()] == ["a.fits"]


def writes_into_what_is_no_file(tmp):
    """Links are followed; a pipe is written into; nothing that is no file is replaced."""
    import threading
    (tmp / "real").mkdir()
    (tmp / "real" / "a.fits").write_text("old")
    (tmp / "link.fits").symlink_to(tmp / "real" / "a.fits")
    cut(tmp / "link.fits", *at(EXAMPLE, "32px"))
    assert (tmp / "link.fits").is_symlink() and (tmp / "real" / "a.fits").read_bytes().startswith(b"SIMPLE")
    os.mkfifo(tmp / "pipe")
    got = []
    reader = threading.Thread(target=lambda: got.append((tmp / "pipe").read_bytes()))
    reader.start()
    cut(tmp / "pipe", *at(EXAMPLE, "32px"), "--bands", "g")
    reader.join(30)
    assert got and got[0].startswith(b"SIMPLE") and len(got[0]) % 2880 == 0
    assert (tmp / "pipe").is_fifo()
    says(cut(tmp / "real", *at(EXAMPLE, "32px"), status=2), "is a directory")
    says(cut(tmp / "a.gif", *at(EXAMPLE, "32px"), status=2), "no gif is made")
    # A closed standard output is told, and swallows nothing.
    command = f"exec '{RECORTE}' cut --surveys '{DEMO_SURVEYS}' --survey demo --ra 0.055 --dec 10.005 --size 32px -o - >&-"
    closed = subprocess.run(["sh", "-c", command], capture_output=True)
    assert closed.returncode == 6 and b"cannot write" in closed.stderr, closed


def nothing_found_costs_nothing(tmp):
    """An empty directory, or a wrong pattern, leaves the standing index as it is."""
    from make import image, index
    image(tmp / "d" / "x_g.fits", ra=10, dec=0)
    surveys = index(tmp / "d", "made", tmp)
    (tmp / "d").rename(tmp / "away")
    (tmp / "d").mkdir()
    says(run("survey", "index", "--name", "made", "--surveys", surveys, status=3), str(tmp / "d"), "nothing was written")
    (tmp / "d").rmdir()
    (tmp / "away").rename(tmp / "d")
    cut(tmp / "a.fits", *at((10, 0), "16px"), survey="made", surveys=surveys)
    (surveys / "other.toml").write_text((surveys / "made.toml").read_text())
    says(run("survey", "index", "--name", "other", "--surveys", surveys, status=2), "'made'", "called after its file")


def gaps_are_told(tmp):
    fits = astropy_fits()
    done = cut(tmp / "a.fits", "--circle", "0.055 10 1", "--bands", "g")
    says(done, "covers only")
    with fits.open(tmp / "a.fits") as product:
        assert product[0].header["RCEDGE"] == "clipped" and "covers only" in product[0].header["RCWARN"]


def lists(tmp):
    astropy_fits()
    (tmp / "list.csv").write_text(
        "id,ra,dec,size,format\n"
        f"one,{EXAMPLE[0]},{EXAMPLE[1]},,\n"
        f"a/b c,{EXAMPLE[0]},{EXAMPLE[1]},32px,png\n"
        f"one,{EXAMPLE[0]},{EXAMPLE[1]},16px,\n"
        "far,200,-40,,\n")
    arguments = ["--positions", tmp / "list.csv", "--size", "64px"]
    done = cut(tmp / "out.tar", *arguments, status=4)
    says(done, "3 cutouts", "1 outside", "0 failed")
    with tarfile.open(tmp / "out.tar") as archive:
        names = archive.getnames()
        assert sorted(names) == ["a_b_c.png", "manifest.csv", "one.fits", "one_3.fits"], names
        manifest = list(csv.DictReader(io.TextIOWrapper(archive.extractfile("manifest.csv"))))
        product = archive.extractfile("one.fits").read()
    assert [r["status"] for r in manifest] == ["ok", "ok", "ok", "no_coverage"]
    assert [r["id"] for r in manifest] == ["one", "a/b c", "one", "far"]
    assert int(manifest[0]["bytes"]) == len(product)
    assert "size=32px" in manifest[1]["request"]
    cut(tmp / "folder", *arguments, status=4)
    assert sorted(p.name for p in (tmp / "folder").iterdir()) == sorted(names)


def bad_lists_change_nothing(tmp):
    (tmp / "list.csv").write_text("id,ra,dec\na,0.05,10\nb,400,10\nc,0.05,x\n")
    done = cut(tmp / "out.tar", "--positions", tmp / "list.csv", "--size", "64px", status=2)
    says(done, "list.csv:3", "400", "list.csv:4", "'x'", "nothing was cut")
    assert not (tmp / "out.tar").exists()


def light_front(tmp):
    """The command must start in a millisecond: it links nothing but the C++ run-time."""
    if os.environ.get("RECORTE_SANITIZE"):
        raise Skip("a sanitizer keeps what the linker would leave out")
    libraries = subprocess.run(["ldd", RECORTE], capture_output=True, check=True, text=True).stdout
    for heavy in ("cfitsio", "wcs", "curl", "png", "boost", "spdlog", "soci", "sqlite", "libpq"):
        assert heavy not in libraries, libraries


def access_groups(tmp):
    """A survey with a group is refused to everyone until identity exists."""
    surveys = tmp / "surveys.d"
    shutil.copytree(DEMO_SURVEYS, surveys)
    text = (surveys / "demo.toml").read_text().replace('root = "../sky"', f'root = "{DEMO_SURVEYS.parent / "sky"}"')
    (surveys / "demo.toml").write_text(text.replace("[survey]", '[survey]\naccess_group = "team"'))
    done = cut(tmp / "a.fits", *at(EXAMPLE, "64px"), surveys=surveys, status=5)
    says(done, "members of the group team", "no group")


def young_images_belong_to_the_group(tmp):
    import time
    from make import image, index
    now = 40587 + time.time() / 86400
    image(tmp / "d" / "old_g.fits", ra=10, dec=0, cards={"MJD-OBS": now - 600, "EXPTIME": 30})
    image(tmp / "d" / "young_g.fits", ra=20, dec=0, cards={"MJD-OBS": now - 5, "EXPTIME": 30})
    image(tmp / "d" / "undated_g.fits", ra=30, dec=0)
    surveys = index(tmp / "d", "made", tmp)
    toml = surveys / "made.toml"
    toml.write_text(toml.read_text().replace('access_group = ""', 'access_group = "partners"\npublic_after = "540d"'))
    cut(tmp / "a.fits", *at((10, 0), "16px"), survey="made", surveys=surveys)
    for ra in (20, 30):
        says(cut(tmp / "b.fits", *at((ra, 0), "16px"), survey="made", surveys=surveys, status=5), "partners")


def survey_list_and_show(tmp):
    assert b"Recorte demo sky" in run("survey", "list", "--surveys", DEMO_SURVEYS).stdout
    shown = run("survey", "show", "demo", "--surveys", DEMO_SURVEYS).stdout
    for part in (b'"lambda_min": 4e-07', b'"weight"', b'"example"'):
        assert part in shown, shown
    broken = tmp / "surveys.d"
    broken.mkdir()
    (broken / "demo.toml").write_text('[survey]\ntitle = "x"\nzeropont = 3\n')
    listed = run("survey", "list", "--surveys", broken).stdout
    assert b"demo.toml:3" in listed and b"did you mean 'zeropoint'" in listed, listed
    for colour, part in (("[colour.lupon]", b"there is no algorithm plugin"), ("[colour.lupton]\nQ = 0", b"demo.toml:3: Q must be above zero")):
        (broken / "demo.toml").write_text('[survey]\n' + colour + "\n")
        listed = run("survey", "list", "--surveys", broken).stdout
        assert b"demo.toml:" in listed and part in listed, listed


def version_and_help(tmp):
    assert run("--version").stdout.startswith(b"recorte 0.")
    assert b"--planes" in run("cut", "--help").stdout
    assert b"recorte cut" in run("--help").stdout
    says(run("ct", status=2), "no command 'ct'")
    says(run("survey", "index", status=2), "--name is required")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
