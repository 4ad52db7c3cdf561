"""`/api/v1/jobs`: lists of positions, their manifests and products, against the OpenAPI document."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import hashlib
import io
import json
import sys
import tarfile
import zipfile

from api import problem
from harness import EXAMPLE, Skip, astropy_fits, main
from jobbing import LISTED, multipart, path_of, positions
from serving import serving, wait_until

QUERY = {"survey": "demo", "size": "16px", "bands": "g"}
CSV = {"Content-Type": "text/csv"}
JSON = {"Content-Type": "application/json"}


def submit(server, body, headers=CSV, status=201, **query):
    """The job's JSON, checked against the document."""
    answer = server.request("POST", "/api/v1/jobs", {**QUERY, **query}, body, headers)
    assert answer.status == status, (answer.status, answer.text)
    if status == 201:
        conforms(server, answer.json, "CreatedJob")
        assert answer.headers["Location"] == answer.json["url"]
    return answer.json


def done(server, job):
    path = path_of(job["url"])
    return wait_until(lambda: (j := server.get(path).json)["phase"] in ("COMPLETED", "ERROR", "ABORTED") and j, f"{path} ends")


def rows(server, job):
    """Its manifest.csv, a dict a product."""
    answer = server.get(path_of(job["url"]) + "/manifest.csv")
    assert answer.status == 200 and answer.headers["Content-Type"].startswith("text/csv"), answer.text
    return list(csv.DictReader(line for line in io.StringIO(answer.text) if not line.startswith("#")))


def conforms(server, value, name):
    """That a value is as a schema of the document says: types, what is required, nothing besides."""
    schemas = server.get("/openapi.json").json["components"]["schemas"]
    kinds = {"string": str, "integer": int, "number": (int, float), "array": list, "object": dict, "boolean": bool}

    def check(value, schema, where):
        if "$ref" in schema:
            return check(value, schemas[schema["$ref"].rsplit("/", 1)[1]], where)
        if value is None:
            assert schema.get("nullable"), f"{where} is null"
            return
        assert isinstance(value, kinds[schema["type"]]), f"{where} is {value!r}, no {schema['type']}"
        assert value in schema.get("enum", [value]), f"{where} is {value!r}"
        if isinstance(value, list):
            for i, each in enumerate(value):
                check(each, schema.get("items", {}), f"{where}[{i}]") if schema.get("items") else None
        if isinstance(value, dict):
            properties = schema.get("properties", {})
            assert set(schema.get("required", [])) <= set(value), f"{where} lacks {set(schema['required']) - set(value)}"
            if schema.get("additionalProperties") is False:
                assert set(value) <= set(properties), f"{where} has {set(value) - set(properties)}"
            for key in set(value) & set(properties):
                check(value[key], properties[key], f"{where}.{key}")

    check(value, schemas[name], name)


def a_list_from_the_post_to_its_products(tmp):
    fits = astropy_fits()
    with serving(tmp) as server:
        job = submit(server, positions(30, outside=2))
        assert job["phase"] in ("QUEUED", "EXECUTING", "COMPLETED")
        assert (job["positions"], job["products"], job["covered"], job["outside"]) == (32, 32, 30, 2)
        assert job["outside_rows"] == [31, 32]
        end = done(server, job)
        conforms(server, end, "Job")
        assert (end["phase"], end["done"], end["no_coverage"], end["failed"]) == ("COMPLETED", 32, 2, 0)
        manifest = rows(server, job)
        assert [r["id"] for r in manifest] == [f"a{i}" for i in range(30)] + ["far0", "far1"]
        for number, row in enumerate(manifest, 1):
            answer = server.get(f"{path_of(job['url'])}/results/{number}")
            if row["status"] == "no_coverage":
                problem(answer, 404, "no_coverage")
                continue
            assert answer.status == 200 and answer.headers["Content-Type"] == "application/fits"
            digest = hashlib.sha256(answer.body).hexdigest()
            assert row["sha256"] == digest and answer.headers["ETag"] == f'"{digest}"'
            assert row["id"] in answer.headers["Content-Disposition"]
            with fits.open(io.BytesIO(answer.body)) as product:
                product.verify("exception")
                assert product[0].data.shape == (16, 16)


def lists_come_in_every_form(tmp):
    try:
        from astropy.table import Table
    except ImportError:
        raise Skip("python3-astropy is not installed")
    with serving(tmp) as server:
        table = Table({"id": ["a", "b"], "ra": [EXAMPLE[0]] * 2, "dec": [EXAMPLE[1]] * 2, "mag": [17.5, 18.25]})
        objects = [{"id": "a", "ra": EXAMPLE[0], "dec": EXAMPLE[1], "mag": 17.5}, {"id": "b", "ra": EXAMPLE[0], "dec": EXAMPLE[1], "mag": 18.25}]
        bodies = [(CSV, positions(2).replace("a0", "a").replace("a1", "b")), (JSON, json.dumps(objects)),
                  (JSON, json.dumps({"parameters": {"width": 16}, "positions": objects, "run": True}))]
        for form in ("tabledata", "binary", "binary2"):
            out = io.BytesIO()
            table.write(out, format="votable", tabledata_format=form)
            bodies.append(({"Content-Type": "application/x-votable+xml"}, out.getvalue()))
        out = io.BytesIO()
        table.write(out, format="fits")
        bodies.append(({"Content-Type": "application/fits"}, out.getvalue()))
        bodies.append(multipart([("UPLOAD", positions(2).replace("a0", "a").replace("a1", "b"), "list.csv")]))
        for headers, body in bodies:
            job = submit(server, body, headers)
            assert done(server, job)["ok"] == 2, headers
            manifest = rows(server, job)
            assert [r["id"] for r in manifest] == ["a", "b"], headers
            if "mag" in manifest[0]:
                assert [float(r["mag"]) for r in manifest] == [17.5, 18.25], "columns are carried"


def a_row_overrides_the_job(tmp):
    fits = astropy_fits()
    with serving(tmp) as server:
        ra, dec = EXAMPLE
        job = submit(server, f"id,ra,dec,size,bands,format\nsame,{ra},{dec},8px,,\nsame,{ra},{dec},,r,\nsame,{ra},{dec},,,png\n")
        assert done(server, job)["ok"] == 3
        assert [r["id"] for r in rows(server, job)] == ["same"] * 3, "ids may repeat: the row is the key"
        products = [server.get(f"{path_of(job['url'])}/results/{n}") for n in (1, 2, 3)]
        assert fits.open(io.BytesIO(products[0].body))[0].data.shape == (8, 8)
        assert fits.open(io.BytesIO(products[1].body))[0].header["RCBAND"] == "r"
        assert products[2].headers["Content-Type"] == "image/png"
        with zipfile.ZipFile(io.BytesIO(server.get(path_of(job["url"]) + "/products.zip").body)) as archive:
            assert len(set(archive.namelist())) == 3


def bands_are_a_set_and_repeat(tmp):
    with serving(tmp) as server:
        one = submit(server, positions(2), bands="g,r,i")
        assert one["products"] == 2
        answer = server.request("POST", "/api/v1/jobs", [("survey", "demo"), ("size", "8px"), ("bands", "g,r"), ("bands", "i"),
                                                         ("format", "fits"), ("format", "png")], positions(2), CSV)
        assert answer.status == 201 and answer.json["products"] == 2 * 2 * 2, answer.text
        of_json = server.request("POST", "/api/v1/jobs", None, json.dumps({
            "survey": "demo", "size": "8px", "bands": [["g", "r"], "i"], "positions": [{"ra": EXAMPLE[0], "dec": EXAMPLE[1]}]}), JSON)
        assert of_json.status == 201 and of_json.json["products"] == 2, of_json.text


def a_job_without_a_list(tmp):
    with serving(tmp) as server:
        answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "ra": EXAMPLE[0], "dec": EXAMPLE[1], "size": "16px", "bands": "g"})
        assert answer.status == 201, answer.text
        assert done(server, answer.json)["ok"] == 1


def bad_lists_name_their_rows(tmp):
    with serving(tmp, config=LISTED) as server:
        bad = "id,ra,dec\n" + "".join(f"b{i},{10 + i},{95 + i}\n" for i in range(12))
        answer = submit(server, positions(3) + bad.split("\n", 1)[1], status=400)
        lines = [f":{n}" for n in range(5, 15)]
        assert all(l in answer["detail"] for l in lines) and ":15" not in answer["detail"], answer["detail"]
        for body, told in (("ra,decl\n1,2\n", "dec"), ("", "survey"), ("ra,dec\n", ""), ("ra,dec,size\n1,2,64\n", "64")):
            answer = server.request("POST", "/api/v1/jobs", QUERY, body, CSV)
            assert answer.status in (400, 201) and (answer.status == 400 or not body), (body, answer.text)
            if body:
                assert told in answer.json["detail"], answer.text
        for query, told in (({"size": "64"}, "'64'"), ({"colour": "red"}, "'colour'"), ({"run": "perhaps"}, "'perhaps'"),
                            ({"ra": "1"}, "ra"), ({"destruction": "never"}, "'never'"), ({"execution_duration": "-1"}, "'-1'")):
            answer = server.request("POST", "/api/v1/jobs", {**QUERY, **query}, positions(2), CSV)
            problem(answer, 400, "usage", told)
        problem(server.request("POST", "/api/v1/jobs", QUERY, "{", JSON), 400, "usage", "JSON")


def run_later_cancel_retry_rerun_delete(tmp):
    with serving(tmp) as server:
        job = submit(server, positions(3), run="false", run_id="night 12")
        path = path_of(job["url"])
        assert job["phase"] == "PENDING" and job["run_id"] == "night 12" and job["started"] is None
        cancelled = server.request("POST", path + "/cancel")
        assert cancelled.status == 200 and cancelled.json["phase"] == "ABORTED"
        assert server.request("POST", path + "/run").json["phase"] == "QUEUED"
        assert done(server, job)["ok"] == 3
        problem(server.request("POST", path + "/run"), 400, "usage", "COMPLETED")
        again = server.request("POST", path + "/rerun")
        assert again.status == 201 and again.json["id"] != job["id"] and again.headers["Location"] == again.json["url"]
        assert done(server, again.json)["ok"] == 3
        retried = server.request("POST", path + "/retry")
        assert retried.status == 200 and done(server, job)["ok"] == 3
        gone = server.request("DELETE", path)
        assert gone.status == 204 and gone.body == b""
        problem(server.get(path), 404, "not_found", job["id"])
        problem(server.request("POST", path + "/retry"), 404, "not_found")
        assert server.get(path_of(again.json["url"])).status == 200


def lists_have_pages(tmp):
    with serving(tmp, config=LISTED) as server:
        ids = [submit(server, positions(1), run="false", run_id=f"r{i % 2}")["id"] for i in range(5)]
        page = server.get("/api/v1/jobs", {"limit": 2}).json
        conforms(server, page, "JobList")
        seen = [j["id"] for j in page["jobs"]]
        while page["next"]:
            page = server.get(path_of(page["next"])).json
            seen += [j["id"] for j in page["jobs"]]
        assert seen == ids[::-1]
        assert [j["id"] for j in server.get("/api/v1/jobs", {"run_id": "r1"}).json["jobs"]] == [ids[3], ids[1]]
        assert server.get("/api/v1/jobs", {"phase": "COMPLETED"}).json == {"jobs": [], "next": None}
        assert len(server.get("/api/v1/jobs", {"last": 3}).json["jobs"]) == 3
        for bad in ({"limit": 0}, {"limit": 1001}, {"phase": "done"}, {"fase": "PENDING"}, {"after": "x"}):
            problem(server.get("/api/v1/jobs", bad), 400, "usage", str(next(iter(bad.values() if "fase" not in bad else bad))))


def products_have_pages_while_it_runs(tmp):
    with serving(tmp, config="[jobs]\ntasks_at_once = 1\nproducts_per_task = 2\n") as server:
        job = submit(server, positions(20, outside=1))
        path = path_of(job["url"]) + "/products"
        page = server.get(path, {"limit": 8}).json
        conforms(server, page, "ProductPage")
        assert page["total"] == 21 and len(page["products"]) == 8
        done(server, job)
        page, seen = server.get(path, {"limit": 8, "offset": 3}).json, []
        while True:
            seen += page["products"]
            if not page["next"]:
                break
            page = server.get(path_of(page["next"])).json
        assert [p["number"] for p in seen] == list(range(4, 22))
        assert {p["status"] for p in seen} == {"ok", "no_coverage"}
        assert server.get(path_of(seen[0]["url"])).status == 200
        problem(server.get(path, {"limit": "many"}), 400, "usage", "'many'")


def manifests_agree(tmp):
    fits = astropy_fits()
    from astropy.io.votable import parse_single_table
    with serving(tmp) as server:
        job = submit(server, positions(4, outside=1))
        done(server, job)
        path = path_of(job["url"])
        by_csv = rows(server, job)
        by_json = server.get(path + "/manifest.json").json
        by_vot = parse_single_table(io.BytesIO(server.get(path + "/manifest.vot").body)).to_table()
        with fits.open(io.BytesIO(server.get(path + "/manifest.fits").body)) as table:
            table.verify("exception")
            by_fits = table[1].data
            assert [str(v).strip() for v in by_fits["status"]] == [r["status"] for r in by_csv]
        assert [r["status"] for r in by_csv] == ["ok"] * 4 + ["no_coverage"]
        assert [str(v) for v in by_vot["status"]] == [r["status"] for r in by_csv]
        products = by_json["products"] if isinstance(by_json, dict) else by_json
        assert [p["sha256"] or "" for p in products] == [r["sha256"] for r in by_csv]


def archives_are_resumable(tmp):
    with serving(tmp) as server:
        job = submit(server, positions(12, outside=1))
        done(server, job)
        sums = {r["sha256"] for r in rows(server, job) if r["sha256"]}
        for kind in ("zip", "tar"):
            path = f"{path_of(job['url'])}/products.{kind}"
            whole = server.get(path)
            tag, size = whole.headers["ETag"], len(whole.body)
            assert whole.headers["Content-Length"] == str(size)
            assert server.request("HEAD", path).headers["Content-Length"] == str(size)
            pieces = b"".join(server.get(path, Range=f"bytes={at}-{at + 4999}", If_Range=tag).body for at in range(0, size, 5000))
            assert pieces == whole.body, kind
            if kind == "zip":
                with zipfile.ZipFile(io.BytesIO(pieces)) as archive:
                    assert archive.testzip() is None
                    contents = [archive.read(n) for n in archive.namelist()]
            else:
                with tarfile.open(fileobj=io.BytesIO(pieces)) as archive:
                    contents = [archive.extractfile(m).read() for m in archive.getmembers() if m.isfile()]
            assert len(contents) == 12 and {hashlib.sha256(c).hexdigest() for c in contents} == sums, kind


def products_are_resumable(tmp):
    with serving(tmp) as server:
        job = submit(server, positions(1))
        done(server, job)
        path = path_of(job["url"]) + "/results/1"
        whole = server.get(path)
        tag = whole.headers["ETag"]
        assert server.get(path, Range="bytes=80-159").body == whole.body[80:160]
        assert server.get(path, If_None_Match=tag).status == 304
        head = server.request("HEAD", path)
        assert head.body == b"" and head.headers["Content-Length"] == str(len(whole.body))
        for name in ("0", "2", "x", "-1"):
            problem(server.get(path_of(job["url"]) + "/results/" + name), 404, "not_found", f"'{name}'")


def events_tell_progress_until_the_end(tmp):
    with serving(tmp, config="[jobs]\ntasks_at_once = 1\nproducts_per_task = 2\n") as server:
        job = submit(server, positions(20), run="false")
        path = path_of(job["url"])
        with server.connect() as client:
            client.sendall(f"GET {path}/events HTTP/1.0\r\nHost: a\r\n\r\n".encode())
            stream = client.makefile("rb")
            head = b"".join(iter(stream.readline, b"\r\n")).decode()
            assert " 200 " in head and "text/event-stream" in head
            assert server.request("POST", path + "/run").status == 200
            events = [e for e in stream.read().decode().split("\n\n") if e.startswith("event")]
        states = [json.loads(e.split("data: ", 1)[1]) for e in events]
        assert all(e.startswith("event: progress\n") for e in events[:-1]) and events[-1].startswith("event: end\n")
        assert states[0]["phase"] == "PENDING" and states[-1]["phase"] == "COMPLETED" and states[-1]["done"] == 20
        counts = [s["done"] for s in states]
        assert counts == sorted(counts)
        for state in states:
            conforms(server, state, "Job")
        problem(server.get("/api/v1/jobs/nothing/events"), 404, "not_found")


def both_faces_show_one_job(tmp):
    with serving(tmp) as server:
        job = submit(server, positions(2))
        done(server, job)
        uws = path_of(job["uws_url"])
        assert server.get(uws + "/phase").text == "COMPLETED"
        assert server.get(uws + "/results/1").body == server.get(path_of(job["url"]) + "/results/1").body
        assert server.request("DELETE", uws).status == 303
        problem(server.get(path_of(job["url"])), 404, "not_found")


def anonymous_jobs_may_be_switched_off(tmp):
    with serving(tmp, config="[anonymous]\nbatch = false\n") as server:
        answer = server.request("POST", "/api/v1/jobs", QUERY, positions(1), CSV)
        problem(answer, 401, "unauthenticated")
        assert server.cutout().status == 200


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
