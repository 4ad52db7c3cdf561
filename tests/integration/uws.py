"""`/async`: SODA 1.0's jobs by UWS 1.1, a case for each rule that concerns them."""
# SPDX-License-Identifier: BSD-3-Clause
import calendar
import io
import re
import sys
import threading
import time
import zipfile

from harness import EXAMPLE, Skip, astropy_fits, main
from jobbing import (CIRCLE, LISTED, ONE, OUTSIDE, UWS, XLINK, XSI, create, document, ended, job_xml, listed, multipart,
                     path_of, phase, positions, post, results, see, text, valid)
from serving import serving, wait_until
from soda import error

ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
FILES = {"manifest.csv": "text/csv", "manifest.vot": "application/x-votable+xml", "manifest.json": "application/json",
         "manifest.fits": "application/fits", "products.zip": "application/zip", "products.tar": "application/x-tar"}


def iso(seconds):
    """So many from now."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def opened(answer):
    assert answer.status == 200, (answer.status, answer.text[:500])
    product = astropy_fits().open(io.BytesIO(answer.body))
    product.verify("exception")
    return product


def a_job_from_creation_to_its_result(tmp):
    with serving(tmp) as server:
        job = create(server, [*ONE, ("RUNID", "night 12")], run=False)
        root = job_xml(server, job)
        assert text(root, "jobId") == job.rsplit("/", 1)[1] and text(root, "phase") == "PENDING"
        assert text(root, "runId") == "night 12" and re.fullmatch(ISO, text(root, "creationTime"))
        assert results(root) == {}
        assert see(post(server, job + "/phase", {"PHASE": "RUN"}), server, job) == job
        assert ended(server, job) == "COMPLETED"
        root = job_xml(server, job)
        found = results(root)
        assert found.pop("1") == (job + "/results/1", "application/fits")
        assert {name: kind for name, (_, kind) in found.items()} == FILES
        with opened(server.get(job + "/results/1")) as product:
            assert product[0].header["RCSURVEY"] == "demo" and product[0].data.shape[0] > 50
        with opened(server.sync(*ONE)) as expected, opened(server.get(job + "/results/1")) as product:
            assert (product[0].data == expected[0].data).all(), "the same as sync gives"
        for name in FILES:
            assert server.get(f"{job}/results/{name}").status == 200, name


def elements_are_in_the_order_of_the_schema(tmp):
    with serving(tmp) as server:
        job = create(server, [*ONE, ("RUNID", "a")])
        ended(server, job)
        root = job_xml(server, job)
        assert root.tag == UWS + "job" and root.get("version") == "1.1"
        assert [e.tag.replace(UWS, "") for e in root] == [
            "jobId", "runId", "ownerId", "phase", "quote", "creationTime", "startTime", "endTime", "executionDuration",
            "destruction", "parameters", "results", "jobInfo"]
        assert root.find(UWS + "ownerId").get(XSI + "nil") == "true", "nobody is signed in"
        for name in ("creationTime", "startTime", "endTime", "destruction"):
            assert re.fullmatch(ISO, text(root, name)), name
        assert text(root, "creationTime") <= text(root, "startTime") <= text(root, "endTime")


def documents_are_valid_by_the_schemas(tmp):
    with serving(tmp, config=LISTED) as server:
        pending = create(server, [*ONE, ("RUNID", "a")], run=False)
        done = create(server, [*ONE, ("CIRCLE", f"{OUTSIDE[0]} {OUTSIDE[1]} 0.01")])
        failed = create(server, [("ID", "demo")])
        assert ended(server, done) == "COMPLETED" and ended(server, failed) == "ERROR"
        for name, job in (("pending", pending), ("done", done), ("failed", failed)):
            valid(tmp, name, server.get(job), "job")
            valid(tmp, name + "-results", server.get(job + "/results"), "results")
            valid(tmp, name + "-parameters", server.get(job + "/parameters"), "parameters")
        valid(tmp, "jobs", server.get("/async"), "jobs")
        valid(tmp, "no-jobs", server.get("/async", {"PHASE": "UNKNOWN"}), "jobs")


def phase_run_in_the_creating_post(tmp):
    """In its body, or in its query; and it is no parameter of the job."""
    with serving(tmp) as server:
        in_body = create(server, ONE)
        in_query = see(post(server, "/async?phase=RUN&RUNID=q", ONE), server, r"/async/\w+")
        for job in (in_body, in_query):
            assert ended(server, job) == "COMPLETED"
            names = {p.get("id") for p in document(server.get(job + "/parameters")).iter(UWS + "parameter")}
            assert names == {"ID", "CIRCLE", "FILTER"}, names
        assert text(job_xml(server, in_query), "runId") == "q"
        error(post(server, "/async", [*ONE, ("PHASE", "ABORT")]), "UsageError", "'ABORT'")


def parameters_come_in_every_form(tmp):
    with serving(tmp) as server:
        headers, body = multipart([*ONE[:2], ("PHASE", "RUN")])
        job = see(server.request("POST", "/async?FILTER=g", body=body, headers=headers), server, r"/async/\w+")
        assert ended(server, job) == "COMPLETED"
        lower = create(server, [(n.lower(), v) for n, v in ONE])
        assert ended(server, lower) == "COMPLETED"
        unknown = create(server, [*ONE, ("WEATHER", "fine"), ("FORMAT", "")])
        assert ended(server, unknown) == "COMPLETED", "unknown parameters and empty values mean nothing"


def malformed_values_are_refused_at_creation(tmp):
    with serving(tmp, config=LISTED) as server:
        for pairs, told in (([("POS", "CIRCLE 1 2")], "POS"), ([("CIRCLE", "361 2 0.1")], "361"), ([("BAND", "2 1")], "BAND"),
                            ([("RESPONSEFORMAT", "text/html")], "text/html"), ([("EXECUTIONDURATION", "-1")], "-1"),
                            ([("EXECUTIONDURATION", "1h")], "1h"), ([("DESTRUCTION", "tomorrow")], "tomorrow"),
                            ([("DESTRUCTION", "2026-02-30T00:00:00Z")], "2026-02-30"), ([("RUNID", "r" * 65)], "64"),
                            ([("FORMAT", "fits"), ("FORMAT", "png")], "FORMAT"), ([("UPLOAD", "a,http://127.0.0.1/a")], "UPLOAD")):
            answer = post(server, "/async", pairs)
            assert answer.status == 400 and told in answer.text, (pairs, answer.text)
            assert answer.text.split(":")[0] in ("UsageError", "MultiValuedParamNotSupported"), answer.text
        assert listed(server) == []


def missing_values_are_errors_when_run(tmp):
    with serving(tmp) as server:
        for pairs, told in (([], "ID"), ([("ID", "demo")], "region"), ([("ID", "dmo"), ("CIRCLE", CIRCLE)], "dmo")):
            job = create(server, pairs, run=False)
            assert phase(server, job) == "PENDING"
            answer = post(server, job + "/phase", {"PHASE": "RUN"})
            assert answer.status == 303, answer.text
            assert ended(server, job) == "ERROR"
            error(server.get(job + "/error"), "UsageError", told, status=200)
            summary = job_xml(server, job).find(UWS + "errorSummary")
            assert summary.get("type") == "fatal" and told in summary.find(UWS + "message").text


def parameters_change_while_pending(tmp):
    with serving(tmp) as server:
        job = create(server, [("ID", "demo"), ("FORMAT", "png")], run=False)
        see(post(server, job + "/parameters", [("CIRCLE", CIRCLE), ("format", "fits"), ("FILTER", "g")]), server, job)
        said = [(p.get("id").upper(), p.text) for p in document(server.get(job + "/parameters")).iter(UWS + "parameter")]
        assert sorted(said) == [("CIRCLE", CIRCLE), ("FILTER", "g"), ("FORMAT", "fits"), ("ID", "demo")], said
        see(post(server, job + "/phase", {"PHASE": "RUN"}), server, job)
        assert ended(server, job) == "COMPLETED"
        error(post(server, job + "/parameters", [("FILTER", "r")]), "UsageError", "COMPLETED")
        pending = create(server, [("ID", "demo")], run=False)
        error(post(server, pending + "/parameters", [("UPLOAD", "ra,dec\n1,2\n")]), "UsageError", "UPLOAD")


def every_combination_is_a_result(tmp):
    """ID × regions × BAND × TIME; POS, CIRCLE and POLYGON are one list; FILTER is one set."""
    with serving(tmp) as server:
        box = f"{EXAMPLE[0] - 0.002} {EXAMPLE[0] + 0.002} {EXAMPLE[1] - 0.002} {EXAMPLE[1] + 0.002}"
        job = create(server, [("ID", "demo"), ("ID", "demo_1"), ("CIRCLE", CIRCLE), ("POS", f"RANGE {box}"), ("POS", f"CIRCLE {CIRCLE}"),
                              ("BAND", "4e-7 5.5e-7"), ("BAND", "6e-7"), ("TIME", "-Inf +Inf")])
        assert ended(server, job) == "COMPLETED"
        found = {name: kind for name, (_, kind) in results(job_xml(server, job)).items() if name.isdigit()}
        assert found == {str(n): "application/fits" for n in range(1, 2 * 3 * 2 + 1)}, found
        bands = set()
        for n in found:
            with opened(server.get(f"{job}/results/{n}")) as product:
                bands.add(tuple(h.header["RCBAND"] for h in product if "RCBAND" in h.header))
        assert bands == {("g",), ("r",)}, bands
        both = create(server, [*ONE, ("FILTER", "r")])
        assert ended(server, both) == "COMPLETED"
        assert [n for n in results(job_xml(server, both)) if n.isdigit()] == ["1"]


def a_combination_without_overlap_is_a_result_that_says_so(tmp):
    with serving(tmp) as server:
        job = create(server, [*ONE, ("CIRCLE", f"{OUTSIDE[0]} {OUTSIDE[1]} 0.01")])
        assert ended(server, job) == "COMPLETED"
        found = results(job_xml(server, job))
        assert found["1"][1] == "application/fits" and found["2"][1] == "text/plain"
        error(server.get(found["2"][0]), "Error", status=200)
        error(server.get(job + "/results/3"), "UsageError", "'3'", status=404)
        error(server.get(job + "/results/0"), "UsageError", "'0'", status=404)
        error(server.get(job + "/results/manifest.txt"), "UsageError", "manifest.txt", status=404)
        error(server.get(job + "/error"), "UsageError", status=404)


def children_are_plain_text(tmp):
    with serving(tmp) as server:
        job = create(server, [*ONE, ("EXECUTIONDURATION", "60")], run=False)
        for child, told in (("phase", "PENDING"), ("executionduration", "60"), ("quote", ""), ("owner", "")):
            answer = server.get(f"{job}/{child}")
            assert answer.status == 200 and answer.text == told, (child, answer.text)
            assert answer.headers["Content-Type"].startswith("text/plain"), child
        assert re.fullmatch(ISO, server.get(job + "/destruction").text)


def every_change_answers_303(tmp):
    with serving(tmp) as server:
        job = create(server, ONE, run=False)
        see(post(server, job + "/executionduration", {"executionduration": "7"}), server, job)
        assert server.get(job + "/executionduration").text == "7"
        when = iso(3600)
        see(post(server, job + "/destruction", {"DESTRUCTION": when}), server, job)
        assert server.get(job + "/destruction").text == when.replace("Z", ".000000Z")
        see(post(server, job + "/parameters", {"FILTER": "r"}), server, job)
        see(post(server, job + "/phase", {"PHASE": "ABORT"}), server, job)
        assert phase(server, job) == "ABORTED"
        for child, pairs, told in (("executionduration", {"EXECUTIONDURATION": "x"}, "'x'"), ("destruction", {"DESTRUCTION": "x"}, "'x'"),
                                   ("phase", {"PHASE": "x"}, "'x'"), ("phase", {}, "PHASE"), ("executionduration", {}, "EXECUTIONDURATION")):
            error(post(server, f"{job}/{child}", pairs), "UsageError", told)


def locations_honour_the_public_url(tmp):
    with serving(tmp, config='[server]\nbase_url = "https://cutouts.example.org/sky"\n') as server:
        answer = post(server, "/async", ONE)
        assert answer.status == 303 and re.fullmatch(r"https://cutouts\.example\.org/sky/async/\w+", answer.headers["Location"])
        job = path_of(answer.headers["Location"]).replace("/sky/", "/")
        changed = post(server, job + "/phase", {"PHASE": "RUN"})
        assert changed.headers["Location"] == answer.headers["Location"]
        ended(server, job)
        hrefs = [r.get(XLINK + "href") for r in job_xml(server, job).iter(UWS + "result")]
        assert hrefs and all(h.startswith(answer.headers["Location"] + "/results/") for h in hrefs), hrefs
        gone = server.request("DELETE", job)
        assert gone.headers["Location"] == "https://cutouts.example.org/sky/async"


def deleting(tmp):
    with serving(tmp, config=LISTED) as server:
        for method in ("DELETE", "POST"):
            job = create(server, ONE)
            ended(server, job)
            answer = server.request("DELETE", job) if method == "DELETE" else post(server, job, {"action": "DELETE"})
            see(answer, server, "/async")
            assert server.get(job).status == server.get(job + "/results/1").status == server.get(job + "/phase").status == 404
        running = create(server, ONE, run=False)
        error(post(server, running, {"ACTION": "STOP"}), "UsageError", "'STOP'")
        see(server.request("DELETE", running), server, "/async")
        assert listed(server) == []
        error(server.request("DELETE", running), "UsageError", status=404)


def unknown_jobs_are_404(tmp):
    with serving(tmp) as server:
        for path in ("", "/phase", "/results", "/results/1", "/parameters", "/quote", "/owner", "/error", "/destruction"):
            error(server.get("/async/0123456789abcdef" + path), "UsageError", "0123456789abcdef", status=404)
        error(post(server, "/async/nothing/phase", {"PHASE": "RUN"}), "UsageError", "nothing", status=404)
        error(server.get("/async/a/b/c/d"), "UsageError", status=404)
        assert server.request("PUT", "/async").status == 405


def wait_ends_with_the_change(tmp):
    with serving(tmp) as server:
        job = create(server, ONE, run=False)
        told = []
        waiting = threading.Thread(target=lambda: told.append(job_xml(server, job, WAIT=30)))
        started = time.monotonic()
        waiting.start()
        wait_until(lambda: server.metric("recorte_requests_answering") >= 2, "it waits, beside this question")
        see(post(server, job + "/phase", {"PHASE": "RUN"}), server, job)
        waiting.join(30)
        assert time.monotonic() - started < 20 and text(told[0], "phase") != "PENDING"
        while (state := text(job_xml(server, job, WAIT=-1), "phase")) not in ("COMPLETED", "ERROR"):
            assert time.monotonic() - started < 50, state
        assert state == "COMPLETED"
        started = time.monotonic()
        job_xml(server, job, WAIT=30)
        assert time.monotonic() - started < 5, "an ended job does not change"


def wait_is_bounded_and_holds_no_thread(tmp):
    with serving(tmp) as server:
        job = create(server, ONE, run=False)
        started = time.monotonic()
        job_xml(server, job, WAIT=1)
        assert 0.9 < time.monotonic() - started < 10
        started = time.monotonic()
        job_xml(server, job, WAIT=30, PHASE="QUEUED")
        job_xml(server, job, WAIT=0)
        assert server.request("HEAD", job, {"WAIT": 30}).status == 200
        assert time.monotonic() - started < 10, "another phase, no time, or HEAD: at once"
        # Far more than there are handler threads.
        waiting = [server.connect() for _ in range(64)]
        for client in waiting:
            client.sendall(f"GET {job}?WAIT=20 HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        started = time.monotonic()
        assert phase(server, job) == "PENDING" and time.monotonic() - started < 5
        see(post(server, job + "/phase", {"PHASE": "ABORT"}), server, job)
        for client in waiting:
            assert client.recv(12) == b"HTTP/1.1 200"
            client.close()
        assert time.monotonic() - started < 15
        for bad in ("soon", "-2"):
            error(server.get(job, {"WAIT": bad}), "UsageError", f"'{bad}'")
        error(server.get(job, {"WAIT": 1, "PHASE": "RUN"}), "UsageError", "'RUN'")


def lists_and_filters(tmp):
    with serving(tmp, config=LISTED) as server:
        jobs = [create(server, ONE, run=False).rsplit("/", 1)[1] for _ in range(4)]
        see(post(server, f"/async/{jobs[1]}/phase", {"PHASE": "ABORT"}), server, f"/async/{jobs[1]}")
        see(post(server, f"/async/{jobs[2]}/phase", {"PHASE": "RUN"}), server, f"/async/{jobs[2]}")
        assert ended(server, f"/async/{jobs[2]}") == "COMPLETED"
        newest = jobs[::-1]
        assert listed(server) == newest
        assert listed(server, PHASE="ABORTED") == [jobs[1]]
        assert listed(server, PHASE=["ABORTED", "COMPLETED"]) == [jobs[2], jobs[1]], "repeated: any of them"
        assert listed(server, PHASE="ARCHIVED") == listed(server, PHASE="UNKNOWN") == []
        assert listed(server, LAST=2) == newest[:2]
        created = [text(job_xml(server, f"/async/{j}"), "creationTime") for j in jobs]
        assert created == sorted(set(created)), "no two at one instant"
        assert listed(server, AFTER=created[1]) == [jobs[3], jobs[2]], "strictly later"
        assert listed(server, AFTER=created[3]) == []
        assert listed(server, phase="PENDING", last=1) == [jobs[3]]
        assert listed(server, PHASE="PENDING", AFTER=created[0], LAST=5) == [jobs[3]]
        for bad in ({"PHASE": "pending"}, {"LAST": "0"}, {"LAST": "-1"}, {"LAST": "x"}, {"AFTER": "x"}, {"PHASE": ""}):
            error(server.get("/async", bad), "UsageError", f"'{next(iter(bad.values()))}'")
        reference = document(server.get("/async")).find(UWS + "jobref")
        assert path_of(reference.get(XLINK + "href")) == f"/async/{jobs[3]}"
        assert [e.tag.replace(UWS, "") for e in reference] == ["phase", "ownerId", "creationTime"]


def anonymous_jobs_are_in_no_list(tmp):
    with serving(tmp) as server:
        job = create(server, ONE)
        assert ended(server, job) == "COMPLETED" and listed(server) == []
        assert len(job.rsplit("/", 1)[1]) >= 16, "unguessable"


def archived_after_its_destruction(tmp):
    """The record stays, and is in lists only when asked for."""
    with serving(tmp, config=LISTED) as server:
        job = create(server, [*ONE, ("DESTRUCTION", iso(3600))])
        assert ended(server, job) == "COMPLETED"
        see(post(server, job + "/destruction", {"DESTRUCTION": iso(-1)}), server, job)
        wait_until(lambda: phase(server, job) == "ARCHIVED", "its results go", patience=120)
        root = job_xml(server, job)
        assert results(root) == {} and server.get(job + "/results/1").status == 404
        assert listed(server) == [] and listed(server, PHASE="ARCHIVED") == [job.rsplit("/", 1)[1]]
        error(post(server, job + "/phase", {"PHASE": "RUN"}), "UsageError", "ARCHIVED")


def destruction_is_within_the_bound(tmp):
    with serving(tmp, config='[jobs]\nlongest_keep = "2d"\nlongest_execution = "1h"\n') as server:
        job = create(server, [*ONE, ("DESTRUCTION", iso(30 * 86400)), ("EXECUTIONDURATION", "0")], run=False)
        until = calendar.timegm(time.strptime(server.get(job + "/destruction").text[:19], "%Y-%m-%dT%H:%M:%S"))
        assert abs(until - time.time() - 2 * 86400) < 60
        assert server.get(job + "/executionduration").text == "3600"


def an_aborted_job_goes_on(tmp):
    with serving(tmp) as server:
        job = create(server, ONE, run=False)
        see(post(server, job + "/phase", {"PHASE": "ABORT"}), server, job)
        see(post(server, job + "/phase", {"PHASE": "RUN"}), server, job)
        assert ended(server, job) == "COMPLETED"
        error(post(server, job + "/phase", {"PHASE": "RUN"}), "UsageError", "COMPLETED")
        error(post(server, job + "/phase", {"PHASE": "ABORT"}), "UsageError", "COMPLETED")


def results_are_files(tmp):
    with serving(tmp) as server:
        job = create(server, [*ONE, ("CIRCLE", f"{EXAMPLE[0]} {EXAMPLE[1]} 0.003")])
        assert ended(server, job) == "COMPLETED"
        for name in ("1", "products.zip", "products.tar"):
            path = f"{job}/results/{name}"
            whole = server.get(path)
            tag = whole.headers["ETag"]
            assert not tag.startswith("W/") and whole.headers["Content-Disposition"]
            head = server.request("HEAD", path)
            assert head.body == b"" and head.headers["Content-Length"] == str(len(whole.body)) and head.headers["ETag"] == tag
            middle = server.get(path, Range="bytes=1000-1999", If_Range=tag)
            assert middle.status == 206 and middle.body == whole.body[1000:2000]
            assert server.get(path, Range="bytes=-80").body == whole.body[-80:]
            assert server.get(path, If_None_Match=tag).status == 304
        with zipfile.ZipFile(io.BytesIO(server.get(job + "/results/products.zip").body)) as archive:
            assert archive.testzip() is None and len(archive.namelist()) == 2


def a_list_by_upload(tmp):
    with serving(tmp) as server:
        table = positions(5, outside=1)
        for parts in ([("UPLOAD", table, "list.csv")], [("UPLOAD", "mine,param:file"), ("file", table, "list.csv")]):
            headers, body = multipart([("ID", "demo"), ("FILTER", "g"), ("SIZE", "16px"), ("PHASE", "RUN"), *parts])
            job = see(server.request("POST", "/async", body=body, headers=headers), server, r"/async/\w+")
            assert ended(server, job) == "COMPLETED"
            found = results(job_xml(server, job))
            assert [found[str(n)][1] for n in range(1, 7)] == ["application/fits"] * 5 + ["text/plain"]
            with opened(server.get(found["1"][0])) as product:
                assert product[0].data.shape == (16, 16)
            manifest = server.get(job + "/results/manifest.csv").text
            assert "far0" in manifest and "no_coverage" in manifest
        headers, body = multipart([("ID", "demo"), ("UPLOAD", "ra,dec\n1,91\n")])
        error(server.request("POST", "/async", body=body, headers=headers), "UsageError", "91")


def pyvo_drives_a_job(tmp):
    """AsyncTAPJob works on any UWS job."""
    try:
        from pyvo.dal.tap import AsyncTAPJob
    except ImportError:
        raise Skip("python3-pyvo is not installed")
    fits = astropy_fits()
    with serving(tmp) as server:
        job = AsyncTAPJob(server.url + create(server, ONE, run=False))
        assert job.phase == "PENDING" and job.uws_version == "1.1" and job.owner is None
        job.execution_duration = 600
        assert int(job.execution_duration.sec if hasattr(job.execution_duration, "sec") else job.execution_duration) == 600
        job.destruction = "2099-01-01T00:00:00Z"
        assert job.destruction is not None
        job.run().wait(timeout=60)
        assert job.phase == "COMPLETED"
        job.raise_if_error()
        assert job.result.id_ == "1" and job.result_uri.startswith(server.url)
        with fits.open(io.BytesIO(server.get(path_of(job.result_uri)).body)) as product:
            product.verify("exception")
        url = job.url
        job.delete()
        assert server.get(path_of(url)).status == 404


def a_restart_keeps_jobs(tmp):
    with serving(tmp) as server:
        done = create(server, ONE)
        assert ended(server, done) == "COMPLETED"
        pending = create(server, ONE, run=False)
        product = server.get(done + "/results/1").body
    with serving(tmp) as server:
        assert phase(server, done) == "COMPLETED" and server.get(done + "/results/1").body == product
        see(post(server, pending + "/phase", {"PHASE": "RUN"}), server, pending)
        assert ended(server, pending) == "COMPLETED"


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
