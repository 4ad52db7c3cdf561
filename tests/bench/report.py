"""Rows as a table for people, as JSON, and as Markdown."""
# SPDX-License-Identifier: BSD-3-Clause
import json

from machine import sentence
from measure import quartiles

BEGIN, END = "<!-- bench: begin -->", "<!-- bench: end -->"


def row_of(row, measured):
    """The JSON of a row. Ratio: how many times better we are; for times theirs/ours, for rates ours/theirs."""
    low, ours, high = quartiles(measured.ours)
    out = {"name": row.name, "ours": ours, "theirs": None, "unit": measured.unit, "ratio": None, "target": row.target,
           "work": row.work, "peer": row.peer, "ours_quartiles": [low, high], "ours_samples": len(measured.ours)}
    if measured.theirs:
        low, theirs, high = quartiles(measured.theirs)
        ratio = ours / theirs if measured.unit == "1/s" else theirs / ours
        out.update(theirs=theirs, ratio=ratio, theirs_quartiles=[low, high], theirs_samples=len(measured.theirs))
    out.update(measured.extra)
    return out


def skipped(row, why):
    return {"name": row.name, "ours": None, "theirs": None, "unit": None, "ratio": None, "target": row.target, "work": row.work,
            "peer": row.peer, "skipped": str(why)}


def _quantity(value, unit):
    if value is None:
        return "-"
    if unit == "1/s":
        return f"{value:,.0f} /s"
    for factor, name in ((1, "s"), (1e3, "ms"), (1e6, "µs")):
        if abs(value) * factor >= 1:
            return f"{value * factor:.3g} {name}" if abs(value) * factor < 999 else f"{value * factor:,.0f} {name}"
    return f"{value * 1e6:.3g} µs"


def _spread(row, who):
    return "..".join(_quantity(value, row["unit"]) for value in row[f"{who}_quartiles"])


def _cells(row):
    if row.get("skipped"):
        return [row["name"], row["work"], row["peer"], "-", "-", "-", _target(row), row["skipped"]]
    note = "; ".join(f"{who} {_spread(row, who)}" for who in ("ours", "theirs") if row.get(f"{who}_samples", 0) > 1)
    if "peak_memory" in row:
        note += f"; peak {row['peak_memory'] / 2**20:.0f} MiB"
    if row["ratio"] is not None and row["target"] is not None and row["ratio"] < row["target"]:
        note += "; below target"
    ratio = "-" if row["ratio"] is None else f"{row['ratio']:.2f}" if row["ratio"] < 10 else f"{row['ratio']:.0f}"
    return [row["name"], row["work"], row["peer"], _quantity(row["ours"], row["unit"]), _quantity(row["theirs"], row["unit"]), ratio,
            _target(row), note.lstrip("; ")]


def _target(row):
    return "-" if row["target"] is None else f"{row['target']:g}"


HEAD = ["name", "work", "against", "ours", "theirs", "ratio", "target", "quartiles"]
WIDTHS = [19, 38, 25, 9, 9, 6, 6, 0]


def line(cells):
    return "  ".join(f"{cell:>{width}}" if i in (3, 4, 5, 6) else f"{cell:{width}}" for i, (cell, width) in
                     enumerate(zip(cells, WIDTHS))).rstrip()


def print_head(machine):
    print(sentence(machine))
    print(line(HEAD), flush=True)


def print_row(row):
    print(line(_cells(row)), flush=True)


def summary(rows):
    """How many of the rows with a target reached it."""
    judged = [row for row in rows if row["target"] is not None and row["ratio"] is not None]
    return f"{sum(row['ratio'] >= row['target'] for row in judged)} of {len(judged)} targets reached"


def write_json(path, machine, rows):
    path.write_text(json.dumps({"machine": machine, "rows": rows}, indent=1) + "\n")


def markdown(machine, rows):
    table = [HEAD, ["---"] * len(HEAD), *(_cells(row) for row in rows)]
    return f"{sentence(machine)}.\n\n" + "".join(f"| {' | '.join(cells)} |\n" for cells in table)


def write_markdown(path, machine, rows):
    """A file of its own, or, where the file has the two marks, what stands between them."""
    text = markdown(machine, rows)
    if path.exists():
        old = path.read_text()
        if BEGIN in old and END in old:
            text = old[:old.index(BEGIN) + len(BEGIN)] + "\n" + text + old[old.index(END):]
    path.write_text(text)
