"""`/api/v1`: for people and programs."""
# SPDX-License-Identifier: BSD-3-Clause
import io
import sys

from harness import EXAMPLE, astropy_fits, main
from serving import serving


def problem(answer, status, code, *parts):
    assert answer.status == status, (answer.status, answer.text)
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json
    assert body["status"] == status and body["code"] == code, body
    assert body["type"] and body["title"] and body["request_id"] == answer.headers["X-Request-Id"]
    for part in parts:
        assert part in body["detail"], f"'{part}' is not in: {body['detail']}"


def cutouts_in_every_form(tmp):
    fits = astropy_fits()
    with serving(tmp) as server:
        answer = server.cutout(size="1arcmin", bands="g", format="fits")
        assert answer.headers["Content-Type"] == "application/fits"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="demo_0.05500_+10.00500_g.fits"'
        with fits.open(io.BytesIO(answer.body)) as product:
            product.verify("exception")
            assert product[0].data.shape == (120, 120)
        picture = server.cutout(size="1arcmin", format="png")
        assert picture.headers["Content-Type"] == "image/png" and picture.body.startswith(b"\x89PNG")
        assert picture.headers["Content-Disposition"].startswith("inline")
        form = server.request("POST", "/api/v1/cutout", body="survey=demo&ra=0.055&dec=10.005&size=1arcmin&bands=g&format=fits",
                              headers={"Content-Type": "application/x-www-form-urlencoded"})
        assert len(form.body) == len(answer.body)
        assert server.cutout(bands="", rgb="").status == 200, "a form's empty fields are not given"


def surveys_say_what_to_ask_for(tmp):
    with serving(tmp) as server:
        answer = server.get("/api/v1/surveys")
        assert answer.headers["Content-Type"] == "application/json"
        survey, = answer.json["surveys"]
        assert survey["id"] == "demo" and survey["title"] and survey["releases"]
        assert survey["bands"] == ["g", "r", "i"] and set(survey["planes"]) == {"image", "weight", "mask"}
        assert all(low < high < 1e-5 for low, high in survey["wavelengths"].values())
        example = survey["example"]
        fits = astropy_fits()
        product = fits.open(io.BytesIO(server.cutout(ra=example["ra"], dec=example["dec"], size="16px").body))
        assert [h.header["RCBAND"] for h in product[1:]] == survey["bands"]
        assert all(h.header["RCEDGE"] == "inside" for h in product[1:]), "the example is covered in all bands"
        assert server.get("/api/v1/surveys/demo").json == survey
        problem(server.get("/api/v1/surveys/dem"), 404, "not_found", "'dem'")
        problem(server.get("/api/v1/surveys", {"sort": "1"}), 400, "usage", "'sort'")


def images_of_a_position(tmp):
    with serving(tmp) as server:
        at = {"survey": "demo", "ra": EXAMPLE[0], "dec": EXAMPLE[1]}
        images = server.get("/api/v1/images", at).json["images"]
        assert {i["band"] for i in images} == {"g", "r", "i"}
        for image in images:
            assert image["footprint"].startswith("POLYGON ICRS ") and set(image["planes"]) == {"image", "weight", "mask"}
            start, end = image["time"]
            assert 50000 < start <= end < 70000
        overlap = server.get("/api/v1/images", {**at, "ra": 0.105, "dec": 10.04, "bands": "r"}).json["images"]
        assert len(overlap) > 1 and {i["band"] for i in overlap} == {"r"}, "every image that covers the position"
        assert len(server.get("/api/v1/images", {**at, "size": "4arcmin"}).json["images"]) > len(images)
        problem(server.get("/api/v1/images", {**at, "dec": -45}), 404, "no_coverage", "Dec -45")
        problem(server.get("/api/v1/images", {**at, "radius": 1}), 400, "usage", "'radius'")


def what_is_not_understood_is_refused(tmp):
    with serving(tmp) as server:
        problem(server.cutout(colour="red"), 400, "usage", "'colour'")
        problem(server.cutout(band="g"), 400, "usage", "did you mean bands?")
        problem(server.cutout(size="64"), 400, "usage", "'64' has no unit", "64arcsec", "64px")
        problem(server.cutout(size="-1arcmin"), 400, "usage", "-1")
        problem(server.cutout(ra="361"), 400, "usage", "361", "[0, 360]")
        problem(server.cutout(ra="NaN"), 400, "usage", "NaN")
        problem(server.cutout(ra=None), 400, "usage", "ra is missing")
        problem(server.cutout(survey=None), 400, "usage", "survey is missing")
        problem(server.cutout(survey="dmo"), 404, "not_found", "'dmo'", "did you mean demo?")
        problem(server.cutout(bands="q"), 404, "not_found", "no band 'q'", "g, r, i")
        problem(server.cutout(planes="variance"), 404, "not_found", "variance")
        problem(server.cutout(format="jpg"), 400, "usage", "'jpg'", "fits, png")
        problem(server.cutout(algorithm="ct"), 404, "not_found", "cut")
        problem(server.cutout(dec=-45), 404, "no_coverage", "Dec -45")
        problem(server.cutout(size="30000px"), 413, "too_large", "30000 x 30000")
        problem(server.get("/api/v1/cutout", [("survey", "demo"), ("ra", 1), ("ra", 2)]), 400, "multi_valued", "ra")
        problem(server.request("GET", "/api/v1/cutout?%FF=%FE"), 400, "usage")
        problem(server.request("GET", "/api/v1/cutout?ra=%zz"), 400, "usage", "%zz")
        problem(server.get("/api/v1/cutouts"), 404, "not_found", "/api/v1/cutouts")
        answer = server.request("PUT", "/api/v1/cutout")
        problem(answer, 405, "usage", "PUT")
        assert answer.headers["Allow"] == "GET, HEAD, OPTIONS, POST"


def conditions_ranges_and_heads(tmp):
    with serving(tmp) as server:
        path = "/api/v1/cutout?survey=demo&ra=0.055&dec=10.005&size=64px&bands=g"
        whole = server.get(path)
        tag = whole.headers["ETag"]
        assert whole.headers["Accept-Ranges"] == "bytes"
        head = server.request("HEAD", path)
        assert head.body == b"" and head.headers["Content-Length"] == str(len(whole.body)) and head.headers["ETag"] == tag
        unchanged = server.get(path, If_None_Match=tag)
        assert unchanged.status == 304 and unchanged.body == b"" and unchanged.headers["ETag"] == tag
        part = server.get(path, Range="bytes=0-79")
        assert part.status == 206 and part.headers["Content-Range"] == f"bytes 0-79/{len(whole.body)}"
        assert part.body == whole.body[:80]
        assert server.get(path, Range="bytes=-2880").body == whole.body[-2880:]
        beyond = server.get(path, Range=f"bytes={len(whole.body)}-")
        assert beyond.status == 416 and beyond.headers["Content-Range"] == f"bytes */{len(whole.body)}"
        assert server.get(path.replace("64px", "65px")).headers["ETag"] != tag


def pages_of_others_may_read(tmp):
    with serving(tmp) as server:
        answer = server.get("/api/v1/surveys", Origin="https://portal.example.org")
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        preflight = server.request("OPTIONS", "/api/v1/cutout", headers={
            "Origin": "https://portal.example.org", "Access-Control-Request-Method": "GET"})
        assert preflight.status == 204 and "GET" in preflight.headers["Access-Control-Allow-Methods"]


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
