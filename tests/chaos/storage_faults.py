"""Faults of what is kept: the database, the disk, the files of a survey."""
# SPDX-License-Identifier: BSD-3-Clause
import os
import shutil
import signal
import subprocess

from breaking import Breaking, signalled


class StorageFaults(Breaking):
    def database(self, seconds, break_it):
        if "database away" in self.lasting or "database frozen" in self.lasting:
            return None
        self.lasting.add("database away", seconds, break_it, self.world.postgres.start)
        return f"for {seconds} s"

    def database_killed(self):
        return self.database(self.seconds(0.1, 3), self.world.postgres.kill)

    def database_crashed(self):
        return self.database(self.seconds(0.1, 3), self.world.postgres.crash)

    def database_frozen(self):
        if "database away" in self.lasting or "database frozen" in self.lasting:
            return None
        main = self.world.postgres.process.pid
        children = subprocess.run(["pgrep", "-P", str(main)], capture_output=True).stdout.split()
        pids, seconds = [main, *map(int, children)], self.seconds(0.2, 4)
        self.lasting.add("database frozen", seconds, lambda: signalled(pids, signal.SIGSTOP),
                         lambda: signalled(pids, signal.SIGCONT))
        return f"for {seconds} s"

    def connections_dropped(self):
        if "database away" in self.lasting or "database frozen" in self.lasting:
            return None
        self.instant("connections dropped")
        dropped = self.world.postgres.query(
            "postgres", "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = 'recorte'")
        return f"{dropped} of them"

    def disk_full(self):
        """Now and then for longer than a job waits."""
        if "disk full" in self.lasting or "disk frozen" in self.lasting:
            return None
        ballast = self.world.disk / "ballast"
        seconds = self.seconds(33, 36) if self.chooser.random() < 0.1 else self.seconds(0.5, 5)

        def fill():
            with open(ballast, "wb") as file:
                free = os.statvfs(self.world.disk)
                step = free.f_bavail * free.f_bsize
                while step >= free.f_bsize:  # others write, too: down to the last block
                    try:
                        os.posix_fallocate(file.fileno(), file.seek(0, os.SEEK_END), step)
                    except OSError:
                        step //= 2

        self.lasting.add("disk full", seconds, fill, ballast.unlink)
        return f"for {seconds} s"

    def disk_frozen(self):
        """Nothing is written any more, and whoever wants to waits."""
        if "disk frozen" in self.lasting or "disk full" in self.lasting:
            return None
        seconds = self.seconds(0.2, 3)
        freeze, thaw = (["fsfreeze", option, self.world.disk] for option in ("-f", "-u"))
        self.lasting.add("disk frozen", seconds, lambda: subprocess.run(freeze, check=True),
                         lambda: subprocess.run(thaw, check=True))
        return f"for {seconds} s"

    def of_frail(self, kind, spoil):
        """One of its files, until it is put back: over what is there, or as another file."""
        if any(k in self.lasting for k in ("file damaged", "file truncated", "file gone")):
            return None
        path = self.chooser.choice(sorted(self.world.frail.glob("*.fits")))
        seconds, in_place = self.seconds(0.3, 4), self.chooser.random() < 0.5
        good = self.world.directory / "sky" / path.name

        def restore():
            if in_place:
                shutil.copyfile(good, path)
            else:
                fresh = path.with_suffix(".fresh")
                shutil.copy2(good, fresh)
                fresh.rename(path)

        self.lasting.add(kind, seconds, lambda: spoil(path), restore)
        return f"{path.name}, for {seconds} s"

    def file_damaged(self):
        def spoil(path):
            with open(path, "r+b") as file:
                for _ in range(200):
                    file.seek(self.chooser.randrange(path.stat().st_size))
                    file.write(self.chooser.randbytes(16))
        return self.of_frail("file damaged", spoil)

    def file_truncated(self):
        return self.of_frail("file truncated", lambda path: os.truncate(path, self.chooser.randrange(path.stat().st_size)))

    def file_gone(self):
        return self.of_frail("file gone", lambda path: path.unlink())
