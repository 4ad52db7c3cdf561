"""Estimates of time and bytes, and what is too long or too large to wait for."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import datetime
import io
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from api import problem
from harness import EXAMPLE, main, run, says
from jobbing import FORM, UWS, ended, multipart, path_of, positions, results
from jobs_api import CSV, JSON, conforms, submit
from serving import serving, wait_until

KIND = "demo auto fits"


def instant(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def job_of(server, job):
    return server.get(path_of(job["url"])).json


def done(server, job):
    return wait_until(lambda: (j := job_of(server, job))["phase"] == "COMPLETED" and j, "the job is completed")


def refusal(answer, status, code):
    problem(answer, status, code)
    return answer.json


def foretold(server, body, headers=JSON, **query):
    answer = server.request("POST", "/api/v1/estimate", query, body if isinstance(body, bytes) else body.encode(), headers)
    assert answer.status == 200, (answer.status, answer.text)
    conforms(server, answer.json, "Estimate")
    said = answer.json
    assert 0 < said["seconds"]["low"] <= said["seconds"]["middle"] <= said["seconds"]["high"], said
    assert 0 < said["bytes"]["low"] <= said["bytes"]["middle"] <= said["bytes"]["high"], said
    return said


def what_a_job_would_take_is_said_beforehand(tmp):
    with serving(tmp) as server:
        asked = {"survey": "demo", "size": "64px", "bands": "g"}
        many = foretold(server, json.dumps({**asked, "positions": 1000}))
        assert (many["positions"], many["products"], many["basis"], many["runs"]) == (1000, 1000, "prior", 0), many
        assert many["queue"]["jobs_ahead"] == 0 and many["limits"] == [], many
        rows = list(csv.DictReader(io.StringIO(positions(20))))
        array = [{"ra": float(r["ra"]), "dec": float(r["dec"])} for r in rows]
        few = foretold(server, json.dumps({**asked, "positions": array}))
        assert few["products"] == 20 and few["bytes"]["middle"] * 40 < many["bytes"]["middle"], few
        assert foretold(server, positions(20), CSV, **asked)["bytes"] == few["bytes"]
        headers, body = multipart([*asked.items(), ("UPLOAD", positions(20), "p.csv")])
        assert foretold(server, body, headers)["products"] == 20
        form = foretold(server, "survey=demo&size=64px&bands=g&positions=1000&format=png&format=fits", FORM)
        assert form["products"] == 2000, form
        one = foretold(server, "survey=demo&circle=0.055+10.005+0.004", FORM)
        assert (one["positions"], one["products"]) == (1, 1), one
        over = foretold(server, json.dumps({**asked, "positions": 200_000}))
        assert any("jobs.positions" in limit for limit in over["limits"]), over
        # Nothing is kept of it.
        assert not list((tmp / "data" / "jobs").glob("estimate-*"))
        assert server.get("/api/v1/jobs").json["jobs"] == []


def what_cannot_be_estimated_is_refused(tmp):
    with serving(tmp) as server:
        def refused(body, sentence, headers=FORM, status=400, code="usage"):
            answer = server.request("POST", "/api/v1/estimate", body=body, headers=headers)
            says_so = refusal(answer, status, code)
            assert sentence in says_so["detail"], says_so
        refused("survey=demo&size=64px&positions=many", "positions 'many' is neither")
        refused("survey=demo&size=64px&positions=0", "positions '0' is neither")
        refused("survey=demo&positions=10", "size")
        refused("survey=demo&size=64px", "ra")
        refused('{"survey": "demo", "size": "64px", "positions": {"ra": 1}}', "neither a number", JSON)
        headers, body = multipart([("survey", "demo"), ("size", "64px"), ("positions", "5"), ("UPLOAD", positions(2), "p.csv")])
        refused(body, "as a number and as a list", headers, code="multi_valued")
        refused("id,ra,dec\na,1,95\n", "the list cannot be used", CSV)


def a_job_is_foretold_and_teaches(tmp):
    with serving(tmp) as server:
        first = submit(server, positions(40, outside=5))
        assert first["estimate"]["seconds"]["low"] > 0 and first["estimate"]["bytes"] > 0, first
        quote = instant(first["quote"])
        assert quote > instant(first["created"]), first
        uws = ElementTree.fromstring(server.get(path_of(first["uws_url"])).body)
        ended_job = done(server, first)
        assert uws.find(UWS + "quote").text, "its quote"
        assert ended_job["estimate"] == first["estimate"], "what was said stays"
        asked = json.dumps({"survey": "demo", "size": "16px", "bands": "g", "positions": 40})
        learnt = wait_until(lambda: (s := foretold(server, asked))["basis"] == "runs of this kind" and s, "the run is learnt")
        assert learnt["runs"] == 1, learnt
        for _ in range(3):
            done(server, submit(server, positions(40)))
        wait_until(lambda: foretold(server, asked)["runs"] == 4, "all are learnt")
        said = foretold(server, asked)
        assert abs(said["bytes"]["middle"] / ended_job["bytes"] - 1) < 0.1, (said, ended_job["bytes"])
        # One that is held does not say how long it takes.
        idle = submit(server, positions(40), run="false")
        assert idle["phase"] == "PENDING" and idle["estimate"], idle
        begun = server.request("POST", path_of(idle["url"]) + "/run").json
        assert instant(begun["quote"]) > instant(idle["created"]), begun
        done(server, idle)
    printed = run("stats", "estimates", "--data", tmp / "data").stdout.decode()
    row = next(line for line in printed.splitlines() if line.startswith(KIND))
    assert row[len(KIND):].split()[:2] == ["batch", "5"], printed
    # The history is there when it starts again.
    with serving(tmp) as server:
        assert foretold(server, asked)["runs"] == 5


def a_job_without_a_list_is_foretold(tmp):
    with serving(tmp) as server:
        form = "ID=demo&CIRCLE=0.055+10.005+0.004&CIRCLE=0.056+10.005+0.004&FILTER=g&PHASE=RUN"
        answer = server.request("POST", "/async", body=form, headers=FORM)
        job = path_of(answer.headers["Location"])
        assert ended(server, job) == "COMPLETED"
        seen = server.get(job.replace("/async/", "/api/v1/jobs/")).json
        assert seen["products"] == 2 and seen["estimate"]["seconds"]["middle"] > 0, seen


def pasted(tmp, command):
    out = subprocess.run(["sh", "-c", command], capture_output=True, text=True, cwd=tmp, timeout=60)
    assert out.returncode == 0, (command, out.stderr)
    return out.stdout


def command_in(text):
    return text[text.index("curl "):].strip()


def what_is_too_large_to_wait_for_is_a_job(tmp):
    with serving(tmp, config='[sync]\nmax_bytes = "512KiB"\n') as server:
        assert server.cutout(size="64px", bands="g").status == 200
        refused = refusal(server.cutout(size="600px", format="png", caption="it's + 1 & more"), 413, "too_large")
        assert "sync.max_bytes" in refused["detail"] and "may have 512KiB" in refused["detail"], refused
        job = json.loads(pasted(tmp, command_in(refused["detail"])))
        assert {"name": "caption", "value": "it's + 1 & more"} in job["parameters"], job
        done(server, job)
        product = server.get(path_of(job["url"]) + "/results/1")
        assert product.status == 200 and product.body.startswith(b"\x89PNG"), product.status

        soda = server.sync(ID="demo", CIRCLE=f"{EXAMPLE[0]} {EXAMPLE[1]} 0.03", FILTER="g")
        assert soda.status == 413 and soda.text.startswith("UsageError: this cutout would have about"), soda.text
        root = ElementTree.fromstring(pasted(tmp, command_in(soda.text)))
        job = root.find(UWS + "jobId").text
        assert ended(server, f"/async/{job}") == "COMPLETED"
        names = results(ElementTree.fromstring(server.get(f"/async/{job}").body))
        product = server.get(f"/async/{job}/results/1")
        assert product.status == 200 and product.body.startswith(b"SIMPLE"), names


def what_takes_too_long_to_wait_for_is_a_job(tmp):
    with serving(tmp, config='[sync]\nmax_seconds = "0.001s"\n') as server:
        refused = refusal(server.cutout(), 413, "too_large")
        assert "sync.max_seconds" in refused["detail"] and "would take about" in refused["detail"], refused
        done(server, json.loads(pasted(tmp, command_in(refused["detail"]))))


def nothing_is_said_of_what_there_is_not(tmp):
    says(run("stats", "estimates", "--data", tmp / "none", status=3), "there is no database")
    with serving(tmp):
        pass
    assert "has no runs yet" in run("stats", "estimates", "--data", tmp / "data").stdout.decode()
    says(run("stats", status=2), "subcommand")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
