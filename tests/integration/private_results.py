"""Results of private surveys: who may fetch them by the time they do, and to whom they are shared."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import json
import re
import sqlite3
import sys
import time
import urllib.parse

from batches import path
from harness import main, run
from identity import bearer, command, refused, sky, token, user
from make import image, index
from serving import serving, wait_until

LIST = b"ra,dec\n10,0\n"
# Of a job, what holds pixels, or tells of images.
FILES = ["/results/1", "/products", "/manifest.csv", "/manifest.json", "/manifest.vot", "/manifest.fits",
         "/products.zip", "/products.tar"]
UWS_FILES = ["/results", "/results/1", "/results/manifest.csv", "/results/products.zip"]


def a_job(server, who, body=LIST, survey="closed", **parameters):
    """Submitted, and ended."""
    answer = server.request("POST", "/api/v1/jobs", {"survey": survey, "size": "8px", **parameters}, body,
                            bearer(who, **{"Content-Type": "text/csv"}))
    assert answer.status == 201, answer.text
    return answer.json if parameters else ended(server, who, answer.json)


def ended(server, who, job, phase="COMPLETED"):
    end = wait_until(lambda: (now := get(server, who, path(job)).json)["phase"] in ("COMPLETED", "ERROR") and now,
                     "the end of the job")
    assert end["phase"] == phase, end
    return end


def get(server, who, where, **headers):
    return server.request("GET", where, headers={**(bearer(who) if who else {}), **headers})


def post(server, who, where, **parameters):
    return server.request("POST", where, parameters, headers=bearer(who) if who else {})


def groups(tmp, name, *options):
    command(tmp, "user", "groups", name, *options)


def an_admin(tmp):
    user(tmp, "boss", "--admin")
    return token(tmp, "boss", "--scopes", "read,submit,admin")


def paused(tmp, server, who):
    """A job that has not begun, and that an admin can let go."""
    job = a_job(server, who, run="false")
    assert post(server, who, path(job) + "/pause").status == 200
    return job


def results_follow_the_right_to_the_survey(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana, boss = user(tmp, "ana", "--groups", "us"), an_admin(tmp)
        job, open_job = a_job(server, ana), a_job(server, ana, survey="open")
        uws = f"/async/{job['id']}"
        every = [path(job) + f for f in FILES] + [uws + f for f in UWS_FILES]
        tags = {where: get(server, ana, where).headers["ETag"] for where in every}
        assert all(get(server, ana, where).status == 200 for where in every)
        groups(tmp, "ana", "--none")
        for where in every:
            refused(get(server, ana, where), 403, "the survey closed", "group us")
            # What is asked for again is asked anew.
            if tags[where]:
                assert get(server, ana, where, **{"If-None-Match": tags[where]}).status == 403, where
                assert get(server, ana, where, Range="bytes=0-9").status == 403, where
            assert server.request("HEAD", where, headers=bearer(ana)).status == 403, where
        # The job is still its owner's, and so are the results of other surveys.
        assert get(server, ana, path(job)).json["ok"] == 1
        document = get(server, ana, uws)
        assert document.status == 200 and "COMPLETED" in document.text and "results/1" not in document.text
        for where in (path(open_job) + f for f in FILES):
            assert get(server, ana, where).status == 200, where
        assert get(server, boss, path(job)).status == 200
        refused(get(server, boss, every[0]), 403, "group us")  # who looks after jobs is in no group for that
        refused(post(server, ana, path(job) + "/rerun"), 403, "group us")
        # A grant on the survey opens it as the group did.
        command(tmp, "grant", "add", "user ana may read on survey closed")
        assert all(get(server, ana, where).status == 200 for where in every)
        command(tmp, "grant", "remove", "user ana may read on survey closed")
        groups(tmp, "ana", "--add", "us")
        assert all(get(server, ana, where).status == 200 for where in every)
        assert "results/1" in get(server, ana, uws).text
        groups(tmp, "ana", "--none")
        assert server.request("DELETE", path(job), headers=bearer(ana)).status == 204


def a_survey_that_is_closed_takes_its_results_along(tmp):
    surveys = sky(tmp)
    with serving(tmp, surveys=surveys) as server:
        bob = user(tmp, "bob")
        job = a_job(server, bob, survey="open")
        answer = server.request("POST", "/api/v1/jobs", {"survey": "open", "size": "8px"}, LIST,
                                {"Content-Type": "text/csv"})
        nobodys = path(answer.json)
        wait_until(lambda: server.get(nobodys).json["phase"] == "COMPLETED", "the end of a job")
        assert get(server, bob, path(job) + "/products.zip").status == server.get(nobodys + "/results/1").status == 200
        toml = surveys / "open.toml"
        was = toml.read_text()
        toml.write_text(was.replace('access_group = ""', 'access_group = "us"'))
        wait_until(lambda: server.get("/api/v1/surveys/open").status == 401, "the rule to be known")
        refused(get(server, bob, path(job) + "/products.zip"), 403, "group us")
        refused(server.get(nobodys + "/results/1"), 401, "sign in")
        toml.write_text("[survey]\nthis is no TOML")
        wait_until(lambda: get(server, bob, path(job) + "/results/1").status == 503, "the survey to be out of order")
        toml.unlink()
        # It was everyone's when they were made, and says no more.
        wait_until(lambda: get(server, bob, path(job) + "/results/1").status == 200, "the survey to be gone")


def images_with_groups_of_their_own(tmp):
    now = 40587 + time.time() / 86400
    image(tmp / "d" / "old_g.fits", ra=10, dec=0, cards={"MJD-OBS": now - 600, "EXPTIME": 30})
    image(tmp / "d" / "young_g.fits", ra=20, dec=0, cards={"MJD-OBS": now - 5, "EXPTIME": 30})
    surveys = index(tmp / "d", "made", tmp)
    toml = surveys / "made.toml"
    toml.write_text(toml.read_text().replace('access_group = ""', 'access_group = "us"\npublic_after = "540d"'))
    with serving(tmp, surveys=surveys) as server:
        ana = user(tmp, "ana", "--groups", "us")
        job = a_job(server, ana, b"id,ra,dec\nold,10,0\nyoung,20,0\n", survey="made")
        assert job["ok"] == 2, job
        groups(tmp, "ana", "--none")
        assert get(server, ana, path(job) + "/results/1").status == 200, "an image that is everyone's"
        refused(get(server, ana, path(job) + "/results/2"), 403, "images of the survey made", "group us")
        for file in ("/products.zip", "/manifest.csv", "/products"):
            refused(get(server, ana, path(job) + file), 403)
        assert get(server, ana, path(job) + "/results/3").status == 404


def a_job_goes_on_with_the_rights_of_its_owner_by_then(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana = user(tmp, "ana", "--groups", "us")
        job = paused(tmp, server, ana)
        groups(tmp, "ana", "--none")
        run("admin", "release", job["id"], "--data", tmp / "data")
        end = ended(server, ana, job)
        assert (end["ok"], end["failed"]) == (0, 1), end
        groups(tmp, "ana", "--add", "us")
        # The owner runs it again, with what they have by now.
        assert post(server, ana, path(job) + "/retry").status == 200
        wait_until(lambda: get(server, ana, path(job)).json["ok"] == 1, "the retry")


def nothing_is_made_for_who_is_disabled(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana, boss = user(tmp, "ana", "--groups", "us"), an_admin(tmp)
        job = paused(tmp, server, ana)
        command(tmp, "user", "disable", "ana")
        run("admin", "release", job["id"], "--data", tmp / "data")
        held = wait_until(lambda: (now := get(server, boss, path(job)).json)["phase"] == "HELD" and now, "the hold")
        assert held["hold"]["by"] == "admin" and "ana is disabled" in held["error"]["detail"], held
        command(tmp, "user", "enable", "ana")
        run("admin", "release", job["id"], "--data", tmp / "data")
        assert ended(server, ana, job)["ok"] == 1


def link_of(answer):
    assert answer.status == 201, (answer.status, answer.text)
    where = urllib.parse.urlsplit(answer.json["url"])
    return where.path + "?" + where.query


def a_link_opens_what_it_says_to_whoever_has_it(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana, bob = user(tmp, "ana", "--groups", "us"), user(tmp, "bob", "--groups", "us")
        job = a_job(server, ana, b"ra,dec\n10,0\n10.0001,0\n")
        make = path(job) + "/link"
        refused(post(server, None, make), 401)
        refused(post(server, bob, make), 403)
        refused(post(server, ana, make, what="everything"), 400, "products.zip", "everything")
        refused(post(server, ana, make, what="results/3"), 404)
        refused(post(server, ana, make, expires="400d"), 400, "[auth] links")
        one = link_of(post(server, ana, make, what="results/1", expires="1h"))
        everything = link_of(post(server, ana, make))
        answer = server.get(one)
        assert answer.status == 200 and answer.body == get(server, ana, path(job) + "/results/1").body
        assert answer.headers["Cache-Control"] == "private, no-cache" and answer.headers["Referrer-Policy"] == "no-referrer"
        assert server.request("HEAD", one).status == 200
        assert server.request("GET", one, headers={"Range": "bytes=0-5"}).body == b"SIMPLE"
        assert server.request("POST", one).status == 405 == server.request("DELETE", one).status
        # Nothing else: another product, another file, another job, longer, or signed by nobody.
        other = a_job(server, ana)
        query = one.split("?")[1]
        signature = re.search("signature=([0-9a-f]{64})$", query).group(1)
        expires = int(re.search("expires=([0-9]+)", query).group(1))
        shared = f"/api/v1/shared/{job['id']}/"
        bad = [shared + "results/2?" + query, shared + "products.zip?" + query, shared + "products?" + query,
               one.replace(job["id"], other["id"]), one.replace(job["id"], "0" * 32),
               one.replace(str(expires), str(expires + 1)), one.replace(signature, signature[::-1]),
               one.split("?")[0], one.replace(signature, ""), shared + "results/1?expires=x&signature=y"]
        for where in bad:
            refused(server.get(where), 403, "this link is not good")
        page = server.get(everything)
        assert page.status == 200 and page.json["total"] == 2
        for row in page.json["products"]:
            where = urllib.parse.urlsplit(row["url"])
            assert server.get(where.path + "?" + where.query).body.startswith(b"SIMPLE")
        paged = server.get(everything + "&limit=1").json["next"].removeprefix(server.url)
        assert [r["number"] for r in server.get(paged).json["products"]] == [2]
        for file in ("products.zip", "products.tar", "manifest.csv", "manifest.fits"):
            assert server.get(shared + file + "?" + everything.split("?")[1]).status == 200, file
        assert server.get(path(job) + "/results/1?" + query).status in (401, 403)
        # Until it is over,
        short = link_of(post(server, ana, make, what="manifest.csv", expires="1s"))
        wait_until(lambda: server.get(short).status == 403, "the end of a link")
        refused(server.get(short), 403, "good until")
        # its owner may not have them any more,
        groups(tmp, "ana", "--none")
        for where in (one, everything):
            refused(server.get(where), 403, "may not have them any more")
        refused(post(server, ana, make), 403, "group us")
        groups(tmp, "ana", "--add", "us")
        assert server.get(one).status == 200
        command(tmp, "user", "disable", "ana")
        refused(server.get(one), 403)
        command(tmp, "user", "enable", "ana")
        # or ends all of them.
        assert server.request("DELETE", make, headers=bearer(bob)).status == 403
        assert server.request("DELETE", make, headers=bearer(ana)).status == 204
        for where in (one, everything):
            refused(server.get(where), 403, "this link is not good")
        assert server.get(link_of(post(server, ana, make, what="results/1"))).status == 200
        assert server.request("DELETE", path(job), headers=bearer(ana)).status == 204

    def trail(act):
        return json.loads(command(tmp, "audit", "--act", act, "--json").stdout)
    made = trail("share")
    assert {e["outcome"] for e in made} >= {"ok"} and {e["object"] for e in made} == {job["id"]}
    assert any("results/1" in e["detail"] for e in made if e["user"] == "ana")
    used = trail("shared")
    assert used and {e["user"] for e in used} == {"anonymous"} and {e["object"] for e in used} == {job["id"]}
    kept = (tmp / "server.log").read_text() + command(tmp, "audit", "--json").stdout.decode()
    file = tmp / "data" / "recorte.sqlite"
    if file.exists():  # the suite may run on PostgreSQL
        with contextlib.closing(sqlite3.connect(file)) as database:
            kept += "\n".join(target for target, in database.execute("select target from request"))
    assert "/shared/" in kept and signature not in kept, [l for l in kept.splitlines() if signature in l]


def links_are_where_survey_and_service_allow_them(tmp):
    surveys = sky(tmp, "\n[access]\nshare = false\n")
    with serving(tmp, surveys=surveys) as server:
        ana = user(tmp, "ana", "--groups", "us")
        closed, open_job = a_job(server, ana), a_job(server, ana, survey="open")
        refused(post(server, ana, path(closed) + "/link"), 403, "the survey closed", "not shared")
        good = link_of(post(server, ana, path(open_job) + "/link", what="results/1"))
        assert server.get(good).status == 200
        toml = surveys / "open.toml"
        toml.write_text(toml.read_text() + "\n[access]\nshare = false\n")
        wait_until(lambda: server.get(good).status == 403, "the rule to be known")
        toml.write_text(toml.read_text().replace("share = false", "share = true"))
        wait_until(lambda: server.get(good).status == 200, "the rule to be known")
    with serving(tmp, surveys=surveys, config="[anonymous]\ncutouts = false\n") as server:
        assert server.get(good).status == 200, "whoever has a link needs no account"
    with serving(tmp, surveys=surveys, config='[auth]\nlinks = "0s"\n') as server:
        refused(post(server, ana, path(open_job) + "/link"), 403, "[auth] links")
        refused(server.get(good), 403, "not good")


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
