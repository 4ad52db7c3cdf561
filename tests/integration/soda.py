"""`/sync` against SODA 1.0 and DALI 1.1: a case for each rule of theirs that concerns it."""
# SPDX-License-Identifier: BSD-3-Clause
import io
import sys
import uuid

from harness import EXAMPLE, astropy_fits, main
from make import image, index
from serving import serving

CIRCLE = f"{EXAMPLE[0]} {EXAMPLE[1]} 0.004"
HERE = ("CIRCLE", CIRCLE)
G = ("FILTER", "g")


def error(answer, word, *parts, status=400):
    assert answer.status == status, (answer.status, answer.text)
    assert answer.headers["Content-Type"].split(";")[0] == "text/plain", answer.headers["Content-Type"]
    assert answer.text.startswith(word + ": "), answer.text
    for part in parts:
        assert part in answer.text, f"'{part}' is not in: {answer.text}"


def product(answer):
    """The cutout, opened by astropy."""
    assert answer.status == 200, (answer.status, answer.text[:500])
    assert answer.headers["Content-Type"] == "application/fits"
    opened = astropy_fits().open(io.BytesIO(answer.body))
    opened.verify("exception")
    return opened


def same_pixels(one, other):
    a, b = product(one), product(other)
    assert len(a) == len(b)
    for x, y in zip(a, b):
        assert (x.data is None and y.data is None) or (x.data == y.data).all()


def names_are_case_insensitive(tmp):
    with serving(tmp) as server:
        same_pixels(server.sync(("id", "demo"), ("circle", CIRCLE), ("Filter", "g")), server.sync(("ID", "demo"), HERE, G))


def values_are_case_sensitive(tmp):
    with serving(tmp) as server:
        error(server.sync(("ID", "demo"), ("POS", "circle 0.055 10.005 0.004")), "UsageError", "circle", "capitals")
        error(server.sync(("ID", "DEMO"), HERE), "UsageError", "'DEMO'", "did you mean demo", status=404)


def post_urlencoded_multipart_and_query_count_together(tmp):
    with serving(tmp) as server:
        expected = server.sync(("ID", "demo"), HERE, G)
        form = "CIRCLE=0.055+10.005+0.004&FILTER=g"
        answer = server.request("POST", "/sync?ID=demo", body=form,
                                headers={"Content-Type": "application/x-www-form-urlencoded"})
        same_pixels(answer, expected)
        boundary = uuid.uuid4().hex
        parts = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                        for name, value in [("ID", "demo"), HERE, G])
        answer = server.request("POST", "/sync", body=parts + f"--{boundary}--\r\n",
                                headers={"Content-Type": f"multipart/form-data; boundary={boundary}"})
        same_pixels(answer, expected)


def unknown_parameters_are_ignored(tmp):
    with serving(tmp) as server:
        same_pixels(server.sync(("ID", "demo"), HERE, G, ("COLOUR", "mauve")), server.sync(("ID", "demo"), HERE, G))


def runid_is_kept_and_bounded(tmp):
    import sqlite3

    with serving(tmp) as server:
        assert server.sync(("ID", "demo"), HERE, G, ("RUNID", "night-12")).status == 200
        error(server.sync(("ID", "demo"), HERE, ("RUNID", "x" * 65)), "UsageError", "RUNID", "64")
    rows = sqlite3.connect(tmp / "data" / "recorte.sqlite").execute("SELECT run_id FROM request").fetchall()
    assert ("night-12",) in rows, rows
    assert any(line.get("run_id") == "night-12" for line in server.log_lines())


def responseformat_is_a_type_of_ours(tmp):
    with serving(tmp) as server:
        error(server.sync(("ID", "demo"), HERE, ("RESPONSEFORMAT", "image/tiff")), "UsageError", "image/tiff", "image/png")
        error(server.sync(("ID", "demo"), HERE, ("FORMAT", "jpg")), "UsageError", "'jpg'", "png")
        assert server.sync(("ID", "demo"), HERE, ("FORMAT", "png")).headers["Content-Type"] == "image/png"
        assert server.sync(("ID", "demo"), HERE, ("RESPONSEFORMAT", "image/png")).body.startswith(b"\x89PNG")
        picture = server.sync(("ID", "demo"), HERE, ("RESPONSEFORMAT", "image/jpeg"), ("QUALITY", "70"))
        assert picture.headers["Content-Type"] == "image/jpeg" and picture.body.startswith(b"\xff\xd8")
        product(server.sync(("ID", "demo"), HERE, G, ("RESPONSEFORMAT", "application/fits")))
        # A parameterised type may be answered by the plain one; image/fits is one plain image.
        product(server.sync(("ID", "demo"), HERE, G, ("RESPONSEFORMAT", "application/fits;extend=yes")))
        assert server.sync(("ID", "demo"), HERE, G, ("RESPONSEFORMAT", "image/fits")).headers["Content-Type"] == "image/fits"
        several = server.sync(("ID", "demo"), HERE, ("RESPONSEFORMAT", "image/fits"))
        assert several.headers["Content-Type"] == "application/fits", "several HDUs are no plain image"
        error(server.sync(("ID", "demo"), HERE, ("FORMAT", "png"), ("RESPONSEFORMAT", "image/png")),
              "MultiValuedParamNotSupported", "format")


def maxrec(tmp):
    import xml.etree.ElementTree as xml

    with serving(tmp) as server:
        error(server.sync(("ID", "demo"), HERE, ("MAXREC", "-1")), "UsageError", "MAXREC", "-1")
        error(server.sync(("ID", "demo"), HERE, ("MAXREC", "many")), "UsageError", "many")
        product(server.sync(("ID", "demo"), HERE, G, ("MAXREC", "5")))
        answer = server.sync(("MAXREC", "0"))
        assert answer.status == 200 and answer.headers["Content-Type"] == "application/x-votable+xml"
        space = "{http://www.ivoa.net/xml/VOTable/v1.3}"
        table = xml.fromstring(answer.text)
        assert [i.get("value") for i in table.iter(space + "INFO") if i.get("name") == "QUERY_STATUS"] == ["OVERFLOW"]
        parameters = {p.get("name"): p.get("value") for p in table.iter(space + "PARAM")}
        assert parameters["accessURL"] == server.url + "/sync"
        assert {"ID", "POS", "CIRCLE", "POLYGON", "BAND", "TIME", "POL", "FILTER", "PLANES", "RGB"} <= parameters.keys()


def one_result_is_what_sync_gives(tmp):
    with serving(tmp) as server:
        word = "MultiValuedParamNotSupported"
        error(server.sync(("ID", "demo"), ("ID", "demo_T0001_g"), HERE), word, "2 ID")
        error(server.sync(("ID", "demo"), HERE, ("POS", "CIRCLE " + CIRCLE)), word, "2 regions")
        error(server.sync(("ID", "demo"), HERE, HERE), word, "2 regions")
        error(server.sync(("ID", "demo"), HERE, ("BAND", "3e-7 6e-7"), ("BAND", "6e-7 9e-7")), word, "2 BAND")
        error(server.sync(("ID", "demo"), HERE, ("TIME", "1 2"), ("TIME", "3 4")), word, "2 TIME")
        error(server.sync(("ID", "demo"), HERE, ("ALGORITHM", "cut"), ("ALGORITHM", "cut")), word, "ALGORITHM")
        # Bad values are told before too many of them.
        error(server.sync(("ID", "demo"), HERE, ("CIRCLE", "1 2 NaN")), "UsageError")
        # FILTER names parts of one result, and POL values are one filter.
        assert len(product(server.sync(("ID", "demo"), HERE, G, ("FILTER", "r")))) == 3
        product(server.sync(("ID", "demo"), HERE, G, ("POL", "Q"), ("POL", "I")))


def id_names_a_survey_a_release_or_an_image(tmp):
    with serving(tmp) as server:
        error(server.sync(HERE), "UsageError", "ID")
        error(server.sync(("ID", "nowhere"), HERE), "UsageError", "'nowhere'", "demo", status=404)
        release = server.get("/api/v1/surveys").json["surveys"][0]["releases"][0]
        cards = product(server.sync(("ID", f"demo_{release}"), HERE, G))[0].header
        assert f"release={release}" in cards["RCREQ"], cards["RCREQ"]
        error(server.sync(("ID", "demo_nosuch"), HERE), "UsageError", "'demo_nosuch'", status=404)
        found = server.get("/api/v1/images", {"survey": "demo", "ra": EXAMPLE[0], "dec": EXAMPLE[1], "bands": "r"})
        name = found.json["images"][0]["id"]
        for alias in (name, "demo/" + name, "ivo://example.org/recorte?demo/" + name):
            assert product(server.sync(("ID", alias), HERE))[0].header["RCIMAGE"] == name
        error(server.sync(("ID", "demo")), "UsageError", "region", "CIRCLE")
        whole = product(server.sync(("ID", name)))[0]
        assert whole.header["RCX0"] == 0 and whole.header["RCY0"] == 0 and whole.header["NAXIS1"] > 300


def filter_algorithm_planes_rgb_epochs(tmp):
    with serving(tmp) as server:
        hdus = product(server.sync(("ID", "demo"), HERE, ("FILTER", "g,r"), ("PLANES", "image,weight,mask"), ("ALGORITHM", "cut")))
        assert [h.name for h in hdus[1:]] == ["g", "g_weight", "g_mask", "r", "r_weight", "r_mask"], hdus.info(False)
        one, other = (server.sync(("ID", "demo"), HERE, ("FORMAT", "png"), ("RGB", rgb)).body for rgb in ("i,r,g", "g,r,i"))
        assert one.startswith(b"\x89PNG") and one != other
        soft = server.sync(("ID", "demo"), HERE, ("FORMAT", "png"), ("PARAM", "Q=2"), ("PARAM", "stretch=100"))
        assert soft.status == 200 and soft.body != server.sync(("ID", "demo"), HERE, ("FORMAT", "png")).body
        edge = ("POS", "CIRCLE 0.105 10.04 0.004")
        assert len(product(server.sync(("ID", "demo"), edge, ("FILTER", "r"), ("EPOCHS", "all")))) > 1
        error(server.sync(("ID", "demo"), HERE, ("EPOCHS", "some")), "UsageError", "EPOCHS", "'some'", "latest")
        error(server.sync(("ID", "demo"), HERE, ("PLANES", "psf")), "UsageError", "'psf'", "variance")
        error(server.sync(("ID", "demo"), HERE, ("FILTER", "q")), "UsageError", "'q'", "g, r, i", status=404)
        error(server.sync(("ID", "demo"), HERE, ("ALGORITHM", "ct")), "UsageError", "ct", "did you mean", status=404)


def band_is_an_interval_of_metres(tmp):
    with serving(tmp) as server:
        survey = server.get("/api/v1/surveys/demo").json
        low, high = survey["wavelengths"]["g"]

        def bands(value):
            hdus = product(server.sync(("ID", "demo"), HERE, ("BAND", value)))
            return [h.header["RCBAND"] for h in hdus if "RCBAND" in h.header]

        middle = (low + high) / 2
        assert bands(f"{low} {high}")[0] == "g"
        assert bands(f"{middle}") == ["g"], "a scalar is a point"
        assert bands(f"-Inf {middle}") == ["g"] and set(bands("-Inf +Inf")) == set(survey["bands"])
        assert bands(f"0 {middle}") == ["g"], "bounds clip to the data"
        assert server.sync(("ID", "demo"), HERE, ("BAND", "0.20 0.22")).status == 204, "a radio band"
        error(server.sync(("ID", "demo"), HERE, ("BAND", f"{high} {low}")), "UsageError", "BAND", str(high))
        error(server.sync(("ID", "demo"), HERE, ("BAND", "NaN 1")), "UsageError", "NaN")
        error(server.sync(("ID", "demo"), HERE, ("BAND", "1 2 3")), "UsageError", "1 2 3")
        error(server.sync(("ID", "demo"), HERE, ("BAND", "green")), "UsageError", "green")


def time_is_an_interval_of_mjd(tmp):
    with serving(tmp) as server:
        found = server.get("/api/v1/images", {"survey": "demo", "ra": EXAMPLE[0], "dec": EXAMPLE[1], "bands": "g"})
        start, end = found.json["images"][0]["time"]
        product(server.sync(("ID", "demo"), HERE, G, ("TIME", f"{start} {end}")))
        product(server.sync(("ID", "demo"), HERE, G, ("TIME", f"{start}")))
        product(server.sync(("ID", "demo"), HERE, G, ("TIME", "-Inf +Inf")))
        product(server.sync(("ID", "demo"), HERE, G, ("TIME", f"-Inf {end}")))
        assert server.sync(("ID", "demo"), HERE, G, ("TIME", "1 2")).status == 204
        error(server.sync(("ID", "demo"), HERE, ("TIME", "58000 57000")), "UsageError", "58000 57000")
        error(server.sync(("ID", "demo"), HERE, ("TIME", "NaN")), "UsageError", "NaN")
        error(server.sync(("ID", "demo"), HERE, ("TIME", "yesterday")), "UsageError", "yesterday")


def pol_is_a_filter(tmp):
    with serving(tmp) as server:
        product(server.sync(("ID", "demo"), HERE, G, ("POL", "I")))
        assert server.sync(("ID", "demo"), HERE, ("POL", "V")).status == 204, "images hold total intensity"
        error(server.sync(("ID", "demo"), HERE, ("POL", "W")), "UsageError", "'W'", "POLA")


def coordinates_are_refused_not_wrapped(tmp):
    with serving(tmp) as server:
        for circle, told in [("361 10 0.1", "361"), ("-0.1 10 0.1", "-0.1"), ("0 91 0.1", "91"), ("0 -90.5 0.1", "-90.5"),
                             ("0 10 0", "radius 0"), ("0 10 200", "200"), ("0 10 -1", "-1"), ("NaN 10 0.1", "nan"),
                             ("0 NaN 0.1", "nan"), ("0 10 NaN", "nan"), ("Inf 10 0.1", "inf"), ("0 10 Inf", "inf"),
                             ("0 10", "2 numbers"), ("0 10 1 1", "4 numbers"), ("0 ten 1", "'ten'")]:
            for name, value in [("CIRCLE", circle), ("POS", "CIRCLE " + circle)]:
                answer = server.sync(("ID", "demo"), (name, value))
                assert answer.status == 400 and answer.text.startswith("UsageError: "), (value, answer.text)
                assert told.lower() in answer.text.lower(), (told, answer.text)


def ranges(tmp):
    with serving(tmp) as server:
        crossing = product(server.sync(("ID", "demo"), ("POS", "RANGE 359.99 0.01 9.99 10.01"), G))
        assert crossing[0].data.size > 1000
        whole = product(server.sync(("ID", "demo"), ("POS", "RANGE 0 360 10 10.01"), G))
        assert whole[0].data.size > 1000
        product(server.sync(("ID", "demo"), ("POS", "RANGE -Inf +Inf 10 10.01"), G))
        error(server.sync(("ID", "demo"), ("POS", "RANGE 0 1 2 1")), "UsageError", "2", "lower")
        error(server.sync(("ID", "demo"), ("POS", "RANGE 0 361 1 2")), "UsageError", "361")
        error(server.sync(("ID", "demo"), ("POS", "RANGE 0 NaN 1 2")), "UsageError", "nan")
        error(server.sync(("ID", "demo"), ("POS", "RANGE 0 1 2")), "UsageError", "3 numbers")


def polygons(tmp):
    with serving(tmp) as server:
        anticlockwise = "0.058 10.002 0.052 10.002 0.052 10.008 0.058 10.008".split()
        # As seen from inside the sphere, where east is left: increasing RA is to the left.
        pairs = [anticlockwise[i:i + 2] for i in range(0, 8, 2)]
        good = " ".join(sum(pairs[::-1], []))
        turned = " ".join(sum(pairs, []))
        results = [server.sync(("ID", "demo"), ("POLYGON", p), G) for p in (good, turned)]
        same_pixels(*results)
        warned = ["Warning" in r.headers for r in results]
        assert sorted(warned) == [False, True], "the clockwise one is turned round, and told"
        reversed_one = results[warned.index(True)]
        assert "clockwise" in reversed_one.headers["Warning"]
        assert "clockwise" in product(reversed_one)[0].header["RCWARN"]
        closed = server.sync(("ID", "demo"), ("POLYGON", good + " " + " ".join(good.split()[:2])), G)
        same_pixels(closed, results[0])
        error(server.sync(("ID", "demo"), ("POLYGON", "0 10 1 10")), "UsageError", "three")
        error(server.sync(("ID", "demo"), ("POLYGON", "0 10 1 10 1")), "UsageError", "5 numbers")
        error(server.sync(("ID", "demo"), ("POLYGON", "0 10 1 10 1 10 0 11")), "UsageError", "equal")
        error(server.sync(("ID", "demo"), ("POLYGON", "0 0 180 0 90 45")), "UsageError", "antipodal")
        error(server.sync(("ID", "demo"), ("POS", "SQUARE 0 10 1")), "UsageError", "SQUARE", "POLYGON")


def large_circles_and_poles(tmp):
    with serving(tmp) as server:
        for circle in ("0 90 85", "180 90 100", "0.05 10 179.9", "0 -90 180"):
            answer = server.sync(("ID", "demo"), ("CIRCLE", circle), G)
            assert answer.status == 200, (circle, answer.text)
        # The far hemisphere, which TAN would map onto valid-looking pixels.
        assert server.sync(("ID", "demo"), ("CIRCLE", "180.055 -10.005 0.01")).status == 204


def at_the_edge_it_is_clipped_and_told(tmp):
    with serving(tmp) as server:
        answer = server.sync(("ID", "demo_T0001_g"), ("CIRCLE", "0 10 1"))
        assert product(answer)[0].header["RCEDGE"] == "clipped"
        assert "covers only" in answer.headers["Warning"]


def no_overlap_is_204_without_body_or_type(tmp):
    with serving(tmp) as server:
        answer = server.sync(("ID", "demo"), ("CIRCLE", "100 -45 0.01"))
        assert answer.status == 204 and answer.body == b"" and answer.headers["Content-Type"] is None
        assert answer.headers["Transfer-Encoding"] is None


def empty_values_are_not_given(tmp):
    with serving(tmp) as server:
        product(server.sync(("ID", "demo"), HERE, G, ("POLYGON", ""), ("TIME", " ")))


def forbidden_unknown_and_wrong_methods(tmp):
    image(tmp / "open" / "a_g.fits", ra=10, dec=0)
    image(tmp / "closed" / "b_g.fits", ra=10, dec=0)
    surveys = index(tmp / "open", "open", tmp)
    index(tmp / "closed", "closed", tmp)
    text = (surveys / "closed.toml").read_text()
    (surveys / "closed.toml").write_text(text.replace('access_group = ""', 'access_group = "us"'))
    with serving(tmp, surveys=surveys) as server:
        circle = ("CIRCLE", "10 0 0.001")
        assert server.sync(("ID", "open"), circle).status == 200
        error(server.sync(("ID", "closed"), circle), "AuthenticationError", "members of a group", status=401)
        error(server.sync(("ID", "b_g"), circle), "UsageError", "'b_g'", status=404)
        assert [s["id"] for s in server.get("/api/v1/surveys").json["surveys"]] == ["open"]
        error(server.get("/synch"), "UsageError", "/synch", status=404)
        answer = server.request("DELETE", "/sync")
        assert answer.status == 405 and answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST", answer.headers["Allow"]
        assert server.request("OPTIONS", "/sync").status == 204


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
