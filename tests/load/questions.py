"""What is asked for, and how what came of it is shown."""
# SPDX-License-Identifier: BSD-3-Clause
import json

from ground import CENTRE, somewhere

DOCUMENTED = {429, 503}  # what a server that is asked for more than it can do may say


def cutouts(chooser, count, **more):
    text = "".join(f"&{name}={value}" for name, value in more.items())
    return ["/api/v1/cutout?survey=demo&ra={:.6f}&dec={:.6f}{}".format(*somewhere(chooser), text) for _ in range(count)]


def on_the_bench(survey):
    """200 x 200 pixels at random places of the benchmark's tile."""
    def paths(server, chooser):
        import data
        _, _, ra, dec = data.positions(2000, chooser.randrange(1 << 30))
        return [f"/api/v1/cutout?survey={survey}&ra={a:.6f}&dec={d:.6f}&size=200px" for a, d in zip(ra, dec)]
    return paths


def poll(server, chooser):
    """The state of a job that has ended."""
    from ground import a_list
    answer = server.request("POST", "/api/v1/jobs", {"survey": "demo", "size": "32px", "bands": "g"}, a_list(chooser, 5), {"Content-Type": "text/csv"})
    return [f"/api/v1/jobs/{answer.json['id']}"]


# name → (what it is, its paths, the status of a good answer, the survey of the benchmark's data that it needs)
ROWS = {
    "warm": ("one 64 x 64 cutout, FITS", lambda s, c: [f"/api/v1/cutout?survey=demo&ra={CENTRE[0]}&dec={CENTRE[1]}&size=64px&bands=g"], 200, None),
    "random": ("64 x 64, anywhere on the demo sky", lambda s, c: cutouts(c, 2000, size="64px", bands="g"), 200, None),
    "plain": ("200 x 200, anywhere on a plain tile", on_the_bench("plain"), 200, "plain"),
    "rice": ("200 x 200, anywhere on a RICE tile", on_the_bench("rice"), 200, "rice"),
    "png": ("200 x 200 in three colours, PNG", lambda s, c: cutouts(c, 2000, size="200px", bands="i,r,g", format="png"), 200, None),
    "error": ("a size without a unit", lambda s, c: ["/api/v1/cutout?survey=demo&ra=0&dec=10&size=64"], 400, None),
    "availability": ("/availability", lambda s, c: ["/availability"], 200, None),
    "poll": ("the state of a job", poll, 200, None),
}

HEAD = ["what", "with", "connections", "1/s", "MB/s", "p50 ms", "p90", "p99", "p99.9", "max", "refused"]


def cells(row):
    if "list_seconds" in row:
        return [row["name"], row["company"], 4, f"{row['requests'] / row['seconds']:,.0f}", "", "", "", "", "", "",
                f"lists accepted in {row['accepted_ms']:.0f} ms, there in {row['list_seconds']:.1f} s"]
    refused = sum(row["statuses"].get(str(status), 0) for status in DOCUMENTED)
    return [row["name"], row["company"], row["connections"], f"{row['requests'] / row['seconds']:,.0f}", f"{row['bytes'] / row['seconds'] / 1e6:.1f}",
            *(f"{row[p]:.2f}" if row[p] < 100 else f"{row[p]:.0f}" for p in ("p50", "p90", "p99", "p99.9", "max")),
            f"{refused / max(1, row['requests']):.0%}" if refused else ""]


def line(values):
    return "  ".join(f"{value:{'<' if i in (0, 1, 10) else '>'}{width}}"
                     for i, (value, width) in enumerate(zip(values, [13, 18, 11, 8, 7, 8, 8, 8, 8, 8, 0]))).rstrip()


def wrong_in(row, status):
    """What should not be there, as a sentence; "" where all is well."""
    if "list_seconds" in row:
        return ""
    others = {name: count for name, count in row["statuses"].items() if int(name) not in DOCUMENTED | {status}}
    if row["broken"] or others:
        return f"{row['broken']} connections broke, {others or 'no'} other statuses"
    return "" if row["statuses"].get(str(status)) else "no answer was good"


def markdown(machine, rows):
    table = [HEAD, ["---"] * len(HEAD), *(cells(row) for row in rows)]
    return f"{machine}.\n\n" + "".join(f"| {' | '.join(map(str, each))} |\n" for each in table)


def as_json(machine, rows):
    return json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n"
