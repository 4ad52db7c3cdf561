"""The storm: load and faults together, halts at which all comes to rest and is audited, and the end."""
# SPDX-License-Identifier: BSD-3-Clause
import collections
import contextlib
import random
import time

from audit import ENDED, Audit
from faults import Faults
from leaks import Base, processes
from load import Crowd
from notes import Notes
from products import POSITIONS, VARIANTS, Peace, where
from serving import wait_until
from world import USERS

PATIENCE = 600  # seconds in which all comes to rest
BETWEEN = (0.1, 0.9)  # seconds between two faults
STRAY = 1        # seconds after which files without a job go, at the end


class Storm:
    def __init__(self, world, seed, clients, only=None, each=False):
        self.world, self.notes, self.begin = world, Notes(), time.monotonic()
        self.chooser = random.Random(seed)
        self.peace = Peace(world.directory / "peace", world.surveys, world.plugins)
        world.start()
        for user in USERS:
            assert world.servers[0].admin("POST", "users", {"name": user}).status == 201
        self.faults = Faults(world, self.notes, self.chooser, only, each)
        self.faults.sign_in()
        self.warm()
        self.base = Base(world.servers)
        self.crowd = Crowd(clients, seed, world, self.notes, self.peace)
        self.kinds, self.audits, self.products = collections.Counter(), 0, 0

    def say(self, text):
        print(f"{time.monotonic() - self.begin:7.1f} s  {text}", flush=True)

    def warm(self):
        """So that what servers keep open for good is open when it is counted."""
        for server in self.world.servers:
            for name in list(POSITIONS)[:12]:
                for variant, parameters in VARIANTS.items():
                    server.get("/api/v1/cutout", {"survey": "demo", **parameters, **where(variant, name)})

    def blow(self, faults, every):
        """So many faults, with an audit after each `every` of them; what the first bad audit says."""
        for number in range(1, faults + 1):
            self.crowd.go()
            kind, said = self.faults.one()
            self.kinds[kind] += 1
            self.say(f"{number}: {kind}: {said}")
            if number == faults:
                break
            time.sleep(self.chooser.uniform(*BETWEEN))
            if number % every == 0:
                wrong = self.rest_and_audit()
                if wrong:
                    return wrong
        return self.end()

    def rest(self):
        """Nothing more is asked or broken; then it is waited until all that was accepted has ended."""
        self.crowd.halt()
        self.faults.settle()
        self.world.move_clock(0)
        for server in self.world.servers:
            wait_until(lambda: self.at_rest(server), f"server {server.name} is ready, and at rest", PATIENCE)

    def at_rest(self, server):
        try:
            server.hurry()
            quiet = server.get("/readyz").status == 200 and server.metric("recorte_tasks_working") == 0 \
                and server.metric("recorte_connections") <= 1
            return quiet and self.world.query(
                "select count(*) as n from job where phase in ('QUEUED', 'EXECUTING')") == [(0,)]
        except OSError:
            return False

    def rest_and_audit(self, final=False):
        try:
            self.rest()
        except AssertionError as error:
            waiting = self.world.query("select id, phase from job where phase in ('QUEUED', 'EXECUTING')")
            return [f"it does not come to rest: {error}; {len(waiting)} jobs wait: {waiting[:5]}", *self.notes.wrongs]
        audit = Audit(self.world, self.notes, self.peace, self.base, final)
        wrong = audit.run()
        self.audits += 1
        self.products = max(self.products, audit.products)
        self.say(f"audit {self.audits}: {len(audit.rows)} jobs, {audit.products} products, " +
                 (f"{len(wrong)} findings" if wrong else "clean"))
        return wrong

    def end(self):
        """What failed, was stopped or is held is run again, in peace; then everything is looked at, and the servers end."""
        wrong = self.rest_and_audit()
        if wrong:
            return wrong
        self.run_again()
        wrong = self.rest_and_audit()
        if wrong:
            return wrong
        for server in self.world.servers:
            self.faults.stop(server)
            server.configure(keep=f"{STRAY}s", longest=f"{STRAY}s")
        left = processes(str(self.world.directory))
        if left:
            return [f"processes were left behind by servers that ended: {left}"]
        self.world.start()
        self.faults.sign_in()
        self.wait_for_the_janitor()
        return self.rest_and_audit(final=True)

    def wait_for_the_janitor(self):
        """Until it has been everywhere; what it leaves, the audit names."""
        with contextlib.suppress(AssertionError):
            wait_until(lambda: not list(Audit(self.world, self.notes, self.peace, self.base, final=True).disk()), "no strays")

    def run_again(self):
        for number, owner, phase, hold, failed in self.world.query(
                "select id, owner, phase, hold, failed from job where phase <> 'ARCHIVED'"):
            if hold != "user" and (phase not in ENDED or phase == "COMPLETED" and not failed):
                continue
            answer = self.world.servers[0].request(
                "POST", f"/api/v1/jobs/{number}/{'resume' if hold == 'user' else 'retry'}", headers=self.notes.bearer(owner))
            if answer.status != 200:
                self.notes.wrong(f"the job {number} is {phase}, and cannot be run again: {answer.status} {answer.text[:300]}")

    def table(self):
        lines = ["", "faults:"] + [f"  {n:6} {kind}" for kind, n in self.kinds.most_common()] + ["", "the load:"]
        for what in sorted({what for what, _ in self.notes.counts}):
            outcomes = ", ".join(f"{n} {o}" for (w, o), n in sorted(self.notes.counts.items(), key=str) if w == what)
            lines.append(f"  {what:18} {outcomes}")
        kinds = collections.Counter(job.gone for job in self.notes.jobs.values())
        lines += ["", f"jobs: {len(self.notes.jobs)} accepted, {kinds[True]} of them removed, {len(self.notes.lost)} refused or lost "
                  f"on the way; {self.products} products kept; {self.audits} audits"]
        return "\n".join(lines)
