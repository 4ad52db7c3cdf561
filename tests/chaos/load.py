"""The load: clients that cut, submit, watch, cancel, remove and download, each by its own seed."""
# SPDX-License-Identifier: BSD-3-Clause
import csv
import io
import random
import socket
import threading
import time
import traceback

import jobbing
from asking import AGAIN, DAMAGE, Asker, Lost
from notes import Job
from products import POSITIONS, SURVEYS, VARIANTS, as_list, steady, where
from results import check_job

THINKING = 0.05  # seconds after each request, at most
LIVE_JOBS = 24  # of one owner; beyond, one is removed
OWNERS = ("ana", "bob", None)
ENDED = ("COMPLETED", "ERROR", "ABORTED")


class Client:
    """Does one thing after the other; what it has begun, it ends before it is halted."""

    def __init__(self, number, seed, world, notes, peace):
        self.chooser = random.Random(f"{seed} client {number}")
        self.world, self.notes, self.peace, self.number = world, notes, peace, number
        self.asker = Asker(world, notes, self.chooser)
        self.owner = OWNERS[number % len(OWNERS)]  # of its jobs
        self.submissions, self.at_work = 0, threading.Lock()
        self.acts = {self.cutout: 10, self.submit: 3, self.submit_by_uws: 1, self.look: 4, self.cancel: 1, self.pause: 1,
                     self.run: 2, self.remove: 1, self.fetch_one: 4, self.fetch_all: 2, self.fetch_and_vanish: 1,
                     self.fetch_slowly: 1, self.send_half: 1, self.use_an_old_token: 1}

    def act(self):
        act = self.chooser.choices(list(self.acts), list(self.acts.values()))[0]
        try:
            act()
        except Lost:
            time.sleep(AGAIN)
        time.sleep(self.chooser.uniform(0, THINKING))

    def drive(self, going):
        while True:
            going.wait()
            with self.at_work:
                try:
                    self.act()
                except Exception:
                    self.notes.wrong("the load itself failed: " + traceback.format_exc())

    def run_id(self):
        self.submissions += 1
        return f"c{self.number}-{self.submissions}-{self.chooser.randrange(1 << 32):08x}"

    def a_request(self):
        return self.chooser.choice(SURVEYS), self.chooser.choice(list(VARIANTS)), self.chooser.choice(list(POSITIONS))

    # Cutouts in real time.

    def cutout(self):
        survey, variant, name = self.a_request()
        user = self.chooser.choice(["rita", None])
        covered = self.peace.covered(survey, variant, name)
        if variant == "circle" and self.chooser.random() < 0.5:
            path, nothing = "/sync", 204
            asked = {"ID": survey, "CIRCLE": where(variant, name)["circle"], "FILTER": VARIANTS[variant]["bands"]}
        else:
            path, nothing = "/api/v1/cutout", 404
            asked = {"survey": survey, **VARIANTS[variant], **where(variant, name)}
        begin = time.time()
        try:
            answer = self.asker.ask("cutout", user, "GET", path, asked, fine=(200 if covered else nothing,), survey=survey)
        except Lost:
            answer = None
        with self.notes.lock:
            if user == "rita" and answer is None:
                self.notes.drawn_at_most += 1
            elif user == "rita" and answer.status in (200, 204, 404):
                self.notes.drawn += 1
        if answer is None or answer.status != 200 or self.peace.is_it(survey, variant, name, answer.body):
            return
        if survey != "frail" or not self.notes.any_during(DAMAGE, begin, time.time()):
            self.notes.wrong(f"a cutout of {survey}, {variant} at {name}, is another one than in peace: "
                             f"{len(answer.body)} bytes, {steady(answer.body)}")

    # Jobs.

    def new_job(self, variants=tuple(VARIANTS)):
        survey, variant = self.chooser.choice(SURVEYS), self.chooser.choice(list(variants))
        count = self.chooser.choice([1, 8, 20, 200 if variant in ("stamp", "planes") else 60])
        names = [self.chooser.choice(list(POSITIONS)) for _ in range(count)]
        return Job("", self.run_id(), self.owner or "anonymous", survey, variant, names, time.time())

    def submit(self):
        job = self.new_job()
        self.accept(job, lambda: self.asker.ask(
            "submit", self.owner, "POST", "/api/v1/jobs", {"survey": job.survey, "run_id": job.run_id, **VARIANTS[job.variant]},
            as_list(job.variant, job.names), {"Content-Type": "text/csv"}, fine=(201, 403)),
            lambda answer: answer.json["id"] if answer.status == 201 else None)

    def submit_by_uws(self):
        job = self.new_job(["stamp"])
        parameters = VARIANTS[job.variant]
        headers, body = jobbing.multipart([
            ("ID", job.survey), ("SIZE", parameters["size"]), ("FILTER", parameters["bands"]), ("RUNID", job.run_id),
            ("PHASE", "RUN"), ("UPLOAD", as_list(job.variant, job.names), "list.csv")])
        self.accept(job, lambda: self.asker.ask("submit by UWS", self.owner, "POST", "/async", None, body, headers, fine=(303, 403)),
                    lambda answer: answer.headers["Location"].rsplit("/", 1)[1] if answer.status == 303 else None)

    def accept(self, job, send, id_of):
        """An answer of 500 or 503 is no promise; one that was lost may have been made."""
        with self.notes.lock:
            self.notes.lost[job.run_id] = job
        job.id = id_of(send())
        with self.notes.lock:
            if job.id:
                del self.notes.lost[job.run_id]
                self.notes.jobs[job.id] = job
        if job.id and len(self.own()) > LIVE_JOBS:
            self.remove()

    def own(self):
        with self.notes.lock:
            return [job for job in self.notes.jobs.values() if job.owner == (self.owner or "anonymous") and not job.may_be_gone]

    def a_job(self):
        mine = self.own()
        return self.chooser.choice(mine) if mine else None

    def ask_of(self, what, job, method, path, fine=(200,), headers=None):
        return self.asker.ask(what, self.owner, method, f"/api/v1/jobs/{job.id}{path}", headers=headers, fine=fine,
                              survey=job.survey, job=job)

    def act_on(self, what, method, path, fine):
        job = self.a_job()
        if job:
            self.ask_of(what, job, method, path, fine)
        return job

    def look(self):
        self.act_on("look", "GET", "", (200,))

    def cancel(self):
        job = self.a_job()
        if job:
            job.cancelled = True
            self.ask_of("cancel", job, "POST", "/cancel", (200, 303, 400, 409))

    def pause(self):
        """And lets it go on, if nothing comes between."""
        job = self.act_on("pause", "POST", "/pause", (200, 303, 400, 409))
        if job:
            self.ask_of("resume", job, "POST", "/resume", (200, 303, 400, 403, 409))

    def run(self):
        self.act_on("retry", "POST", "/retry", (200, 303, 400, 403, 409))

    def remove(self):
        job = self.a_job()
        if not job:
            return
        with job.busy:  # nobody reads its results while they go
            job.may_be_gone = True
            if self.ask_of("remove", job, "DELETE", "", (204,)).status == 204:
                job.gone = True

    # Downloads.

    def a_row(self, job):
        """A product that was made, as the manifest tells of it."""
        answer = self.ask_of("manifest", job, "GET", "/manifest.csv")
        if answer.status != 200:
            return None
        rows = [row for row in csv.DictReader(io.StringIO(answer.text)) if row["status"] in ("ok", "partial")]
        return self.chooser.choice(rows) if rows else None

    def fetch_one(self):
        job = self.a_job()
        row = job and self.a_row(job)
        if not row:
            return
        size = int(row["bytes"])
        begin = self.chooser.randrange(size)
        end = self.chooser.randrange(begin, size)
        part = self.ask_of("fetch a range", job, "GET", f"/results/{row['row']}", (206, 503), {"Range": f"bytes={begin}-{end}"})
        whole = self.ask_of("fetch one", job, "GET", f"/results/{row['row']}", (200,))
        if part.status == 206 and whole.status == 200 and part.headers["ETag"] == whole.headers["ETag"] \
                and part.body != whole.body[begin:end + 1]:
            self.notes.wrong(f"bytes {begin} to {end} of row {row['row']} of the job {job.id} are others than in the whole")

    def fetch_all(self):
        """Of one that has ended: every file is looked at, and then it may go."""
        job = self.a_job()
        if not job:
            return
        with job.busy:
            state = self.ask_of("look", job, "GET", "")
            if state.status != 200 or state.json["phase"] not in ENDED or job.may_be_gone:
                return
            answers = [self.ask_of("fetch all", job, "GET", file) for file in ("/manifest.csv", "/products.zip", "")]
        # Somebody may have run it again between them.
        if all(a.status == 200 for a in answers) and answers[2].json["phase"] == state.json["phase"] \
                and answers[2].json["started"] == state.json["started"] and answers[2].json["done"] == state.json["done"]:
            for sentence in check_job(job, state.json, answers[0].text, answers[1].body, self.peace, self.notes):
                self.notes.wrong(sentence)

    def raw(self, user, text):
        """A connection, after a request's head was sent."""
        server = self.asker.server()
        try:
            connection = socket.create_connection((server.host, server.port), 20)
            credential = f"Authorization: Bearer {self.notes.credentials[user].text}\r\n" if user else ""
            connection.sendall((text[0] + f" HTTP/1.1\r\nHost: x\r\n{credential}{text[1]}\r\n\r\n").encode())
        except OSError as error:
            raise Lost from error
        return connection

    def fetch_and_vanish(self):
        job = self.a_job()
        if job:
            self.notes.count("fetch and vanish", "gone")
            with self.raw(self.owner, (f"GET /api/v1/jobs/{job.id}/products.zip", "X: y")) as connection:
                try:
                    connection.recv(self.chooser.randrange(1, 5000))
                except OSError as error:
                    raise Lost from error

    def fetch_slowly(self):
        """A kilobyte at a time, and then the rest at once."""
        job = self.a_job()
        if not job:
            return
        self.notes.count("fetch slowly", "begun")
        with self.raw(self.owner, (f"GET /api/v1/jobs/{job.id}/products.tar", "Connection: close")) as connection:
            try:
                for _ in range(20):
                    if not connection.recv(1024):
                        return
                    time.sleep(0.05)
                while connection.recv(1 << 16):
                    pass
            except OSError as error:
                raise Lost from error

    # Those who do it wrong.

    def send_half(self):
        """A list that ends in the middle, with its sender."""
        job = self.new_job()
        body = as_list(job.variant, job.names)
        with self.notes.lock:
            self.notes.never.add(job.run_id)
        self.notes.count("send half", "gone")
        query = f"survey={job.survey}&size=64px&bands=g&run_id={job.run_id}"
        with self.raw(self.owner, (f"POST /api/v1/jobs?{query}", f"Content-Type: text/csv\r\nContent-Length: {len(body)}")) as connection:
            try:
                connection.sendall(body[:self.chooser.randrange(len(body))])
            except OSError as error:
                raise Lost from error

    def use_an_old_token(self):
        with self.notes.lock:
            old = [c for c in self.notes.old_credentials if c.ended < time.monotonic()]
        if old:
            self.asker.ask("use an old token", None, "GET", "/api/v1/jobs", credential=self.chooser.choice(old), fine=(401, 429))


class Crowd:
    """The clients; they can be halted, and go on where they were."""

    def __init__(self, count, seed, world, notes, peace):
        self.clients = [Client(n, seed, world, notes, peace) for n in range(count)]
        self.going = threading.Event()
        for client in self.clients:
            threading.Thread(target=client.drive, args=(self.going,), daemon=True, name=f"client {client.number}").start()

    def go(self):
        self.going.set()

    def halt(self):
        """Returns once nobody is at work."""
        self.going.clear()
        for client in self.clients:
            with client.at_work:
                pass
