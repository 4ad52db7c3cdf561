"""Names and passwords: of a directory (a real slapd, by StartTLS and from the first byte), and of this service."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import json
import shutil
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from directory import Certificates, SEARCHER, SEARCHER_PASSWORD, free_port, person, slapd
from doctor import ill, look
from harness import RECORTE, Skip, main
from identity import basic, bearer, closed, command, refused, sky, user
from make import image, index
from serving import serving, wait_until

GROUPS = """
dn: cn=us,ou=groups,dc=test
objectClass: groupOfNames
member: uid=ann,ou=people,dc=test

dn: cn=us,ou=others,dc=test
objectClass: groupOfNames
member: uid=bob,ou=people,dc=test

dn: cn=hpc,ou=groups,dc=test
objectClass: posixGroup
gidNumber: 20001
memberUid: ann
memberUid: bob
"""
REFERRAL = """
dn: ou=elsewhere,ou=people,dc=test
objectClass: referral
objectClass: extensibleObject
ou: elsewhere
ref: ldap://127.0.0.1:{port}/ou=people,dc=test
"""
ODD = (person("leaver", also="employeeType: left\n") + person("twin") + person("twin", where="ou=leavers,ou=people,dc=test", password="x")
       + person("two words") + person("zoë"))
FILTER = "(&(uid={user})(!(employeeType=left)))"


def ldap(tmp, urls, ca, cache="0s", secret=SEARCHER_PASSWORD, base="ou=people,dc=test", more="", auth="tries_per_address = 0\n"):
    (tmp / "secret").write_text(secret + "\n")
    return (f'[auth]\n{auth}[auth.ldap]\nurls = {json.dumps(urls)}\nca = "{ca}"\nbind = "{SEARCHER}"\n'
            f'secret = {{ file = "{tmp}/secret" }}\nbase = "{base}"\nfilter = "{FILTER}"\n'
            f'group_base = "ou=groups,dc=test"\ntimeout = "1s"\ncache = "{cache}"\n{more}')


def skies(tmp):
    """The survey `closed` of the group `us`, and `hpc` of the group of that name."""
    surveys = sky(tmp)
    image(tmp / "hpc" / "c_g.fits", ra=10, dec=0)
    index(tmp / "hpc", "hpc", tmp)
    toml = surveys / "hpc.toml"
    toml.write_text(toml.read_text().replace('access_group = ""', 'access_group = "hpc"'))
    return surveys


@contextlib.contextmanager
def hung(port):
    """Lets everybody in and never says a word; how many came is the length of what it gives."""
    came = []
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()

        def take():
            with contextlib.suppress(OSError):
                while True:
                    came.append(listener.accept()[0])

        thread = threading.Thread(target=take)
        thread.start()
        try:
            yield came
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
            for each in came:
                each.close()


def a_directory_says_who_and_in_which_groups(tmp):
    away = free_port()
    ca = Certificates(tmp / "ca")
    with slapd(tmp / "slapd", ca, people=("ann", "bob", "carol"), ldif=GROUPS + REFERRAL.format(port=away) + ODD) as directory, \
            serving(tmp, surveys=skies(tmp), config=ldap(tmp, [directory.url], ca.ca)) as server, hung(away) as came:
        answer = closed(server, basic("ann"))
        assert answer.status == 200 and answer.body.startswith(b"SIMPLE"), answer.text
        assert answer.headers["X-VO-Authenticated"] == "ann" and "private" in answer.headers["Cache-Control"]
        assert closed(server, basic("ann"), survey="hpc").status == 200  # by posixGroup; `us` by memberOf
        # A group of that name that is not where groups are is another.
        refused(closed(server, basic("bob")), 403, "group us", "hpc")
        assert closed(server, basic("bob"), survey="hpc").status == 200
        refused(closed(server, basic("carol"), survey="hpc"), 403, "you are in no group")
        assert closed(server, basic("ANN", "ann's password")).headers["X-VO-Authenticated"] == "ann"
        challenges = refused(closed(server), 401, "AuthenticationError").headers.get_all("WWW-Authenticate")
        assert 'Basic realm="recorte", charset="UTF-8"' in challenges, challenges

        wrong = refused(closed(server, basic("ann", "wrong"), survey="open"), 401).text
        password = "ann's password"
        for name, secret in [("ann", ""), ("", password), ("*", password), ("a*", password), ("ann)(uid=*", password),
                             ("*)(objectClass=*", password), ("ann)(|(uid=*", password), ("\\61nn", password), ("ann\\00", password),
                             ("uid=ann,ou=people,dc=test", password), (SEARCHER, SEARCHER_PASSWORD), ("nobody", password),
                             (" ann", password), ("ann ", password), ("ａｎｎ", password), ("zoë", None), ("ann", "x" * 2000), ("x" * 256, password),
                             ("leaver", None), ("twin", None), ("twin", "x"), ("ann", password + "\u00a0")]:
            answer = refused(closed(server, basic(name, secret), survey="open"), 401)
            assert answer.text == wrong, (name, answer.text)
        for name in ("ann\0", "ann\n", "x" * 257):
            refused(closed(server, basic(name, password), survey="open"), 400, "RFC 7617")
        refused(closed(server, basic("two words"), survey="open"), 403, "two words", "no account's name")
        assert not came, "a referral was followed"

        # What changes here and there counts at once.
        command(tmp, "user", "disable", "bob")
        refused(closed(server, basic("bob"), survey="hpc"), 403, "switched off")
        command(tmp, "user", "enable", "bob")
        directory.change("dn: cn=hpc,ou=groups,dc=test\nchangetype: modify\ndelete: memberUid\nmemberUid: bob\n")
        refused(closed(server, basic("bob"), survey="hpc"), 403)
        directory.change("dn: uid=bob,ou=people,dc=test\nchangetype: modify\nreplace: employeeType\nemployeeType: left\n")
        refused(closed(server, basic("bob"), survey="open"), 401)
    events = json.loads(command(tmp, "audit", "--user", "ann", "--json").stdout)
    assert events and all(e["method"] == "ldap" for e in events), events
    everything = (tmp / "server.log").read_text() + command(tmp, "audit", "--json").stdout.decode()
    assert "s password" not in everything


def a_password_is_asked_about_once_in_a_while(tmp):
    ca = Certificates(tmp / "ca")
    with slapd(tmp / "slapd", ca, ldif=GROUPS) as directory, \
            serving(tmp, surveys=skies(tmp), config=ldap(tmp, [directory.url], ca.ca, cache="1h")) as server:
        before = directory.binds()
        with ThreadPoolExecutor(20) as pool:
            answers = list(pool.map(lambda _: closed(server, basic("ann")).status, range(40)))
        assert answers == [200] * 40, answers
        assert directory.binds() - before == 2  # the searching account, and ann
        assert closed(server, basic("bob"), survey="hpc").status == 200
        assert directory.binds() - before == 3  # the search was on the connection that was there
        for _ in range(3):
            refused(closed(server, basic("bob", "wrong"), survey="open"), 401)
        assert directory.binds() - before == 4
        directory.stop()
        assert closed(server, basic("ann")).status == 200
        refused(closed(server, basic("ann", "wrong")), 503)
        command(tmp, "user", "disable", "ann")
        refused(closed(server, basic("ann")), 403)


def a_directory_that_does_not_answer_is_503_and_holds_up_nobody_else(tmp):
    ca = Certificates(tmp / "ca")
    with slapd(tmp / "slapd", ca, ldif=GROUPS) as directory, \
            serving(tmp, surveys=skies(tmp), config=ldap(tmp, [directory.url], ca.ca)) as server:
        ana = user(tmp, "ana", "--groups", "us")
        assert closed(server, basic("ann")).status == 200
        directory.stop()
        refused(closed(server, basic("ann")), 503, "does not answer")
        assert closed(server, bearer(ana)).status == 200
        with hung(directory.port) as came, ThreadPoolExecutor(30) as pool:
            wait_until(lambda: closed(server, basic("ann")).status == 503 and came, "it is asked again")
            begun = time.monotonic()
            waiting = [pool.submit(closed, server, basic("ann", f"password {i}")) for i in range(30)]
            wait_until(lambda: len(came) > 1 or all(w.done() for w in waiting), "it is asked")
            assert closed(server, bearer(ana)).status == 200
            assert closed(server, survey="open").status == 200
            statuses = {w.result().status for w in waiting}
            assert statuses == {503}, statuses
            # One second each of four at once, then those that waited for a place; then nobody is asked for a second.
            assert time.monotonic() - begun < 10, time.monotonic() - begun
        directory.start()
        wait_until(lambda: closed(server, basic("ann")).status == 200, "the directory is back")
    assert any("could not be asked" in line.get("message", "") for line in server.log_lines())


def the_next_server_is_asked_where_one_does_not_answer(tmp):
    ca = Certificates(tmp / "ca")
    silent = free_port()
    with slapd(tmp / "slapd", ca, ldif=GROUPS) as directory, hung(silent) as came:
        config = ldap(tmp, [f"ldap://127.0.0.1:{silent}", f"ldap://127.0.0.1:{free_port()}", directory.safe_url], ca.ca)
        with serving(tmp, surveys=skies(tmp), config=config) as server:
            assert closed(server, basic("ann")).status == 200
            refused(closed(server, basic("ann", "wrong")), 401)
        assert len(came) == 1, "who answered last is asked first"


def passwords_go_to_the_right_directory_alone(tmp):
    ca, other = Certificates(tmp / "ca"), Certificates(tmp / "other", "other")
    with slapd(tmp / "slapd", ca, ldif=GROUPS) as directory, slapd(tmp / "named", ca, host="ldap.example.org", also=()) as named:
        def asked(urls=None, authority=ca.ca, status=1, **options):
            return look(tmp, config=ldap(tmp, urls or [directory.url], authority, **options), status=status)

        def says(checks, *parts):
            ill(checks, "directory", *parts)
        for urls in ([directory.url], [directory.safe_url], [directory.url, directory.safe_url]):
            check = asked(urls)["directory"]
            assert check["ok"] and urls[0] in check["what"], check
        before = directory.binds(), named.binds()
        says(asked(authority=other.ca), directory.url, "TLS", "[auth.ldap]")
        says(asked([directory.safe_url], authority=other.ca), directory.safe_url)
        says(asked([named.url]), named.url, "certificate")
        says(asked([named.safe_url]), named.safe_url)
        says(asked(authority=tmp / "missing.pem"), "missing.pem")
        says(asked([f"ldap://127.0.0.1:{free_port()}"]), "Can't contact")
        assert (directory.binds(), named.binds()) == before, "a password was sent"
        says(asked(secret="wrong"), SEARCHER, "not let in")
        says(asked(base="ou=nowhere,dc=test"), "ou=nowhere,dc=test")
        with serving(tmp, surveys=skies(tmp), config=ldap(tmp, [named.url], ca.ca)) as server:
            refused(closed(server, basic("ann")), 503)
        assert named.binds() == before[1]


def only_so_many_wrong_passwords_are_judged(tmp):
    ca = Certificates(tmp / "ca")
    with slapd(tmp / "slapd", ca, ldif=GROUPS) as directory:
        config = ldap(tmp, [directory.url], ca.ca, auth='tries_per_user = 3\ntries_per_address = 8\ntry_again = "10m"\n')
        with serving(tmp, surveys=skies(tmp), config=config) as server:
            ana = user(tmp, "ana", "--groups", "us")
            for i in range(3):
                refused(closed(server, basic("ann", f"wrong {i}")), 401)
            before = directory.binds()
            for name in ("ann", "ANN"):
                answer = refused(closed(server, basic(name, "ann's password")), 429)
                assert 0 < int(answer.headers["Retry-After"]) <= 600, answer.headers
            assert directory.binds() == before
            assert closed(server, basic("bob"), survey="hpc").status == 200
            assert closed(server, bearer(ana)).status == 200
            for i in range(6):  # bob's good one gave one back
                refused(closed(server, basic(f"nobody{i}", "x")), 401)
            refused(closed(server, basic("bob"), survey="hpc"), 429)
            assert closed(server, bearer(ana)).status == 200
            elsewhere = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https"}
            assert closed(server, {**basic("bob"), **elsewhere}, survey="hpc").status == 200


def passwords_of_this_service(tmp):
    ca = Certificates(tmp / "ca")
    eve, secret = "eve's twelve letters", "another secret of hers"
    with slapd(tmp / "slapd", ca, people=("ann", "eve"), ldif=GROUPS) as directory:
        config = ldap(tmp, [directory.url], ca.ca, cache="1h", auth="passwords = true\n")
        with serving(tmp, surveys=skies(tmp), config=config) as server:
            def set_password(text):
                subprocess.run([RECORTE, "user", "password", "eve", "--data", tmp / "data"], input=text + "\n", text=True, check=True,
                               capture_output=True)
            command(tmp, "user", "add", "eve", "--groups", "us")
            set_password(eve)
            answer = closed(server, basic("eve", eve))
            assert answer.status == 200 and answer.headers["X-VO-Authenticated"] == "eve"
            # Whom this service has a password of, the directory is not asked about.
            before = directory.binds()
            wrong = refused(closed(server, basic("eve")), 401).text
            assert directory.binds() == before
            assert closed(server, basic("ann")).status == 200
            assert refused(closed(server, basic("nobody", eve), survey="open"), 401).text == wrong
            set_password(secret)
            refused(closed(server, basic("eve", eve)), 401)
            assert closed(server, basic("eve", secret)).status == 200
            # Over a network a password is taken by TLS alone, and asked for by TLS alone.
            away = {"X-Forwarded-For": "192.0.2.7"}
            for proto, status in (("http", 403), ("https", 200)):
                proxied = {**away, "X-Forwarded-Proto": proto}
                refused(closed(server, {**basic("eve", secret), **proxied}), status, *(["https"] if status == 403 else []))
                offered = any("Basic" in c for c in refused(closed(server, proxied), 401).headers.get_all("WWW-Authenticate"))
                assert offered == (proto == "https"), proto
            command(tmp, "user", "password", "eve", "--none")
            refused(closed(server, basic("eve", secret)), 401)
        everything = (tmp / "server.log").read_text() + command(tmp, "audit", "--json").stdout.decode()
        assert eve not in everything and secret not in everything


def pyvo_and_stilts_bring_a_password(tmp):
    try:
        import pyvo.dal.adhoc
        import requests
    except ImportError:
        raise Skip("python3-pyvo is not installed")
    if not shutil.which("stilts"):
        raise Skip("stilts is not installed")
    from astropy import units as u
    secret = "twelve-letters-and-more"  # the script `stilts` takes words apart
    with serving(tmp, surveys=sky(tmp), config="[auth]\npasswords = true\n[anonymous]\ncutouts = false\n") as server:
        command(tmp, "user", "add", "ana", "--groups", "us")
        subprocess.run([RECORTE, "user", "password", "ana", "--data", tmp / "data"], input=secret + "\n", text=True, check=True,
                       capture_output=True)
        session = requests.Session()
        session.auth = ("ana", secret)
        query = pyvo.dal.adhoc.SodaQuery(server.url + "/sync", circle=(10 * u.deg, 0 * u.deg, 0.001 * u.deg), session=session)
        query["ID"] = "closed"
        assert query.execute_raw() == closed(server, basic("ana", secret)).body
        descriptor = server.url + "/sync?MAXREC=0&ID=closed"
        for password, lets_in in ((secret, True), ("wrong", False)):  # Java tries a wrong one twenty times
            done = subprocess.run(["stilts", "-Dstar.basicauth.user=ana", f"-Dstar.basicauth.password={password}", "votlint",
                                   f"votable={descriptor}"], capture_output=True, text=True, timeout=120)
            assert (done.returncode == 0) == lets_in and lets_in == (not done.stdout.strip() + done.stderr.strip()), done


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
