"""The images that a local table of ObsCore lists, in every form of table; pixels against astropy."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import sys

from harness import astropy_fits, at, cut, main, run, says
from make import image

NAMES = ["dataproduct_type", "calib_level", "obs_collection", "obs_id", "obs_publisher_did", "access_url", "access_format",
         "s_ra", "s_dec", "s_fov", "s_region", "t_min", "t_max", "t_exptime", "em_min", "em_max", "facility_name"]


def row(name, ra, dec, url, **more):
    return {"dataproduct_type": "image", "calib_level": 2, "obs_collection": "test", "obs_id": name,
            "obs_publisher_did": f"ivo://example/test?{name}", "access_url": url, "access_format": "image/fits",
            "s_ra": ra, "s_dec": dec, "s_fov": 0.02, "s_region": "", "t_min": 58000., "t_max": 58000.5, "t_exptime": 90.,
            "em_min": 3.98e-07, "em_max": 5.48e-07, "facility_name": "None", **more}


def rows(tmp):
    """Three images on RA 0, said in different ways."""
    root = tmp / "data"
    for n, ra in enumerate((359.998, 0.0, 0.002)):
        image(root / f"a {n}.fits", ra, 10, seed=n)
    corners = " ".join(f"{ra} {dec}" for ra, dec in ((0.006, 9.996), (0.006, 10.004), (359.998, 10.004), (359.998, 9.996)))
    return root, [row("a0", 359.998, 10, f"file://{root}/a%200.fits", s_region="Circle ICRS 359.998 10 0.006", t_min=57000., t_max=57001.),
                  row("a1", 0., 10, f"{root}/a 1.fits"),
                  row("a2", 0.002, 10, "a 2.fits", s_region=f"POLYGON ICRS {corners}", em_min=5.68e-07, em_max=7.16e-07)]


def survey(tmp, root, table, text=""):
    surveys = tmp / "surveys.d"
    surveys.mkdir(exist_ok=True)
    (surveys / "listed.toml").write_text(f'[survey]\nplugin = "obscore"\nroot = "{root}"\nindex = "{table}"\n{text}\n')
    return surveys


def as_csv(path, listed):
    names = list(dict.fromkeys(name for one in listed for name in one))
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(listed)


def tables_of_every_form(tmp):
    """CSV, VOTable and FITS say the same; each image's pixels are astropy's."""
    import numpy
    from astropy.table import Table
    fits = astropy_fits()
    root, listed = rows(tmp)
    as_csv(tmp / "list.csv", listed)
    table = Table(rows=[[one[name] for name in NAMES] for one in listed], names=NAMES)
    table.write(tmp / "list.vot", format="votable")
    table.write(tmp / "list.fits")
    for name in ("list.csv", "list.vot", "list.fits"):
        surveys = survey(tmp, root, tmp / name)
        for n, one in enumerate(listed):
            done = cut(tmp / "a.fits", "--image", one["obs_publisher_did"], survey="listed", surveys=surveys)
            assert not done.stderr, done.stderr
            numpy.testing.assert_array_equal(fits.getdata(tmp / "a.fits"), fits.getdata(root / f"a {n}.fits"))
        # Bands are called after their wavelengths where nothing else names them.
        cut(tmp / "a.fits", *at((0.0005, 10), "10px"), "--bands", "568-716nm", survey="listed", surveys=surveys)
        assert fits.getheader(tmp / "a.fits")["RCFILE"] == "a 2.fits"
        # Times are those of the table.
        cut(tmp / "a.fits", *at((359.9985, 10), "10px"), "--bands", "398-548nm", "--time", "56999 57002", survey="listed", surveys=surveys)
        assert fits.getheader(tmp / "a.fits")["RCFILE"] == "a 0.fits"
        cut(tmp / "b.fits", *at((180, 10), "10px"), survey="listed", surveys=surveys, status=4)


def what_cannot_be_served_is_told(tmp):
    """With its line and the reason; the rest is served, and where nothing is left, that is the error."""
    root, listed = rows(tmp)
    good = row("good", 0, 10, "a 1.fits", filter="g")
    bad = [(dict(dataproduct_type="cube"), "'cube', not image"), (dict(access_format="application/x-votable+xml;content=datalink"), "DataLink"),
           (dict(access_format="image/jpeg"), "'image/jpeg', not FITS"), (dict(access_url=""), "no access_url"),
           (dict(access_url="ftp://there/x.fits"), "ftp://there/x.fits"), (dict(s_fov=""), "no s_region, and no s_ra, s_dec and s_fov"),
           (dict(s_region="POLYGON ICRS 1 2", s_ra=""), "and no s_ra, s_dec and s_fov"),
           (dict(filter="", em_min=""), "no band, and no em_min and em_max"), (dict(data_rights="proprietary"), "not public"),
           (dict(obs_release_date="2999-01-01T00:00:00"), "not public"), (dict(obs_release_date="soon"), "not public")]
    as_csv(tmp / "list.csv", [good, *({**good, **change} for change, _ in bad)])
    surveys = survey(tmp, root, tmp / "list.csv")
    told = cut(tmp / "a.fits", *at((0, 10), "10px"), "--bands", "g", survey="listed", surveys=surveys).stderr.decode()
    for line, (_, words) in list(enumerate(bad, 3))[:10]:
        assert any(f"list.csv:{line} is not served" in said and words in said for said in told.splitlines()), (line, words, told)
    assert f"{len(bad)} rows of {tmp / 'list.csv'} are not served" in told, told
    as_csv(tmp / "none.csv", [{**good, "access_url": ""}])
    says(cut(tmp / "a.fits", *at((0, 10), "10px"), survey="listed", surveys=survey(tmp, root, tmp / "none.csv"), status=2),
         "no row of", "none.csv:2 is not served: it has no access_url")
    survey(tmp, root, tmp / "list.csv", '[obscore]\nband = "colour"')
    says(cut(tmp / "a.fits", *at((0, 10), "10px"), survey="listed", surveys=surveys, status=3), "no column 'colour' (obscore.band)")
    survey(tmp, root, tmp / "away.csv")
    says(cut(tmp / "a.fits", *at((0, 10), "10px"), survey="listed", surveys=surveys, status=3), "away.csv")


def images_of_a_group(tmp):
    """What is not public yet belongs to the group that the survey's file names."""
    root, _ = rows(tmp)
    listed = [row("open", 0, 10, "a 1.fits", obs_release_date="2001-01-01", data_rights="public"),
              row("young", 0, 10, "a 0.fits", obs_release_date="2999-01-01T00:00:00"),
              row("secret", 0, 10, "a 2.fits", data_rights="secure")]
    as_csv(tmp / "list.csv", listed)
    surveys = survey(tmp, root, tmp / "list.csv", '[obscore]\ngroup = "partners"')
    cut(tmp / "a.fits", "--image", "ivo://example/test?open", survey="listed", surveys=surveys)
    for name in ("young", "secret"):
        says(cut(tmp / "a.fits", "--image", f"ivo://example/test?{name}", survey="listed", surveys=surveys, status=5),
             f"?{name}", "members of the group partners")


def a_server_follows_the_table(tmp):
    """Behind the fence of a server, whose workers read root and table alone; a table that changed is read anew. A
    HiPS beside it is served as well."""
    import hips
    import io
    from serving import serving, wait_until
    fits = astropy_fits()
    root, listed = rows(tmp)
    as_csv(tmp / "list.csv", listed[:1])
    surveys = survey(tmp, root, tmp / "list.csv")
    hips.make(tmp / "hips", "equatorial", lambda lon, lat: lat)
    hips.survey(tmp, "sky", tmp / "hips")
    with serving(tmp, surveys=surveys) as server:
        def files(name, ra, dec, radius):
            answer = server.sync(("ID", name), ("CIRCLE", f"{ra} {dec} {radius}"))
            assert answer.status in (200, 204), answer.text
            parts = fits.open(io.BytesIO(answer.body)) if answer.body else []
            return [h.header["RCFILE"] for h in parts if h.data is not None and h.header["RCEDGE"] != "absent"]
        assert files("sky", 10, 20, 1)[0].startswith("Npix")
        assert files("listed", 359.998, 10, 0.0005) == ["a 0.fits"]
        assert files("listed", 0.005, 10, 0.0003) == []
        as_csv(tmp / "new.csv", listed)
        (tmp / "new.csv").rename(tmp / "list.csv")
        wait_until(lambda: files("listed", 0.005, 10, 0.0003) == ["a 2.fits"], "the new table to be read")


def files_on_a_web_server(tmp):
    """An access_url of http is read by ranges, from where the survey's file and the settings allow it."""
    import numpy
    from archive import serving_files
    from remote_files import settings
    fits = astropy_fits()
    image(tmp / "far" / "a.fits", 0, 10)
    with serving_files(tmp / "far") as archive:
        as_csv(tmp / "list.csv", [row("far", 0, 10, archive.url + "/a.fits")])
        surveys = survey(tmp, tmp, tmp / "list.csv", f'[access]\nremote = ["{archive.url}/"]')
        cut(tmp / "a.fits", *at((0, 10), "40px"), survey="listed", surveys=surveys, env=settings(tmp, hosts=f'["{archive.url}"]'))
    numpy.testing.assert_array_equal(fits.getdata(tmp / "a.fits"), fits.getdata(tmp / "far" / "a.fits"))


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
