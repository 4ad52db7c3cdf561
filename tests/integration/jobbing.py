"""What tests of jobs share: UWS by hand, its XML, its schemas, and lists of positions."""
# SPDX-License-Identifier: BSD-3-Clause
import re
import shutil
import subprocess
import urllib.parse
import uuid
import xml.etree.ElementTree as ElementTree
import zipfile

from harness import EXAMPLE, Skip
from serving import wait_until

UWS = "{http://www.ivoa.net/xml/UWS/v1.0}"
XLINK = "{http://www.w3.org/1999/xlink}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
CIRCLE = f"{EXAMPLE[0]} {EXAMPLE[1]} 0.004"
ONE = [("ID", "demo"), ("CIRCLE", CIRCLE), ("FILTER", "g")]
# Of the demo sky: in it, and far from it.
INSIDE, OUTSIDE = EXAMPLE, (100.0, -45.0)
ENDED = ("COMPLETED", "ERROR", "ABORTED", "ARCHIVED")
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# Anonymous callers see each other's jobs, as a validator wants it.
LISTED = "[anonymous]\nlist = true\n"


def path_of(url):
    parts = urllib.parse.urlsplit(url)
    return parts.path + ("?" + parts.query if parts.query else "")


def post(server, path, pairs=()):
    """A form, of a dict or of pairs."""
    return server.request("POST", path, body=urllib.parse.urlencode(list(pairs.items()) if isinstance(pairs, dict) else list(pairs)), headers=FORM)


def multipart(parts):
    """Headers and body; a part is (name, value) or (name, value, file name)."""
    boundary = uuid.uuid4().hex
    body = b""
    for name, value, *file in parts:
        named = f'; filename="{file[0]}"' if file else ""
        body += f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"{named}\r\n\r\n'.encode()
        body += (value if isinstance(value, bytes) else value.encode()) + b"\r\n"
    return {"Content-Type": f"multipart/form-data; boundary={boundary}"}, body + f"--{boundary}--\r\n".encode()


def see(answer, server, path):
    """Asserts a 303 to `path`, absolute, and returns it."""
    assert answer.status == 303, (answer.status, answer.text)
    location = answer.headers["Location"]
    assert re.fullmatch(re.escape(server.url) + path, location), location
    return path_of(location)


def create(server, pairs, run=True):
    """The path of a new SODA job."""
    return see(post(server, "/async", [*pairs, *([("PHASE", "RUN")] if run else [])]), server, r"/async/[0-9a-z]+")


def phase(server, job):
    return server.get(job + "/phase").text


def ended(server, job):
    """Waits, and returns the phase in which it ended."""
    return wait_until(lambda: (p := phase(server, job)) in ENDED and p, f"{job} ends")


def document(answer):
    assert answer.status == 200, (answer.status, answer.text)
    assert answer.headers["Content-Type"].split(";")[0] in ("text/xml", "application/xml"), answer.headers["Content-Type"]
    return ElementTree.fromstring(answer.body)


def job_xml(server, job, **parameters):
    return document(server.get(job, parameters))


def text(root, name):
    return root.find(UWS + name).text


def results(root):
    """id → (path, media type) of a job's or of a results document."""
    return {r.get("id"): (path_of(r.get(XLINK + "href")), r.get("mime-type")) for r in root.iter(UWS + "result")}


def listed(server, **parameters):
    return [r.get("id") for r in document(server.get("/async", list_of(parameters))).iter(UWS + "jobref")]


def list_of(parameters):
    """{"PHASE": ["A", "B"]} as pairs."""
    return [(name, v) for name, value in parameters.items() for v in (value if isinstance(value, list) else [value])]


def schemas(tmp):
    """Those of starlink-ttools-java, in a directory: the options of xsdvalidate, or a skip."""
    jar = "/usr/share/java/starlink-ttools.jar"
    if not shutil.which("stilts") or not zipfile.is_zipfile(jar):
        raise Skip("stilts is not installed")
    with zipfile.ZipFile(jar) as archive:
        for name in archive.namelist():
            if name.endswith(".xsd"):
                (tmp / name.rsplit("/", 1)[1]).write_bytes(archive.read(name))
    spaces = {"http://www.ivoa.net/xml/UWS/v1.0": "UWS-v1.1.xsd",
              "http://www.w3.org/1999/xlink": "xlink.xsd",
              "http://www.ivoa.net/xml/VOSICapabilities/v1.0": "VOSICapabilities-v1.0.xsd",
              "http://www.ivoa.net/xml/VOSIAvailability/v1.0": "VOSIAvailability-v1.0.xsd",
              "http://www.ivoa.net/xml/VOResource/v1.0": "VOResource-v1.1.xsd",
              "http://www.ivoa.net/xml/VODataService/v1.1": "VODataService-v1.2.xsd",
              "http://www.ivoa.net/xml/STC/stc-v1.30.xsd": "stc-v1.30.xsd"}
    return [f"schemaloc={space}={tmp / file}" for space, file in spaces.items()]


def valid(tmp, name, answer, element):
    """Asserts that the schema accepts the document, whose root is `element`."""
    assert answer.status == 200, (name, answer.status, answer.text)
    path = tmp / f"{name}.xml"
    path.write_bytes(answer.body)
    done = subprocess.run(["stilts", "xsdvalidate", *schemas(tmp), f"topel={element}", f"doc={path}"],
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}\n{answer.text}"


def positions(count, outside=0):
    """A list: `count` positions around the example, and so many far away, as CSV."""
    rows = [f"a{i},{EXAMPLE[0] + 0.001 * (i % 20)!r},{EXAMPLE[1] + 0.001 * (i // 20 % 20)!r}" for i in range(count)]
    rows += [f"far{i},{OUTSIDE[0] + i * 0.1!r},{OUTSIDE[1]!r}" for i in range(outside)]
    return "id,ra,dec\n" + "\n".join(rows) + "\n"
