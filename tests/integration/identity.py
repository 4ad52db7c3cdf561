"""Who asks: users, tokens, groups and grants, and what each of them may see."""
# SPDX-License-Identifier: BSD-3-Clause
import base64
import io
import json
import subprocess
import sys

from batches import a_list, path, submit
from harness import Skip, astropy_fits, main, run, says
from make import image, index
from postgres import postgres
from serving import serving, wait_until

AT = ("CIRCLE", "10 0 0.001")


def sky(tmp, extra=""):
    """An open survey, and a closed one of the group `us`; the directory of their files."""
    image(tmp / "open" / "a_g.fits", ra=10, dec=0)
    image(tmp / "closed" / "b_g.fits", ra=10, dec=0)
    surveys = index(tmp / "open", "open", tmp)
    index(tmp / "closed", "closed", tmp)
    toml = surveys / "closed.toml"
    toml.write_text(toml.read_text().replace('access_group = ""', 'access_group = "us"') + extra)
    return surveys


def command(tmp, *words, status=0):
    return run(*words, "--data", tmp / "data", status=status)


def user(tmp, name, *options):
    """A new user's token."""
    command(tmp, "user", "add", name, *options)
    return token(tmp, name)


def token(tmp, name, *options):
    return command(tmp, "token", "create", "--user", name, *options).stdout.decode().split()[-1]


def bearer(text, **more):
    return {"Authorization": "Bearer " + text, **more}


def basic(name, password=None):
    """HTTP Basic; the password of `ann` is "ann's password" unless another is given."""
    pair = f"{name}:{name + chr(39) + 's password' if password is None else password}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def closed(server, headers=None, method="GET", survey="closed"):
    return server.request(method, "/sync", [("ID", survey), AT], headers=headers or {})


def refused(answer, status, *parts):
    assert answer.status == status, (answer.status, answer.body[:500])
    for part in parts:
        assert part in answer.text, answer.text
    return answer


def a_token_opens_a_private_survey_to_its_group_alone(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana, bob = user(tmp, "ana", "--groups", "us,others"), user(tmp, "bob")
        answer = refused(closed(server), 401, "AuthenticationError", "sign in")
        assert any("Bearer" in value for value in answer.headers.get_all("WWW-Authenticate")), answer.headers
        refused(closed(server, bearer(bob)), 403, "AuthorizationError", "group us", "you are in no group")
        answer = closed(server, bearer(ana))
        assert answer.status == 200 and answer.body.startswith(b"SIMPLE"), answer.status
        assert answer.headers["X-VO-Authenticated"] == "ana"
        assert "private" in answer.headers["Cache-Control"] and "Authorization" in answer.headers["Vary"]
        assert closed(server, survey="open").status == 200
        assert "private" not in closed(server, survey="open").headers["Cache-Control"]

        def seen(headers=None):
            return [s["id"] for s in server.request("GET", "/api/v1/surveys", headers=headers or {}).json["surveys"]]
        assert seen() == ["open"] == seen(bearer(bob)) and seen(bearer(ana)) == ["closed", "open"]
        assert server.get("/api/v1/surveys/closed").status == 401
        assert server.request("GET", "/api/v1/surveys/closed", headers=bearer(bob)).status == 403
        assert server.request("GET", "/api/v1/surveys/closed", headers=bearer(ana)).status == 200
        for route in ("/api/v1/cutout", "/api/v1/images"):
            where = {"survey": "closed", "ra": 10, "dec": 0, **({"size": "8px"} if "cutout" in route else {})}
            assert server.get(route, where).status == 401
            assert server.request("GET", route, where, headers=bearer(bob)).status == 403
            assert server.request("GET", route, where, headers=bearer(ana)).status == 200


def a_copy_that_somebody_kept_is_no_key(tmp):
    """A tag says that one has had an answer, and nothing of who one is."""
    with serving(tmp, surveys=sky(tmp)) as server:
        ana, bob = user(tmp, "ana", "--groups", "us"), user(tmp, "bob")
        tag = closed(server, bearer(ana)).headers["ETag"]
        known = {"If-None-Match": tag}
        assert closed(server, bearer(ana, **known)).status == 304
        assert "private" in closed(server, bearer(ana, **known)).headers["Cache-Control"]
        assert closed(server, bearer(bob, **known)).status == 403
        for headers in (known, {"If-None-Match": "*"}, {"Range": "bytes=0-9", "If-Range": tag}):
            refused(closed(server, headers), 401)
        listed = {name: server.request("GET", "/api/v1/surveys", headers=headers)
                  for name, headers in {"ana": bearer(ana), "bob": bearer(bob), "": {}}.items()}
        assert all("Cookie" in answer.headers["Vary"] for answer in listed.values())
        assert listed["ana"].headers["ETag"] is None or listed["ana"].headers["ETag"] != listed[""].headers["ETag"]


def a_credential_that_is_no_good_is_refused_at_once(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana = user(tmp, "ana", "--groups", "us")
        assert closed(server, bearer(ana)).status == 200
        never = ana[:-1] + ("A" if ana[-1] != "A" else "B")
        whole = {never: "was never given out", "x": "no token of ours", ana + "x": "too long"}
        for text in whole:
            # Also where anybody may come in: a script is to notice.
            answer = refused(closed(server, bearer(text), survey="open"), 401, "AuthenticationError")
            assert text not in answer.text
            assert 'error="invalid_token"' in ", ".join(answer.headers.get_all("WWW-Authenticate"))
        ids = command(tmp, "token", "list").stdout.decode().splitlines()
        assert len(ids) == 2 and ana not in "\n".join(ids)
        command(tmp, "token", "revoke", ids[1].split()[0])
        refused(closed(server, bearer(ana), survey="open"), 401)
        again = token(tmp, "ana")
        assert closed(server, bearer(again)).status == 200
        command(tmp, "user", "disable", "ana")
        assert closed(server, bearer(again), survey="open").status in (401, 403)
        command(tmp, "user", "enable", "ana")
        assert closed(server, bearer(again)).status == 200
        command(tmp, "user", "groups", "ana", "--none")
        refused(closed(server, bearer(again)), 403, "group us")
        short = token(tmp, "ana", "--expires", "1s")
        wait_until(lambda: closed(server, bearer(short), survey="open").status == 401, "the end of a token")
        command(tmp, "user", "remove", "ana")
        refused(closed(server, bearer(again), survey="open"), 401)
        for headers in ({"Authorization": "Basic YTpi"}, {"Authorization": "Digest x"}):
            refused(closed(server, headers, survey="open"), 401)
        refused(server.request("GET", "/sync", [("ID", "open"), AT, ("access_token", ana)]), 400, "access_token")
        log = (tmp / "server.log").read_text() + command(tmp, "audit", "--json").stdout.decode()
        for secret in (ana, again, never):
            assert secret not in log, [l for l in log.splitlines() if secret in l]


def who_guesses_waits_and_nobody_else(tmp):
    with serving(tmp, surveys=sky(tmp), config='[auth]\ntries_per_address = 3\ntry_again = "1h"\n') as server:
        ana = user(tmp, "ana", "--groups", "us")
        for i in range(3):
            refused(closed(server, bearer(f"guess{i}"), survey="open"), 401)
        answer = refused(closed(server, bearer("guess3"), survey="open"), 429, "wrong")
        assert 3000 < int(answer.headers["Retry-After"]) <= 3600, answer.headers
        assert answer.headers["WWW-Authenticate"] is None, "another token would be no help"
        assert refused(server.request("GET", "/api/v1/jobs", headers=bearer("guess4")), 429).json["code"] == "rate_limited"
        # Others behind the same address get in all the same.
        assert closed(server, bearer(ana)).status == 200 == closed(server, survey="open").status
        refused(closed(server, bearer("guess5"), survey="open"), 429)


def a_hidden_survey_is_as_none(tmp):
    with serving(tmp, surveys=sky(tmp, "\n[access]\nhidden = true\n")) as server:
        ana, bob = user(tmp, "ana", "--groups", "us"), user(tmp, "bob")
        assert closed(server, bearer(ana)).status == 200
        for headers in ({}, bearer(bob)):
            for survey in ("closed", "closed_1", "closed/b_g"):
                hidden = refused(closed(server, headers, survey=survey), 404)
                other = refused(closed(server, headers, survey=survey.replace("closed", "clothed")), 404)
                assert hidden.text == other.text.replace("clothed", "closed"), (hidden.text, other.text)
            hidden = server.request("GET", "/api/v1/surveys/closed", headers=headers)
            other = server.request("GET", "/api/v1/surveys/clothed", headers=headers)
            assert hidden.status == other.status == 404
            assert hidden.json["detail"] == other.json["detail"].replace("clothed", "closed")


def a_grant_opens_a_survey_to_one_user(tmp):
    with serving(tmp, surveys=sky(tmp), config='[auth]\ngrants = ["user eve may read on survey closed"]\n') as server:
        bob, eve = user(tmp, "bob"), user(tmp, "eve")
        assert closed(server, bearer(eve)).status == 200
        refused(closed(server, bearer(bob)), 403)
        command(tmp, "grant", "add", "user bob may read on survey closed")
        assert closed(server, bearer(bob)).status == 200
        command(tmp, "grant", "remove", "user bob may read on survey closed")
        refused(closed(server, bearer(bob)), 403)
        command(tmp, "grant", "add", "anyone may read on survey closed")
        wait_until(lambda: closed(server).status == 200, "the grant to be known")
        says(command(tmp, "grant", "add", "anyone may admin on service", status=2), "an admin is a user")
        says(command(tmp, "grant", "add", "bob may read", status=2), "'bob'", "subject")


def a_token_may_do_less_than_its_user(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        user(tmp, "ana", "--groups", "us")
        reader = token(tmp, "ana", "--scopes", "read")
        narrow = token(tmp, "ana", "--scopes", "read,submit,survey:open")
        assert closed(server, bearer(reader)).status == 200
        where = {"survey": "open", "size": "8px"}
        body, kind = b"ra,dec\n10,0\n", {"Content-Type": "text/csv"}
        refused(server.request("POST", "/api/v1/jobs", where, body, bearer(reader, **kind)), 403, "submit")
        assert server.request("POST", "/api/v1/jobs", where, body, bearer(narrow, **kind)).status == 201
        refused(closed(server, bearer(narrow)), 403, "open")
        where["survey"] = "closed"
        refused(server.request("POST", "/api/v1/jobs", where, body, bearer(narrow, **kind)), 403)
        says(command(tmp, "token", "create", "--user", "ana", "--scopes", "everything", status=2), "everything")
        says(command(tmp, "token", "create", "--user", "nobody", status=3), "nobody")


def jobs_are_their_owners(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana, bob = user(tmp, "ana", "--groups", "us"), user(tmp, "bob", "--groups", "us")
        where = {"survey": "closed", "size": "8px"}
        kind = {"Content-Type": "text/csv"}
        body = b"ra,dec\n10,0\n"
        refused(server.request("POST", "/api/v1/jobs", where, body, kind), 401, "sign in")
        answer = server.request("POST", "/api/v1/jobs", where, body, bearer(ana, **kind))
        assert answer.status == 201 and answer.json["owner"] == "ana", answer.text
        job = answer.json

        def get(headers, more=""):
            return server.request("GET", path(job) + more, headers=headers)
        wait_until(lambda: get(bearer(ana)).json["phase"] == "COMPLETED", "the end of the job")
        product = get(bearer(ana), "/results/1")
        assert product.status == 200 and product.body.startswith(b"SIMPLE")
        for headers, status in (({}, (401, 403)), (bearer(bob), (403,))):
            for more in ("", "/results/1", "/products.zip", "/manifest.csv", "/products"):
                assert get(headers, more).status in status, (more, get(headers, more).status)
            assert server.request("GET", f"/async/{job['id']}", headers=headers).status in status
            assert server.request("DELETE", path(job), headers=headers).status in status
        assert [j["id"] for j in server.request("GET", "/api/v1/jobs", headers=bearer(ana)).json["jobs"]] == [job["id"]]
        assert server.request("GET", "/api/v1/jobs", headers=bearer(bob)).json["jobs"] == []
        assert server.request("DELETE", path(job), headers=bearer(ana)).status == 204


def a_service_acts_for_those_it_was_granted(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        user(tmp, "ana", "--groups", "us")
        user(tmp, "bob")
        portal = user(tmp, "portal", "--service")

        def acting(who, **more):
            return bearer(portal, **{"X-Recorte-On-Behalf-Of": who}, **more)
        refused(closed(server, acting("ana"), survey="open"), 403, "portal", "may not act")
        unknown = refused(closed(server, acting("nobody"), survey="open"), 403)
        command(tmp, "grant", "add", "service portal may act on user ana")
        answer = closed(server, acting("ana"), survey="open")
        assert answer.status == 200 and answer.headers["X-VO-Authenticated"] == "ana"
        # What the user may, the service must have been granted, too.
        refused(closed(server, acting("ana")), 403)
        command(tmp, "grant", "add", "service portal may read on survey closed")
        assert closed(server, acting("ana")).status == 200
        assert refused(closed(server, acting("bob"), survey="open"), 403).text == unknown.text.replace("nobody", "bob")
        kind = {"Content-Type": "text/csv"}
        answer = server.request("POST", "/api/v1/jobs", {"survey": "open", "size": "8px"}, b"ra,dec\n10,0\n",
                                acting("ana", **kind))
        assert answer.status == 201 and answer.json["owner"] == "ana", answer.text
        refused(closed(server, bearer(token(tmp, "bob"), **{"X-Recorte-On-Behalf-Of": "ana"}), survey="open"), 403)

        def submitted():
            return json.loads(command(tmp, "audit", "--act", "submit", "--json").stdout)
        wait_until(submitted, "the submission in the audit trail")
        assert [(e["user"], e["service"], e["outcome"]) for e in submitted()] == [("ana", "portal", "ok")]


def the_audit_trail_tells_who_did_what(tmp):
    with serving(tmp, surveys=sky(tmp)) as server:
        ana, bob = user(tmp, "ana", "--groups", "us"), user(tmp, "bob")
        answer = closed(server, bearer(ana))
        closed(server, bearer(bob))
        closed(server)

    def trail(*filters):
        return json.loads(command(tmp, "audit", *filters, "--json").stdout)
    cutout, = trail("--act", "cutout")
    assert (cutout["user"], cutout["object"], cutout["outcome"]) == ("ana", "closed", "ok"), cutout
    assert cutout["request_id"] == answer.headers["X-Request-Id"] and cutout["address"] == "127.0.0.1"
    assert cutout["method"] == "token" and cutout["credential"]
    assert {(e["user"], e["outcome"]) for e in trail("--act", "refusal")} == {("bob", "forbidden"),
                                                                           ("anonymous", "unauthenticated")}
    assert len(trail("--act", "token")) == 2 == len(trail("--act", "admin"))
    assert all(e["user"].startswith("unix:") for e in trail("--act", "token"))
    text = command(tmp, "audit", "--user", "ana").stdout.decode()
    assert "cutout" in text and "closed" in text and "bob" not in text


def anonymous_users_may_be_turned_away(tmp):
    with serving(tmp, surveys=sky(tmp), config="[anonymous]\ncutouts = false\n") as server:
        ana = user(tmp, "ana")
        for route in ("/sync", "/api/v1/surveys", "/api/v1/jobs", "/async"):
            refused(server.get(route), 401)
        for route in ("/healthz", "/readyz", "/capabilities", "/availability", "/metrics"):
            assert server.get(route).status == 200, route
        assert closed(server, bearer(ana), survey="open").status == 200


def pyvo_and_curl_bring_a_token(tmp):
    try:
        import pyvo.dal.adhoc
        import requests
    except ImportError:
        raise Skip("python3-pyvo is not installed")
    from astropy import units as u
    fits = astropy_fits()
    with serving(tmp, surveys=sky(tmp)) as server:
        ana = user(tmp, "ana", "--groups", "us")
        session = requests.Session()
        session.headers["Authorization"] = "Bearer " + ana
        query = pyvo.dal.adhoc.SodaQuery(server.url + "/sync", circle=(10 * u.deg, 0 * u.deg, 0.001 * u.deg),
                                         session=session)
        query["ID"] = "closed"
        with fits.open(io.BytesIO(query.execute_raw())) as product:
            product.verify("exception")
            assert product[0].header["RCSURVEY"] == "closed"
        done = subprocess.run(["curl", "-sS", "-H", "Authorization: Bearer " + ana, "-o", tmp / "c.fits", "-w",
                               "%{http_code}", server.url + "/sync?ID=closed&CIRCLE=10+0+0.001"],
                              capture_output=True, check=True)
        assert done.stdout == b"200" and (tmp / "c.fits").read_bytes() == closed(server, bearer(ana)).body


def users_are_in_the_database_of_the_configuration(tmp):
    with postgres() as database:
        (tmp / "key").write_text("k" * 40)
        config = f'[database]\nurl = "{database.database()}"\n[auth]\nsecret = {{ file = "{tmp}/key" }}\n'
        (tmp / "users.toml").write_text(config)
        run("db", "migrate", "--config", tmp / "users.toml")
        with serving(tmp, surveys=sky(tmp), config=config) as server:
            run("user", "add", "ana", "--groups", "us", "--config", tmp / "users.toml")
            ana = run("token", "create", "--user", "ana", "--config", tmp / "users.toml").stdout.decode().split()[-1]
            assert closed(server, bearer(ana)).status == 200
            refused(closed(server), 401)
            assert not (tmp / "data" / "auth.key").exists()


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
