"""What a job made, against its manifest and against what is made in peace."""
# SPDX-License-Identifier: BSD-3-Clause
import collections
import csv
import hashlib
import io
import zipfile

from asking import DAMAGE, WORKERS
from products import made_at, steady

MADE = ("ok", "partial")
# A product that may be another one must have been made this close to the damage of its file.
SPAN = 5.0


def rows_of(text):
    return list(csv.DictReader(io.StringIO(text)))


def check_job(job, state, manifest, archive, peace, notes, at_rest=False):
    """Sentences about what is wrong. `at_rest`: nothing is left to be tried, nothing may have failed."""
    wrong = []

    def say(sentence):
        wrong.append(f"the job {job.id} ({job.owner}, {job.survey}, {job.variant}): {sentence}")

    rows = rows_of(manifest)
    if [(int(row["row"]), row["id"]) for row in rows] != list(enumerate(job.names, 1)):
        say(f"its manifest has {len(rows)} rows, which are not the {len(job.names)} that were sent")
        return wrong
    counts = collections.Counter(row["status"] for row in rows)
    for name in ("ok", "partial", "no_coverage", "failed"):
        if counts[name] != state[name]:
            say(f"{state[name]} products are said to be {name}, and the manifest has {counts[name]}")
    size = sum(int(row["bytes"]) for row in rows if row["status"] in MADE)
    if size != state["bytes"]:
        say(f"{state['bytes']} bytes are said to be kept, and the manifest has {size}")
    made = {row["file"]: row for row in rows if row["status"] in MADE}
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            files = {name: opened.read(name) for name in opened.namelist()}
    except zipfile.BadZipFile as error:
        say(f"its archive cannot be read: {error}")
        return wrong
    if sorted(files) != sorted(made):
        odd = sorted(set(files) ^ set(made))
        say(f"its archive and its manifest differ in {len(odd)} files, {odd[:3]}")
    for row in rows:
        file = files.get(row["file"]) if row["status"] in MADE else None
        sentence = check_row(job, row, file, peace, notes, at_rest)
        if sentence:
            say(f"row {row['row']} ({row['id']}, {row['status']}): {sentence}")
    return wrong


def check_row(job, row, data, peace, notes, at_rest):
    """What is wrong with one product, or None."""
    covered, status = peace.covered(job.survey, job.variant, row["id"]), row["status"]
    if status in MADE:
        if data is None:
            return "it is not in the archive"
        if hashlib.sha256(data).hexdigest() != row["sha256"] or len(data) != int(row["bytes"]):
            return "its bytes are not those of the manifest's checksum"
        if covered and peace.is_it(job.survey, job.variant, row["id"], data):
            return None
        return None if made_of_damage(job, data, notes) else f"it is another product than in peace: {steady(data)}"
    if status == "no_coverage":
        return "images cover it" if covered else None
    if status == "waiting":
        return "it was never made" if at_rest else None
    if status == "failed":
        return why_failed(job, row["error"], notes) if not at_rest else f"it fails in peace: {row['error']}"
    return "nobody knows this status"


def made_of_damage(job, data, notes):
    """Whether a file of the survey was damaged when the product was made."""
    moment = made_at(data)
    return job.survey == "frail" and moment is not None and any(
        notes.during(fault, moment - SPAN, moment + SPAN) for fault in DAMAGE)


def why_failed(job, error, notes):
    """None where a fault explains it."""
    faults = DAMAGE if job.survey == "frail" else ()
    if notes.any_during(faults, job.begun, float("inf")):
        return None
    if ("SIGKILL" in error or "worker" in error) and notes.any_during(WORKERS, job.begun, float("inf")):
        return None
    return f"nothing explains it: {error or 'no reason is given'}"
