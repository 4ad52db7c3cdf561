"""The audit: what was promised, against what the database, the disk and the machine have, once all is at rest."""
# SPDX-License-Identifier: BSD-3-Clause
import collections
import http.client
import re

from breaking import DATABASE_FAULTS, DISK_FAULTS
from leaks import leaks_of
from results import check_job
from world import BLOCK

ENDED = ("COMPLETED", "ERROR", "ABORTED")
LATE = 3.0  # seconds that an event may wait to be written; a server that is killed meanwhile loses it
MINUTE = 60.0  # and while the database is away; then the server counts it as lost
COLUMNS = ("id", "run_id", "owner", "phase", "visibility", "hold", "products", "outside", "ok", "partial", "no_coverage", "failed",
           "bytes", "work_us", "charged", "server")
MARKER = ".database"
OF_SQLITE = {"recorte.sqlite", "recorte.sqlite-wal", "recorte.sqlite-shm"}
OF_DATA = {"server-name", "admin.sock", "plugins-in-use", "spill", "remote"}


class Audit:
    """`final`: nothing is left that waits, and whoever failed was tried again."""

    def __init__(self, world, notes, peace, base, final=False):
        self.world, self.notes, self.peace, self.base, self.final = world, notes, peace, base, final
        self.rows = {row[0]: dict(zip(COLUMNS, row)) for row in world.query(f"select {', '.join(COLUMNS)} from job")}
        self.products = 0

    def run(self):
        """Sentences about what is wrong."""
        return [*self.notes.wrongs, *self.jobs(), *self.results(), *self.quotas(), *self.disk(), *self.trail(), *self.service(),
                *leaks_of(self.world, self.base)]

    # Every accepted job is there, and none that was not.

    def jobs(self):
        for job in self.notes.jobs.values():
            row = self.rows.get(job.id)
            if not row:
                yield f"the job {job.id} was accepted, and the database does not know it"
            elif row["run_id"] != job.run_id or row["owner"] != job.owner:
                yield f"the job {job.id} of {job.owner}, {job.run_id}, is {row['run_id']} of {row['owner']} in the database"
            elif job.gone and row["phase"] != "ARCHIVED":
                yield f"the job {job.id} was removed, and is {row['phase']}"
            elif row["phase"] == "ARCHIVED" and not job.may_be_gone:
                yield f"the job {job.id} was never removed, and is ARCHIVED"
        for row in self.rows.values():
            if row["run_id"] in self.notes.never:
                yield f"the job {row['id']} was made of a list that was not sent whole"
            elif row["id"] not in self.notes.jobs and row["run_id"] not in self.notes.lost:
                yield f"nobody sent the job {row['id']}, {row['run_id']}"
            yield from self.at_rest(row)

    def at_rest(self, row):
        phase = row["phase"]
        if phase == "HELD" and row["hold"] == "quota" and row["owner"] == "bob":
            return
        paused = phase == "HELD" and row["hold"] == "user" and not self.final
        if phase not in (*ENDED, "ARCHIVED") and not paused:
            yield f"the job {row['id']} of {row['owner']} is still {phase}"
        if self.final and phase in ENDED and phase != "COMPLETED":
            yield f"the job {row['id']} of {row['owner']} is {phase}, though it was run again in peace"
        if phase in ENDED and row["server"]:
            made = row["ok"] + row["partial"] + row["no_coverage"] + row["failed"]
            if phase == "COMPLETED" and made != row["products"]:
                yield f"the job {row['id']} is COMPLETED with {made} of {row['products']} products"

    # Every result is whole, and what it would be in peace.

    def results(self):
        for job in list(self.notes.jobs.values()):
            row = self.rows.get(job.id)
            if not row or row["phase"] not in ENDED:
                continue
            manifest, archive = (self.fetch(job, file) for file in ("manifest.csv", "products.zip"))
            if manifest.status != 200 or archive.status != 200:
                yield (f"results of the job {job.id} are answered {manifest.status} and {archive.status}: "
                       f"{(manifest if manifest.status != 200 else archive).body[:300]!r}")
                continue
            self.products += row["ok"] + row["partial"]
            yield from check_job(job, row, manifest.text, archive.body, self.peace, self.notes, self.final)

    def fetch(self, job, file):
        """Of one of the servers; an archive that ends early is as good as none."""
        server = self.world.servers[int(job.id, 16) % len(self.world.servers)]
        try:
            return server.request("GET", f"/api/v1/jobs/{job.id}/{file}", headers=self.notes.bearer(job.owner))
        except http.client.HTTPException as error:
            return Broken(str(error))

    # What is charged is what was made, and what is counted is what is kept.

    def quotas(self):
        charged, worked = collections.Counter(), collections.Counter()
        for row in self.rows.values():
            charged[row["owner"]] += row["charged"]
            worked[row["owner"]] += row["work_us"]
            covered = max(0, row["products"] - max(0, row["outside"]))
            made = min(covered, row["ok"] + row["partial"] + max(0, row["no_coverage"] - max(0, row["outside"])))
            if row["phase"] in ENDED and row["charged"] > made:
                yield f"the job {row['id']} is charged with {row['charged']} cutouts, and {made} were made"
            if row["phase"] == "COMPLETED" and row["charged"] != made:
                yield f"the job {row['id']} is COMPLETED and charged with {row['charged']} cutouts, and {made} were made"
        for owner, cutouts, work in self.world.query(
                "select owner, cast(sum(cutouts) as bigint) as c, cast(sum(work_us) as bigint) as w from ledger group by owner"):
            if owner != "rita" and cutouts != charged[owner]:
                yield f"the ledger has {cutouts} cutouts of {owner}, and their jobs are charged with {charged[owner]}"
            if work != worked[owner]:
                yield f"the ledger has {work} microseconds of work for {owner}, and their jobs {worked[owner]}"
            if owner == "rita":
                yield from self.real_time(cutouts)
        kept = collections.Counter()
        for row in self.rows.values():
            if row["phase"] != "ARCHIVED":
                kept[row["owner"]] += row["bytes"]
        said = self.world.servers[0].request("GET", "/api/v1/quota", headers=self.notes.bearer("ana"))
        used = {q["name"]: q["used"] for q in said.json["quotas"]} if said.status == 200 else {}
        if used.get("bytes") != kept["ana"]:
            yield f"ana is told that {used.get('bytes')} bytes are kept, and their jobs have {kept['ana']}"

    def real_time(self, cutouts):
        """What was leased of a server that was killed stays charged, and no more than that."""
        blocks = BLOCK * sum(2 * server.kills + 1 for server in self.world.servers)
        least, most = self.notes.drawn, self.notes.drawn + self.notes.drawn_at_most + blocks
        if not least <= cutouts <= most:
            yield f"rita is charged with {cutouts} cutouts in real time, and had {least}; with what was lost at most {most}"

    # The disk has what the database knows, and nothing else.

    def disk(self):
        results = self.world.results
        live = {i for i, row in self.rows.items() if row["phase"] != "ARCHIVED"}
        for path in results.iterdir():
            if path.name in live or path.name == MARKER:
                continue
            # Of a submission that died on the way, or of a job that is gone: the janitor comes by, at the latest with a start.
            if self.final or not re.fullmatch(r"[0-9a-f]{32}", path.name):
                yield f"the database does not know {path}"
        tasks = collections.defaultdict(list)
        for job, number, done in self.world.query("select job, number, done from task"):
            tasks[job].append((number, done))
        for job in live:
            if self.rows[job]["phase"] in ENDED:
                yield from self.directory(results / job, tasks[job])
        for server in self.world.servers:
            names = {path.name for path in server.data.iterdir()}
            for name in sorted(names - OF_DATA - (OF_SQLITE if not self.world.postgres else set())):
                yield f"nobody knows {server.data / name}"
            for path in (server.data / "spill").rglob("*"):
                yield f"a product was left on the disk: {path}"

    def directory(self, path, tasks):
        if not path.is_dir():
            if any(done for _, done in tasks):
                yield f"the disk lacks {path}"
            return
        packs = {f"task-{number:06}.pack" for number, done in tasks if done}
        # What a task had made when its job was stopped or failed; it goes on from there.
        parts = {f"task-{number:06}.part{end}" for number, done in tasks if not done for end in ("", ".new")}
        there = {p.name for p in path.iterdir()}
        for name in sorted(packs - there):
            yield f"the disk lacks {path / name}"
        for file in sorted(there - packs - parts - {"list", "plan", "order"}):
            yield f"the database does not know {path / file}"

    # The trail has every act that was acknowledged.

    def trail(self):
        seen = {(act, object) for act, object in self.world.query("select act, object from audit")}
        for moment, act, object in self.notes.acts:
            if (act, object) not in seen and not self.may_be_lost(moment):
                yield f"the audit trail does not know the {act} of {object}"

    def may_be_lost(self, moment):
        """An event that waited for the disk or the database when its server ended."""
        waits = MINUTE if self.notes.any_during((*DISK_FAULTS, *DATABASE_FAULTS), moment, moment + LATE) else LATE
        return self.notes.during("server away", moment, moment + waits)

    def service(self):
        for server in self.world.servers:
            ready = server.request("GET", "/readyz")
            if ready.status != 200:
                yield f"server {server.name} is not ready: {ready.text}"
            for metric in ("recorte_audit_lost_total", "recorte_tasks_working", "recorte_tasks_waiting"):
                if server.metric(metric) != 0:
                    yield f"server {server.name}: {metric} is {server.metric(metric):.0f}"


class Broken:
    """In place of an answer that ended early."""
    status, text = 0, ""

    def __init__(self, why):
        self.body = why.encode()
