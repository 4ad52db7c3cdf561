#!/usr/bin/python3
"""Runs a command with what a unit of systemd takes from it, where systemd itself is not running:

    as_unit.py UNIT STATE_DIRECTORY COMMAND …

as another user without capabilities, everything but STATE_DIRECTORY read-only, no new privileges, memory either writable or executable,
the unit's system calls and address families. Needs root, python3-seccomp and systemd-analyze.
"""
# SPDX-License-Identifier: BSD-3-Clause
import ctypes
import errno
import os
import pwd
import socket
import subprocess
import sys

import seccomp

LIBC = ctypes.CDLL(None, use_errno=True)
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 4096, 16384, 1 << 18
MOUNT_SETATTR, AT_FDCWD, AT_RECURSIVE, RDONLY = 442, -100, 0x8000, 1
PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS, PR_SET_MDWE = 24, 38, 65
LAST_CAPABILITY = int(open("/proc/sys/kernel/cap_last_cap").read())


def done(result, what, forgiven=()):
    if result != 0 and ctypes.get_errno() not in forgiven:
        raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def settings(unit, name):
    """The values of all lines of that name."""
    lines = (line.strip().partition("=") for line in open(unit))
    return [value for key, _, value in lines if key == name]


def calls_of(words):
    """Names of system calls; @GROUP stands for several."""
    out = set()
    for word in words:
        if not word.startswith("@"):
            out.add(word)
            continue
        listed = subprocess.run(["systemd-analyze", "syscall-filter", "--no-pager", word], check=True, capture_output=True, text=True).stdout
        inside = [line.strip() for line in listed.splitlines()[1:] if line.strip() and not line.strip().startswith("#")]
        out |= calls_of(inside)
    return out


def allowed_calls(unit):
    allowed = set()
    for value in settings(unit, "SystemCallFilter"):
        if value.startswith("~"):
            allowed -= calls_of(value[1:].split())
        else:
            allowed |= calls_of(value.split())
    return allowed


def read_only_but(directory):
    """`struct mount_attr` is attributes to set, to clear, propagation, user namespace."""
    done(LIBC.unshare(CLONE_NEWNS), "unshare")
    done(LIBC.mount(None, b"/", None, MS_REC | MS_PRIVATE, None), "mount /")
    done(LIBC.mount(directory.encode(), directory.encode(), None, MS_BIND, None), f"mount {directory}")
    for path, recursive, attributes in (("/", AT_RECURSIVE, (RDONLY, 0, 0, 0)), (directory, 0, (0, RDONLY, 0, 0))):
        packed = (ctypes.c_uint64 * 4)(*attributes)
        done(LIBC.syscall(MOUNT_SETATTR, AT_FDCWD, path.encode(), recursive, ctypes.byref(packed), ctypes.sizeof(packed)), f"remount {path}")


def filtered(unit):
    """The filter, made while everything is allowed."""
    out = seccomp.SyscallFilter(seccomp.ERRNO(errno.EPERM))
    for name in sorted(allowed_calls(unit) - {"socket"}):
        try:
            out.add_rule(seccomp.ALLOW, name)
        except (RuntimeError, ValueError):
            pass  # of another machine
    for value in settings(unit, "RestrictAddressFamilies"):
        for family in value.split():
            out.add_rule(seccomp.ALLOW, "socket", seccomp.Arg(0, seccomp.EQ, int(getattr(socket, family))))
    return out


def main():
    unit, directory, *command = sys.argv[1:]
    filter_ = filtered(unit)
    if settings(unit, "ProtectSystem") == ["strict"]:
        read_only_but(directory)
    if settings(unit, "CapabilityBoundingSet") == [""]:
        for capability in range(LAST_CAPABILITY + 1):
            done(LIBC.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0), "drop a capability")
    nobody = pwd.getpwnam("nobody")
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)
    os.umask(int(settings(unit, "UMask")[0], 8))
    done(LIBC.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no new privileges")
    if settings(unit, "MemoryDenyWriteExecute") == ["yes"]:
        done(LIBC.prctl(PR_SET_MDWE, 1, 0, 0, 0), "memory", forgiven=(errno.EINVAL,))  # kernels before 6.3
    filter_.load()
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
