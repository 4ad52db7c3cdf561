"""What the settings give to users, groups and services: whose turn it is, and how much they may use."""
# SPDX-License-Identifier: BSD-3-Clause
import json
import sys

from harness import main, run
from identity import bearer, command, refused, user
from serving import serving, wait_until

CLASSES = """
[scheduling.internal]
services = ["portal"]
[scheduling.priority]
groups = ["collaboration"]
users = ["ana"]
[scheduling.background]
users = ["mirror"]
"""


def submit(server, headers, count=1, **parameters):
    rows = "".join(f"0.{50 + i},10.0\n" for i in range(count))
    answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "32px", "bands": "g", **parameters}, "ra,dec\n" + rows,
                            {**headers, "Content-Type": "text/csv"})
    assert answer.status == 201, answer.text
    return answer.json["id"]


def callers(tmp):
    """By name: a portal that acts for two, users of whom one is in a group, and whoever is not signed in."""
    tokens = {name: user(tmp, name) for name in ("ana", "bob", "mirror")}
    tokens["member"] = user(tmp, "member", "--groups", "collaboration")
    portal = user(tmp, "portal", "--service")
    command(tmp, "grant", "add", "service portal may act on user bob")
    command(tmp, "grant", "add", "service portal may act on user ana")
    out = {name: bearer(text) for name, text in tokens.items()}
    out.update({f"portal for {name}": bearer(portal, **{"X-Recorte-On-Behalf-Of": name}) for name in ("ana", "bob")})
    return {**out, "portal": bearer(portal), "": {}}


def a_turn_is_by_user_group_and_service(tmp):
    with serving(tmp, config=CLASSES + "[workers]\nbatch = 1\n") as server:
        who = callers(tmp)
        run("admin", "drain", "--data", tmp / "data")
        jobs = {name: submit(server, headers) for name, headers in sorted(who.items(), reverse=True)}
        assert len({*jobs.values()}) == len(who)
        slow = submit(server, who["mirror"], 20)
        soon = submit(server, who["portal for bob"])
        queue = {j["id"]: j for j in json.loads(run("admin", "queue", "--json", "--data", tmp / "data").stdout)["queue"]}
        classes = {name: queue[job]["class"] for name, job in jobs.items()}
        assert classes == {"ana": "priority", "bob": "normal", "mirror": "background", "member": "priority", "": "normal",
                           "portal": "normal", "portal for ana": "internal", "portal for bob": "internal"}, classes
        # The job is the user's; that it came through the portal stands beside.
        assert (queue[jobs["portal for bob"]]["owner"], queue[jobs["portal for bob"]]["service"]) == ("bob", "portal")
        order = [*queue]
        assert order.index(soon) < order.index(slow), "what came first is in the background"
        run("admin", "undrain", "--data", tmp / "data")

        def phases():
            return [j["phase"] for j in json.loads(run("admin", "jobs", "--json", "--data", tmp / "data").stdout)["jobs"]]
        wait_until(lambda: set(phases()) == {"COMPLETED"}, "the end of all")


QUOTAS = """
[quota.everyone]
cutouts_per_day = 1
[quota.anonymous]
cutouts_per_day = 2
[quota.groups.collaboration]
cutouts_per_day = 3
[quota.users.ana]
cutouts_per_day = 4
jobs = 1
"""


def a_quota_is_by_user_and_group(tmp):
    with serving(tmp, config=QUOTAS) as server:
        who = callers(tmp)
        command(tmp, "user", "groups", "ana", "--set", "collaboration")

        def cutouts(name, most=6):
            """How many of these are answered, one after the other."""
            answers = []
            for _ in range(most):
                answers.append(server.request("GET", "/api/v1/cutout", {"survey": "demo", "ra": 0.055, "dec": 10.005, "size": "16px"},
                                              headers=who[name]))
                if answers[-1].status != 200:
                    assert refused(answers[-1], 429, "cutouts").headers["Retry-After"], name
                    break
            return len([a for a in answers if a.status == 200])
        # Of what ana's group and ana herself have, the strictest; the portal uses what is hers.
        assert cutouts("portal for ana", 2) == 2
        assert cutouts("ana") == 1, "three, of which the portal used two"
        assert cutouts("portal for ana") == 0
        assert [cutouts(name) for name in ("bob", "member", "", "portal")] == [1, 3, 2, 1]
        # By [quota.users.ana] jobs, whoever sends them.
        run("admin", "drain", "--data", tmp / "data")
        job = submit(server, who["portal for ana"], run="false")
        answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "32px"}, "ra,dec\n0.5,10\n",
                                {**who["ana"], "Content-Type": "text/csv"})
        refused(answer, 403, "1 jobs have not ended")
        assert server.request("DELETE", "/api/v1/jobs/" + job, headers=who["ana"]).status == 204
        submit(server, who["ana"], run="false")
        left = {r["name"]: r for r in server.request("GET", "/api/v1/quota", headers=who["member"]).json["quotas"]
                if r["name"] == "cutouts_per_day"}
        assert left["cutouts_per_day"]["limit"] == 3 == left["cutouts_per_day"]["used"], left


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
