"""Every route of a running server × every kind of caller, and the page that says who may do what.

What is expected comes from the server: GET /api/v1/admin/routes, which is computed from its routes by the rules that
decide about requests. What is asked comes from CALLS below: a new route needs one line there, and the page
docs/reference/access.md its rows, which are written to a file where they differ."""
# SPDX-License-Identifier: BSD-3-Clause
import http.client
import itertools
import json
import re
import socket
import sys
import urllib.parse

from harness import SOURCE, main, run
from identity import AT, bearer, sky, token, user
from serving import Answer, serving, wait_until

PAGE = SOURCE / "docs" / "reference" / "access.md"
BEGIN, END = "<!-- Of the running server: tests/integration/access_matrix.py -->\n", "<!-- End of what is of the server -->\n"
SURVEYS = {"an open survey": "open", "a closed survey": "closed"}
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
LIST = "ra,dec\n10,0\n"
CONFIG = """
[server]
cors_origins = ["*"]
[server.limits]
requests_per_second = 0
[jobs]
active = 100000
[anonymous]
active = 100000
[auth]
tries_per_address = 0
grants = ["user user may read on survey closed", "service service may act on user user",
          "service service may read on survey closed", "user admin may admin on service"]
"""


class Local(http.client.HTTPConnection):
    """To the operator's socket."""

    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


class World:
    """The server, who comes to it, and what they ask for. `of`: the thing that a call is about."""

    def __init__(self, tmp, server):
        self.tmp, self.server, self.names = tmp, server, map("n{}".format, itertools.count())
        user(tmp, "member", "--groups", "us")
        texts = {name: user(tmp, name) for name in ("user", "other")}
        texts["service"] = user(tmp, "service", "--service")
        texts["member"] = token(tmp, "member")
        user(tmp, "admin")
        texts["admin"] = token(tmp, "admin", "--scopes", "read,submit,admin")
        texts["revoked"] = token(tmp, "user", "--name", "revoked")
        revoked, = [t["id"] for t in self.operator("GET", "tokens")["tokens"] if t["name"] == "revoked"]
        self.operator("DELETE", "tokens/" + revoked)
        self.headers = {name: bearer(text) for name, text in texts.items()}
        self.headers["service"]["X-Recorte-On-Behalf-Of"] = "user"
        self.headers["anonymous"] = {}
        self.finished = {of: self.run(of) for of in ("an anonymous job", "the user's job")}
        for of, job in self.finished.items():
            wait_until(lambda: self.job(of, job)["phase"] == "COMPLETED", "the end of " + of)
        self.link = self.a_link()
        self.drain()

    def a_link(self):
        """To all of the user's job: `expires` and `signature`."""
        job = self.finished["the user's job"]
        answer = self.server.request("POST", f"/api/v1/jobs/{job}/link", headers=self.headers["user"])
        assert answer.status == 201, answer.text
        return dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(answer.json["url"]).query))

    def operator(self, method, path, body=None):
        connection = Local(self.tmp / "data" / "admin.sock")
        connection.request(method, "/api/v1/admin/" + path, body and json.dumps(body))
        answer = connection.getresponse()
        answer = Answer(answer, answer.read())
        connection.close()
        assert answer.status < 300, (path, answer.text)
        return answer.json if answer.body else None

    def drain(self):
        """What is accepted waits, so that its phase is known."""
        self.operator("POST", "drain")

    def owner(self, of):
        return self.headers["anonymous" if of == "an anonymous job" else "user"]

    def job(self, of, job):
        return self.server.request("GET", "/api/v1/jobs/" + job, headers=self.owner(of)).json

    def make(self, of, run):
        answer = self.server.request("POST", "/api/v1/jobs", {"survey": "open", "size": "8px", "run": run}, LIST,
                                     {**self.owner(of), "Content-Type": "text/csv"})
        assert answer.status == 201, answer.text
        return answer.json["id"]

    # What a call may be about. Each call gets one of its own.
    def survey(self, of):
        return SURVEYS[of]

    def done(self, of):
        return self.finished[of]

    def run(self, of):
        return self.make(of, "true")

    def pending(self, of):
        return self.make(of, "false")

    def soda(self, of):
        answer = self.server.request("POST", "/async", None, "ID=open&CIRCLE=10+0+0.001",
                                     {**self.owner(of), "Content-Type": FORM})
        return answer.headers["Location"].split("/")[-1]

    def held(self, of):
        job = self.run(of)
        self.operator("POST", f"jobs/{job}/hold")
        return job

    def ended(self, of):
        job = self.run(of)
        self.operator("POST", f"jobs/{job}/cancel")
        return job

    def account(self, of):
        name = next(self.names)
        self.operator("POST", "users", {"name": name})
        return name

    def a_token(self, of):
        return self.operator("POST", "tokens", {"user": "user", "name": next(self.names)})["id"]

    def a_grant(self, of):
        grant = f"user {next(self.names)} may read on survey open"
        self.operator("POST", "grants", {"grant": grant})
        return grant

    def shared(self, of):
        return self.finished["the user's job"]

    def expires(self, of):
        return self.link["expires"]

    def signature(self, of):
        return self.link["signature"] if of == "a link" else "0" * 64

    def open(self, of):
        return "open"

    def first(self, of):
        return "1"

    def plugin(self, of):
        return "des"

    def new_name(self, of):
        return next(self.names)


class Call:
    """A request that answers below 400, or as `ok` says, to whoever may. `things`: what stands for {NAME} in its path,
    query and body, by the name of the World's function that makes it. `first`, `then`: what the operator does before, and sets
    right afterwards, where somebody may."""

    def __init__(self, query="", body=None, kind=JSON, ok=None, first=None, then=None, **things):
        self.query, self.body, self.kind, self.ok, self.first, self.then = query, body, kind, ok, first, then
        self.things = things

    def fill(self, text, values):
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    def send(self, world, method, path, of, headers):
        values = {name: getattr(world, make)(of) for name, make in self.things.items()}
        values = {name: urllib.parse.quote(value, safe="") for name, value in values.items()}
        target = self.fill(path, values) + ("?" + self.fill(self.query, values) if self.query else "")
        body = self.body and self.fill(self.body, {n: urllib.parse.unquote(v) for n, v in values.items()})
        headers = {**headers, "Origin": "https://elsewhere.example"}
        if body:
            headers["Content-Type"] = self.kind
        return target, world.server.request(method, target, None, body, headers)

    def fits(self, status):
        return status in self.ok if self.ok else status < 400


AREA = "ID={id}&" + urllib.parse.urlencode([AT])
PLACE = "survey={id}&ra=10&dec=0"
GET = Call()
LINK = {"query": "expires={expires}&signature={signature}", "id": "shared", "expires": "expires", "signature": "signature"}
DONE, PENDING, WAITING = Call(id="done"), Call(id="pending"), Call(id="run")
CALLS = {
    "GET /": GET, "GET /style.css": GET, "GET /favicon.svg": GET, "GET /docs": GET, "GET /docs.js": GET,
    "GET /plugins/{id}": Call(id="plugin"), "GET /healthz": GET, "GET /metrics": GET, "GET /capabilities": GET, "GET /availability": GET, "GET /openapi.json": GET,
    "GET /.well-known/oauth-protected-resource": GET,
    "GET /readyz": Call(ok=(503,)),  # as it is drained
    "GET /sync": Call(AREA, id="survey"),
    "POST /sync": Call(body=AREA, kind=FORM, id="survey"),
    "GET /api/v1/cutout": Call(PLACE + "&size=8px", id="survey"),
    "POST /api/v1/cutout": Call(body=PLACE + "&size=8px", kind=FORM, id="survey"),
    "GET /api/v1/surveys": GET,
    "GET /api/v1/surveys/{id}": Call(id="survey"),
    **{f"GET /api/v1/surveys/{{id}}/{file}": Call(id="survey")
       for file in ("coverage.png", "moc.fits", "moc.json")},
    "GET /api/v1/images": Call(PLACE, id="survey"),
    "POST /api/v1/estimate": Call("survey={id}&size=8px", LIST, "text/csv", id="survey"),
    "GET /api/v1/quota": GET,
    # A job of a SODA list is one, too.
    "GET /async": GET,
    "POST /async": Call(body=AREA + "&PHASE=RUN", kind=FORM, id="survey"),
    "GET /async/{id}": DONE,
    "POST /async/{id}": Call(body="ACTION=DELETE", kind=FORM, id="pending"),
    "DELETE /async/{id}": PENDING,
    "GET /async/{id}/phase": DONE,
    "POST /async/{id}/phase": Call(body="PHASE=RUN", kind=FORM, id="pending"),
    "GET /async/{id}/executionduration": DONE,
    "POST /async/{id}/executionduration": Call(body="EXECUTIONDURATION=60", kind=FORM, id="pending"),
    "GET /async/{id}/destruction": DONE,
    "POST /async/{id}/destruction": Call(body="DESTRUCTION=2100-01-01T00:00:00Z", kind=FORM, id="pending"),
    "GET /async/{id}/quote": DONE,
    "GET /async/{id}/owner": DONE,
    "GET /async/{id}/error": Call(id="done", ok=(404,)),  # it has none
    "GET /async/{id}/parameters": DONE,
    "POST /async/{id}/parameters": Call(body="CIRCLE=10 0 0.002", kind=FORM, id="soda"),
    "GET /async/{id}/results": DONE,
    "GET /async/{id}/results/{name}": Call(id="done", name="first"),
    "GET /api/v1/jobs": GET,
    "POST /api/v1/jobs": Call("survey={id}&size=8px", LIST, "text/csv", id="survey"),
    "GET /api/v1/jobs/{id}": DONE,
    "DELETE /api/v1/jobs/{id}": PENDING,
    "POST /api/v1/jobs/{id}/run": PENDING,
    "POST /api/v1/jobs/{id}/cancel": WAITING,
    "POST /api/v1/jobs/{id}/retry": Call(id="ended"),
    "POST /api/v1/jobs/{id}/pause": WAITING,
    "POST /api/v1/jobs/{id}/resume": PENDING,
    "POST /api/v1/jobs/{id}/place": Call("place=2", id="run"),
    "POST /api/v1/jobs/{id}/rerun": DONE,
    "GET /api/v1/jobs/{id}/events": DONE,
    "GET /api/v1/jobs/{id}/products": DONE,
    "GET /api/v1/jobs/{id}/results/{number}": Call(id="done", number="first"),
    **{f"GET /api/v1/jobs/{{id}}/{name}": DONE for name in (
        "manifest.csv", "manifest.vot", "manifest.json", "manifest.fits", "products.zip", "products.tar")},
    "POST /api/v1/jobs/{id}/link": Call("what=products.zip", id="done"),
    "DELETE /api/v1/jobs/{id}/link": PENDING,
    "GET /api/v1/shared/{id}/results/{number}": Call(**LINK, number="first"),
    **{f"GET /api/v1/shared/{{id}}/{name}": Call(**LINK) for name in (
        "products", "manifest.csv", "manifest.vot", "manifest.json", "manifest.fits", "products.zip", "products.tar")},
    # Without a browser: who came in is said there, and what is missing.
    "GET /account": GET,
    "POST /account/tokens": Call(body="name={new}", kind=FORM, new="new_name"),
    "POST /account/tokens/{id}/revoke": Call(id="a_token"),
    "POST /account/sessions/{id}/end": Call(id="new_name", ok=(404,)),
    "POST /logout": Call(ok=(400,)),  # there is no session to end
    "GET /login": GET,
    "POST /login": Call(ok=(403, 404)),
    "GET /login/start/{provider}": Call(provider="new_name", ok=(404,)),
    "GET /login/callback/{provider}": Call(provider="new_name", ok=(403,)),
    "POST /api/v1/login/device": Call(ok=(501,)),
    "POST /api/v1/login/token": Call(ok=(403,)),
    "GET /api/v1/me": GET,
    "GET /api/v1/tokens": GET,
    "POST /api/v1/tokens": Call(body='{"name": "{new}"}', new="new_name"),
    "DELETE /api/v1/tokens/{id}": Call(id="a_token"),
    "GET /api/v1/admin/jobs": GET,
    "GET /api/v1/admin/jobs/{id}": PENDING,
    "DELETE /api/v1/admin/jobs/{id}": PENDING,
    "POST /api/v1/admin/jobs/{id}/hold": WAITING,
    "POST /api/v1/admin/jobs/{id}/release": Call(id="held"),
    "POST /api/v1/admin/jobs/{id}/cancel": WAITING,
    "POST /api/v1/admin/jobs/{id}/move": Call(body='{"place": 2}', id="run"),
    "GET /api/v1/admin/queue": GET, "GET /api/v1/admin/servers": GET, "GET /api/v1/admin/workers": GET,
    "GET /api/v1/admin/routes": GET, "GET /api/v1/admin/audit": GET,
    "GET /api/v1/admin/plugins": GET,
    "POST /api/v1/admin/plugins/{id}/disable": Call(body='{"version": "0"}', id="new_name", ok=(404,)),
    "POST /api/v1/admin/plugins/{id}/enable": Call(body='{"version": "0"}', id="new_name", ok=(404,)),
    "POST /api/v1/admin/reload": GET,
    "GET /api/v1/admin/maintenance": GET,
    "POST /api/v1/admin/maintenance": Call(then=("DELETE", "maintenance")),
    "DELETE /api/v1/admin/maintenance": Call(first=("POST", "maintenance")),
    "POST /api/v1/admin/drain": GET,
    "DELETE /api/v1/admin/drain": Call(then=("POST", "drain")),
    "GET /api/v1/admin/surveys": GET,
    "GET /api/v1/admin/surveys/{id}/switch": Call(id="open"),
    "POST /api/v1/admin/surveys/{id}/switch": Call(id="open", then=("DELETE", "surveys/open/switch")),
    "DELETE /api/v1/admin/surveys/{id}/switch": Call(id="open", first=("POST", "surveys/open/switch")),
    "GET /api/v1/admin/users": GET,
    "POST /api/v1/admin/users": Call(body='{"name": "{new}"}', new="new_name"),
    "GET /api/v1/admin/users/{name}": Call(name="account"),
    "POST /api/v1/admin/users/{name}": Call(body='{"email": "a@b.example"}', name="account"),
    "DELETE /api/v1/admin/users/{name}": Call(name="account"),
    "POST /api/v1/admin/users/{name}/identities": Call(body='{"source": "ldap", "subject": "{new}"}', name="account", new="new_name"),
    "GET /api/v1/admin/tokens": GET,
    "POST /api/v1/admin/tokens": Call(body='{"user": "other"}'),
    "DELETE /api/v1/admin/tokens/{id}": Call(id="a_token"),
    "GET /api/v1/admin/grants": GET,
    "POST /api/v1/admin/grants": Call(body='{"grant": "user {new} may read on survey open"}', new="new_name"),
    "DELETE /api/v1/admin/grants": Call(body='{"grant": "{grant}"}', grant="a_grant"),
}


def listed(server, world):
    answer = server.request("GET", "/api/v1/admin/routes", headers=world.headers["admin"])
    assert answer.status == 200, answer.text
    return answer.json


NAMES = {"anonymous": None, "service": "user", "revoked": None}  # as whom they are known; else by their own


def check(world, call, method, route, of, caller, expected):
    """What is wrong; None where nothing is."""
    target, answer = call.send(world, method, route["path"], of, world.headers[caller])
    what = f"{method} {target} ({of or route['path']}) by {caller}: "
    good = call.fits(answer.status) if expected == "yes" else answer.status == expected
    if not good:
        return what + f"{answer.status}, and {expected} is expected: {answer.body[:300]}"
    fields = answer.headers
    if (answer.status == 401) != ("WWW-Authenticate" in fields) and route["need"] != "welcome":
        return what + f"{answer.status} with the challenge {fields['WWW-Authenticate']}"
    shared = fields["Access-Control-Allow-Origin"]
    if "Access-Control-Allow-Credentials" in fields or (shared is not None) != (route["need"] not in ("user", "admin")):
        return what + f"pages elsewhere may read it: {shared}"
    if route["need"] != "nothing":
        name = NAMES.get(caller, caller)
        if fields["X-VO-Authenticated"] != name:
            return what + f"X-VO-Authenticated is {fields['X-VO-Authenticated']}"
        if name and not {"private", "no-store"} & set(re.split(r"[, ]+", fields["Cache-Control"] or "")):
            return what + f"others may get it: Cache-Control is {fields['Cache-Control']}"
    return None


def every_route_answers_every_caller_as_the_page_says(tmp):
    with serving(tmp, surveys=sky(tmp), config=CONFIG) as server:
        world = World(tmp, server)
        table = listed(server, world)
        assert set(table["callers"]) == set(world.headers), table["callers"]
        served = {f"{m} {r['path']}" for r in table["routes"] for m in r["methods"]}
        assert served == set(CALLS), f"without a line in CALLS: {sorted(served - set(CALLS))}; not served: {sorted(set(CALLS) - served)}"
        wrong, asked = [], 0
        for route in table["routes"]:
            for method, row, caller in itertools.product(route["methods"], route["rows"], table["callers"]):
                call = CALLS[f"{method} {route['path']}"]
                if call.first and row[caller] == "yes":
                    world.operator(*call.first)
                wrong.append(check(world, call, method, route, row["of"], caller, row[caller]))
                if call.then and row[caller] == "yes":
                    world.operator(*call.then)
                asked += 1
        wrong = [w for w in wrong if w]
        assert not wrong, "\n".join([f"{len(wrong)} of {asked} are not as they should be", *wrong])
        print(f"{asked} cells of {len(served)} endpoints are as the page says")


def rows_of(table):
    """The table of the page."""
    out = ["| " + " | ".join(["", "of", *table["callers"]]) + " |\n", "|---" * (2 + len(table["callers"])) + "|\n"]
    for route in sorted(table["routes"], key=lambda r: r["path"]):
        for row in route["rows"]:
            cells = [str(row[caller]) for caller in table["callers"]]
            out.append(f"| `{' '.join(route['methods'])} {route['path']}` | {row['of']} | {' | '.join(cells)} |\n")
    return "".join(out)


def the_page_is_current(tmp):
    with serving(tmp, surveys=sky(tmp), config=CONFIG) as server:
        rows = rows_of(listed(server, World(tmp, server)))
        table = run("admin", "routes", "--data", tmp / "data").stdout.decode()
        assert re.search(r"^GET /api/v1/jobs/{id} +the user's job +401 +yes +403 +403 +yes +401 +yes$", table, re.M), table
    before, rest = PAGE.read_text().split(BEGIN)
    written, after = rest.split(END)
    fresh = tmp.parent / "recorte-access.md"
    if written != rows:
        fresh.write_text(before + BEGIN + rows + END + after)
    assert written == rows, f"{PAGE} is not as the server has it; as it should be: {fresh}"


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
