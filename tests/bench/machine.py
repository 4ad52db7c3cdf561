"""On which machine, and with which Recorte, a run was made."""
# SPDX-License-Identifier: BSD-3-Clause
import datetime
import os
import pathlib
import platform
import subprocess

SOURCE = pathlib.Path(__file__).resolve().parents[2]


def _first(path, name):
    for line in open(path):
        if line.startswith(name):
            return line.split(":", 1)[1].strip()
    return ""


def _git(*words):
    run = subprocess.run(["git", "-C", SOURCE, *words], capture_output=True, text=True)
    return run.stdout.strip() if run.returncode == 0 else ""


def describe():
    """Everything that a ratio may depend on, for the JSON and the head of the table."""
    flags = set(_first("/proc/cpuinfo", "flags").split())
    simd = "avx512" if {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"} <= flags else "avx2" if "avx2" in flags else "scalar"
    commit = _git("rev-parse", "--short=12", "HEAD")
    return {
        "cpu": _first("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": os.cpu_count(),
        "memory_gib": round(int(_first("/proc/meminfo", "MemTotal").split()[0]) / 2**20, 1),
        "kernel": platform.release(),
        "simd": simd,
        "recorte_simd": os.environ.get("RECORTE_SIMD", ""),
        "date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "commit": commit + ("+changes" if commit and _git("status", "--porcelain", "--untracked-files=no") else ""),
    }


def sentence(machine):
    return (f"{machine['cpu']}, {machine['cores']} cores ({machine['recorte_simd'] or machine['simd']}), {machine['memory_gib']} GiB, "
            f"Linux {machine['kernel']}; {machine['date']}, commit {machine['commit'] or 'unknown'}")
