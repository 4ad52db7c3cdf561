"""A private slapd for a test, on loopback, with certificates of a CA of its own; it ends with the test."""
# SPDX-License-Identifier: BSD-3-Clause
import contextlib
import itertools
import shutil
import socket
import subprocess

from harness import Skip
from serving import PATIENCE, wait_until

SLAPD = "/usr/sbin/slapd"
KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
ADMIN, ADMIN_PASSWORD = "cn=admin,dc=test", "admin's password"
SEARCHER, SEARCHER_PASSWORD = "cn=searcher,dc=test", "searcher's password"

PEOPLE = """
dn: dc=test
objectClass: dcObject
objectClass: organization
o: test

dn: ou=people,dc=test
objectClass: organizationalUnit

dn: ou=leavers,ou=people,dc=test
objectClass: organizationalUnit

dn: ou=groups,dc=test
objectClass: organizationalUnit

dn: ou=others,dc=test
objectClass: organizationalUnit

dn: cn=searcher,dc=test
objectClass: organizationalRole
objectClass: simpleSecurityObject
userPassword: searcher's password
"""


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


NUMBERS = itertools.count(10001)


def person(uid, where="ou=people,dc=test", also="", password=None):
    """An entry; the password of `ann` is "ann's password" unless another is given."""
    mail = uid.encode("ascii", "ignore").decode().split(" ")[0]
    return (f"\ndn: uid={uid},{where}\nobjectClass: inetOrgPerson\nobjectClass: posixAccount\nuid: {uid}\ncn: {uid}\nsn: {uid}\n"
            f"mail: {mail}@example.org\nuidNumber: {next(NUMBERS)}\ngidNumber: 1\nhomeDirectory: /home/x\n"
            f"userPassword: {password or uid + chr(39) + 's password'}\n{also}")


class Certificates:
    """A CA, and what it signs."""

    def __init__(self, directory, name="ca"):
        self.directory, self.name = directory, name
        directory.mkdir(exist_ok=True)
        self.ca = directory / f"{name}.pem"
        self._openssl("req", "-x509", *KEY, "-keyout", directory / f"{name}.key", "-out", self.ca, "-subj", f"/CN={name}", "-days", "2")

    def _openssl(self, *arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True, timeout=PATIENCE)

    def sign(self, host, *others):
        """The files of a certificate and its key, for these names; an address is written IP:127.0.0.1."""
        base = self.directory / f"{self.name}-{host.replace(':', '-')}"
        names = ",".join(n if ":" in n else f"DNS:{n}" for n in (host, *others))
        key, request, certificate, extensions = (base.with_suffix(s) for s in (".key", ".csr", ".crt", ".ext"))
        extensions.write_text(f"subjectAltName={names}\n")
        self._openssl("req", *KEY, "-keyout", key, "-out", request, "-subj", "/CN=a server")
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.directory / f"{self.name}.key", "-CAcreateserial",
                      "-out", certificate, "-days", "2", "-extfile", extensions)
        return certificate, key


class Slapd:
    """`tls`: the files of its certificate and key. It answers at `url`, and at `safe_url` with TLS from the first byte."""

    def __init__(self, directory, ca, tls, port=None, extra=""):
        self.directory, self.port, self.safe_port = directory, port or free_port(), free_port()
        self.url, self.safe_url = f"ldap://127.0.0.1:{self.port}", f"ldaps://127.0.0.1:{self.safe_port}"
        (directory / "db").mkdir(parents=True)
        (directory / "slapd.conf").write_text(f"""
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/nis.schema
include /etc/ldap/schema/inetorgperson.schema
pidfile {directory}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload back_monitor
moduleload memberof
allow bind_anon_dn
TLSCACertificateFile {ca}
TLSCertificateFile {tls[0]}
TLSCertificateKeyFile {tls[1]}
database monitor
access to * by * read
database mdb
maxsize 33554432
suffix "dc=test"
rootdn "{ADMIN}"
rootpw "{ADMIN_PASSWORD}"
directory {directory}/db
overlay memberof
memberof-group-oc groupOfNames
access to attrs=userPassword by self write by anonymous auth by * none
access to * by dn.exact="{SEARCHER}" read by self read by * none
{extra}
""")
        self.process, self.own = None, 0
        self.start()

    def start(self):
        with open(self.directory / "log", "a") as log:
            self.process = subprocess.Popen([SLAPD, "-f", self.directory / "slapd.conf", "-h", f"{self.url} {self.safe_url}", "-d", "none"],
                                            stdout=log, stderr=log, cwd=self.directory)

        def answers():
            assert self.process.poll() is None, (self.directory / "log").read_text()
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return True

        wait_until(answers, "slapd answers")

    def stop(self):
        self.process.terminate()
        self.process.wait(PATIENCE)

    def client(self, program, *arguments, text=None, who=ADMIN, password=ADMIN_PASSWORD):
        done = subprocess.run([program, "-x", "-H", self.url, "-D", who, "-w", password, *arguments], input=text, capture_output=True,
                              text=True, timeout=PATIENCE)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add(self, ldif):
        self.client("ldapadd", text=ldif)

    def change(self, ldif):
        self.client("ldapmodify", text=ldif)

    def binds(self):
        """How many it has completed, but for this one's own."""
        self.own += 1
        text = self.client("ldapsearch", "-LLL", "-b", "cn=Bind,cn=Operations,cn=Monitor", "-s", "base", "monitorOpInitiated")
        return int(text.split("monitorOpInitiated:")[1].split()[0]) - self.own


@contextlib.contextmanager
def slapd(directory, certificates, *, host="localhost", also=("IP:127.0.0.1",), people=("ann", "bob"), ldif="", extra=""):
    if not shutil.which(SLAPD) or not shutil.which("ldapadd"):
        raise Skip("slapd is not installed: apt-get install slapd ldap-utils")
    server = Slapd(directory, certificates.ca, certificates.sign(host, *also), extra=extra)
    try:
        server.add(PEOPLE + "".join(person(p) for p in people) + (ldif or ""))
        yield server
    finally:
        server.stop()
