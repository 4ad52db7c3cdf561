"""A server that tells by mail and webhook that jobs ended, and its operator that something fails."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import email
import email.policy
import hashlib
import hmac
import json
import os
import pathlib
import queue
import signal
import subprocess
import sys
import threading
import urllib.parse

import sinks
from harness import BUILD, main
from serving import PATIENCE, serving, wait_until

SECRET = "a secret of tests"
ENVIRONMENT = {"RECORTE_SECRET_SECRET": SECRET, "RECORTE_SECRET_PASSWORD": "pass"}
CIRCLE = "0.055 10.005 0.004"


class Sink:
    """A process of sinks.py; `next()` is what it took next."""

    def __init__(self, *arguments):
        self.process = subprocess.Popen([sys.executable, sinks.__file__, *map(str, arguments)], stdout=subprocess.PIPE)
        self.taken = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.at = f"127.0.0.1:{self.next()['port']}"

    def _read(self):
        for line in self.process.stdout:
            self.taken.put(json.loads(line))

    def next(self):
        return self.taken.get(timeout=PATIENCE)


@contextlib.contextmanager
def sink(*arguments):
    running = Sink(*arguments)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def mail_settings(at, more="plain = true"):
    return f'[mail]\nserver = "smtp://{at}"\nfrom = "recorte@example.org"\ndomains = ["example.org"]\n{more}\n'


def webhook_settings(*hosts):
    listed = ", ".join(f'"http://{host}"' for host in hosts)
    return f'[webhook]\nhosts = [{listed}]\nsecret = {{ env = "RECORTE_SECRET_SECRET" }}\n'


def submit(server, *notify, **parameters):
    """A job of one cutout, made by UWS and running; the answer."""
    given = [("ID", "demo"), ("CIRCLE", CIRCLE), ("PHASE", "RUN"), *parameters.items(),
             *(("NOTIFY", whom) for whom in notify)]
    return server.request("POST", "/async", body=urllib.parse.urlencode(given),
                          headers={"Content-Type": "application/x-www-form-urlencoded"})


def submitted(server, *notify, **parameters):
    """Its path."""
    answer = submit(server, *notify, **parameters)
    assert answer.status == 303, (answer.status, answer.text)
    return urllib.parse.urlsplit(answer.headers["Location"]).path


def phase(server, job):
    return server.get(job + "/phase").text.strip()


def is_signed(taken):
    good = hmac.new(SECRET.encode(), taken["body"].encode(), hashlib.sha256).hexdigest()
    assert taken["headers"]["x-recorte-signature"] == f"sha256={good}", taken
    return json.loads(taken["body"])


def mail_and_webhook_tell_of_a_finished_job(tmp):
    with sink("smtp", "--tls", tmp, "--user", "me:pass") as mails, sink("http") as hooks:
        secrets = ('user = "me"\npassword = { env = "RECORTE_SECRET_PASSWORD" }\n' f'ca = "{tmp}/ca.pem"')
        config = ('[server]\nbase_url = "https://cutouts.example.org/x"\n' + mail_settings(mails.at, secrets)
                  + webhook_settings(hooks.at))
        with serving(tmp, config=config, env=ENVIRONMENT) as server:
            url = f"http://{hooks.at}/hook"
            children = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, check=True).stdout
            for child in children.split():
                inherited = pathlib.Path(f"/proc/{child.decode()}/environ").read_bytes()
                assert b"RECORTE_SECRET_" not in inherited, "workers run plugins, and get no secret"
            id = submitted(server, "me@example.org", url, RUNID="Péché\r\nBcc: all@example.org").split("/")[-1]
            mail, hook = mails.next(), hooks.next()
    assert mail["tls"] and mail["authenticated"] and mail["to"] == ["me@example.org"], mail
    message = email.message_from_string(mail["data"], policy=email.policy.default)
    assert message["Bcc"] is None and "Péché" in message["Subject"] and id in message["Subject"], mail["data"]
    text = message.get_content()
    assert "COMPLETED" in text and f"https://cutouts.example.org/x/async/{id}" in text, text
    body = is_signed(hook)
    assert body["event"] == "job.ended" and body["job"]["phase"] == "COMPLETED", body
    assert body["job"]["products"] == {"total": 1, "ok": 1, "partial": 0, "no_coverage": 0, "failed": 0}, body
    assert body["job"]["bytes"] > 0
    assert body["job"]["links"]["products"] == f"https://cutouts.example.org/x/api/v1/jobs/{id}/products.zip", body
    assert not (tmp / "data" / "jobs" / id / "notice").exists()


def jobs_of_the_json_api_tell_too(tmp):
    with sink("smtp") as mails, sink("http") as hooks:
        with serving(tmp, config=mail_settings(mails.at) + webhook_settings(hooks.at), env=ENVIRONMENT) as server:
            whom = ["me@example.org", f"http://{hooks.at}/"]
            wanted = {"survey": "demo", "bands": "g", "run_id": "mine", "notify": whom,
                      "positions": [{"ra": 0.055, "dec": 10.005, "size": "16px"}, {"ra": 90, "dec": -80, "size": "16px"}]}
            made = server.request("POST", "/api/v1/jobs", body=json.dumps(wanted),
                                  headers={"Content-Type": "application/json"})
            assert made.status == 201, made.text
            assert "mine" in mails.next()["data"]
            job = is_signed(hooks.next())["job"]
            assert job["id"] == made.json["id"] and job["run_id"] == "mine", job
            assert job["products"] == {"total": 2, "ok": 1, "partial": 0, "no_coverage": 1, "failed": 0}, job
            for refused in ({**wanted, "notify": "me@evil.org"}, {**wanted, "notify": ["me@example.org", "x"]}):
                answer = server.request("POST", "/api/v1/jobs", body=json.dumps(refused),
                                        headers={"Content-Type": "application/json"})
                assert answer.status in (400, 403) and "NOTIFY: " in answer.json["detail"], answer.text


def whom_it_may_not_tell_is_refused(tmp):
    config = mail_settings("127.0.0.1:1") + webhook_settings("127.0.0.1:2")
    with serving(tmp, config=config, env=ENVIRONMENT) as server:
        for whom, sentence in (
                ("me@evil.org", "no mail may go to 'evil.org'; it may go to example.org"),
                ("http://127.0.0.1:3/", "'http://127.0.0.1:3' may not be told; URLs may begin with http://127.0.0.1:2"),
                ("https://127.0.0.1:2/", "'https://127.0.0.1:2' may not be told"),
                ("nobody", "'nobody' is no mail address")):
            refused = submit(server, "me@example.org", whom)
            assert refused.status in (400, 403) and sentence in refused.text, (refused.status, refused.text)
        assert server.get("/async").text.count("jobref") == 0
        job = submitted(server, "me@example.org")
        wait_until(lambda: phase(server, job) == "COMPLETED", "the job ends, though nobody takes the mail")
    with serving(tmp) as server:
        refused = submit(server, "me@example.org")
        assert refused.status == 400 and "this service sends no mail" in refused.text, refused.text


def a_dead_mail_server_delays_no_job_and_forgets_nobody(tmp):
    """Told after the server was killed and came back with a mail server that lives."""
    retry = '[notify]\npause = "0.1s"\nlongest_pause = "0.1s"\nattempts = 100\n'
    with sink("smtp") as mails:
        config = mail_settings("127.0.0.1:1") + '[notify]\npause = "1h"\n'
        with serving(tmp, config=config, status=-signal.SIGKILL) as server:
            job = submitted(server, "me@example.org")
            wait_until(lambda: phase(server, job) == "COMPLETED", "the job ends")
            notice = tmp / "data" / "jobs" / job.split("/")[-1] / "notice"
            wait_until(lambda: notice.exists() and json.loads(notice.read_text())["to"][0]["attempts"] == 1, "it was tried")
            server.process.send_signal(signal.SIGKILL)
            server.process.wait(PATIENCE)
        left = json.loads(notice.read_text())
        left["to"][0]["next"] = 0  # the hour is over
        notice.write_text(json.dumps(left))
        with serving(tmp, config=mail_settings(mails.at) + retry) as server:
            assert job.split("/")[-1] in mails.next()["data"].replace("=\r\n", "")
            wait_until(lambda: not notice.exists(), "nobody is left to be told")


def an_end_that_a_crash_kept_quiet_is_told_at_the_next_start(tmp):
    """The server died once a job had ended, before there was a notice: that leaves what is left here."""
    with sink("http") as hooks:
        config, url = webhook_settings(hooks.at), f"http://{hooks.at}/"
        with serving(tmp, config=config, env=ENVIRONMENT) as server:
            kept, told = submitted(server, url), submitted(server, url)
            quiet = submitted(server)
            for job in (kept, told, quiet):
                wait_until(lambda: phase(server, job) == "COMPLETED", "the job ends")
            first = {is_signed(hooks.next())["job"]["id"] for _ in range(2)}
            assert first == {kept.split("/")[-1], told.split("/")[-1]}
            mark = lambda job: tmp / "data" / "jobs" / job.split("/")[-1] / "notified"
            wait_until(lambda: mark(kept).exists() and mark(told).exists(), "it is noted who was told")
        mark(kept).unlink()
        with serving(tmp, config=config, env=ENVIRONMENT) as server:
            assert is_signed(hooks.next())["job"]["id"] == kept.split("/")[-1]
            wait_until(lambda: mark(kept).exists(), "it is noted who was told")
        with serving(tmp, config=config, env=ENVIRONMENT):
            pass
        assert hooks.taken.empty(), "each end is told of once"


def a_crash_alerts_the_operator_once(tmp):
    plugins = tmp / "plugins"
    plugins.mkdir()
    for plugin in [*(BUILD / "plugins").glob("*.so"), BUILD / "vices" / "vice-segfault-run.so"]:
        (plugins / plugin.name).symlink_to(plugin)
    with sink("http") as hooks:
        config = f'[alert]\nurl = "http://{hooks.at}/ops"\n'
        with serving(tmp, "--plugins", plugins, config=config) as server:
            for _ in range(3):
                assert server.cutout(algorithm="vice-segfault-run", bands="g").status == 500
            taken = hooks.next()
            assert "x-recorte-signature" not in taken["headers"], "there is no secret"
            alert = json.loads(taken["body"])
            assert alert["event"] == "alert" and alert["where"] == "a worker" and "SIGSEGV" in alert["what"], alert
            assert server.metric("recorte_worker_deaths_total") == 3
        assert hooks.taken.empty(), "the same is said once in ten minutes"


def settings_that_do_not_fit_are_refused(tmp):
    for config, sentence in ((webhook_settings("127.0.0.1:1"), "RECORTE_SECRET_SECRET"),
                             (mail_settings("a.org:1", 'password = "x"'), "a secret does not stand in this file"),
                             ('[mail]\nserver = "smtp://a.org"\n', "'from'")):
        (tmp / "recorte.toml").write_text(config)
        environment = {k: v for k, v in os.environ.items() if k != "RECORTE_SECRET_SECRET"}
        done = subprocess.run([os.environ["RECORTE"], "serve", "--data", tmp / "data", "--listen", "127.0.0.1:0",
                               "--surveys", pathlib.Path(os.environ["RECORTE_DEMO"]) / "surveys.d",
                               "--config", tmp / "recorte.toml"], capture_output=True, timeout=PATIENCE, env=environment)
        assert done.returncode == 2 and sentence in done.stderr.decode(), done


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
