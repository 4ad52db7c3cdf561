"""VOSI 1.1, the OpenAPI document, and the page to try the interface."""
# SPDX-License-Identifier: BSD-3-Clause
import os
import re
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from harness import BUILD, main, run
from jobbing import document, valid
from serving import serving, wait_until

VOSI = "{http://www.ivoa.net/xml/VOSIAvailability/v1.0}"


def capabilities_are_valid_and_say_where(tmp):
    with serving(tmp) as server:
        answer = server.get("/capabilities")
        valid(tmp, "capabilities", answer, "capabilities")
        root = document(answer)
        assert root.tag == "{http://www.ivoa.net/xml/VOSICapabilities/v1.0}capabilities"
        served = {}
        for capability in root:
            assert capability.tag == "capability", "children have no prefix"
            interface = capability.find("interface")
            assert interface.get("role") == "std" and interface.get("version") == "1.0"
            assert interface.get("{http://www.w3.org/2001/XMLSchema-instance}type") == "vs:ParamHTTP"
            served[capability.get("standardID")] = interface.find("accessURL").text
        assert served == {"ivo://ivoa.net/std/VOSI#capabilities": server.url + "/capabilities",
                          "ivo://ivoa.net/std/VOSI#availability": server.url + "/availability",
                          "ivo://ivoa.net/std/SODA#sync-1.0": server.url + "/sync",
                          "ivo://ivoa.net/std/SODA#async-1.0": server.url + "/async"}
        for url in served.values():
            assert server.get(url[len(server.url):]).status in (200, 400), url


def capabilities_say_how_to_sign_in(tmp):
    """Optional: 200 with a challenge for whoever is not signed in, and none for whoever is."""
    with serving(tmp) as server:
        run("user", "add", "ana", "--data", tmp / "data")
        token = run("token", "create", "--user", "ana", "--data", tmp / "data").stdout.decode().split()[-1]
        for method in ("GET", "HEAD"):
            answer = server.request(method, "/capabilities")
            assert answer.status == 200 and answer.headers.get_all("WWW-Authenticate") == ['Bearer realm="recorte"']
            assert answer.headers["X-VO-Authenticated"] is None
            answer = server.request(method, "/capabilities", headers={"Authorization": "Bearer " + token})
            assert answer.status == 200 and answer.headers["X-VO-Authenticated"] == "ana"
            assert answer.headers["WWW-Authenticate"] is None
            answer = server.request(method, "/capabilities", headers={"Authorization": "Bearer x" + token})
            assert answer.status == 401 and 'error="invalid_token"' in answer.headers["WWW-Authenticate"]
        answer = server.get("/capabilities")
        valid(tmp, "capabilities", answer, "capabilities")
        ways = {c.get("standardID").split("/")[-1]: [w.get("standardID") for w in c.iter("securityMethod")]
                for c in document(answer)}
        signing_in = [None, "ivo://ivoa.net/sso#token"]
        assert ways["SODA#sync-1.0"][:2] == signing_in == ways["SODA#async-1.0"][:2], ways
        assert ways["VOSI#capabilities"] == [] == ways["VOSI#availability"], ways
        about = server.get("/.well-known/oauth-protected-resource").json
        assert about["resource"] == server.url and about["bearer_methods_supported"] == ["header"], about
    with serving(tmp, config="[anonymous]\ncutouts = false\n") as server:
        answer = server.get("/capabilities")
        valid(tmp, "closed", answer, "capabilities")
        sync, = [c for c in document(answer) if c.get("standardID").endswith("sync-1.0") and "async" not in c.get("standardID")]
        assert None not in [w.get("standardID") for w in sync.iter("securityMethod")]


def availability_is_valid(tmp):
    with serving(tmp) as server:
        answer = server.get("/availability")
        valid(tmp, "availability", answer, "availability")
        root = document(answer)
        assert root.find(VOSI + "available").text == "true" and root.find(VOSI + "note") is None
        assert re.fullmatch(r"\d{4}-.*Z", root.find(VOSI + "upSince").text)


def availability_says_when_the_workers_are_down(tmp):
    """A worker that cannot be started any more: the program is replaced by one that ends at once."""
    programs = tmp / "bin"
    programs.mkdir()
    for program in ("recorte", "recorte-server", "recorte-worker", "recorte-tools"):
        shutil.copy2(BUILD / "bin" / program, programs / program)
    import serving as module
    module.RECORTE = str(programs / "recorte")
    with serving(tmp, "--plugins", BUILD / "plugins") as server:
        assert document(server.get("/availability")).find(VOSI + "available").text == "true"
        (programs / "recorte-worker").unlink()
        workers = subprocess.run(["pgrep", "-P", str(server.process.pid)], capture_output=True, text=True).stdout.split()
        for worker in workers:
            os.kill(int(worker), signal.SIGKILL)
        server.cutout()
        root = wait_until(lambda: (r := document(server.get("/availability"))).find(VOSI + "available").text == "false" and r,
                          "it is told")
        assert "workers" in root.find(VOSI + "note").text
        valid(tmp, "down", server.get("/availability"), "availability")


def the_document_lists_what_is_served(tmp):
    with serving(tmp) as server:
        answer = server.get("/openapi.json")
        assert answer.headers["Content-Type"] == "application/json"
        api = answer.json
        assert api["openapi"].startswith("3.0") and api["servers"] == [{"url": server.url}]
        for path, operations in api["paths"].items():
            for method, operation in operations.items():
                assert operation["summary"], (method, path)
            plain = re.sub(r"\{\w+\}", "nothing", path)
            allowed = server.request("OPTIONS", plain).headers["Allow"].lower().split(", ")
            assert set(allowed) - {"head", "options"} == set(operations), (path, allowed)
        for path in ("/api/v1/cutout", "/api/v1/jobs", "/api/v1/jobs/{id}/retry", "/sync", "/async/{id}/phase", "/availability"):
            assert path in api["paths"], path
        names = {p["name"] for p in api["paths"]["/api/v1/cutout"]["get"]["parameters"]}
        assert {"survey", "ra", "dec", "size", "bands", "format"} <= names


def the_page_needs_nothing_from_elsewhere(tmp):
    with serving(tmp) as server:
        page = server.get("/docs")
        assert page.status == 200 and page.headers["Content-Type"].startswith("text/html")
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]
        ElementTree.fromstring(page.text.replace("<!DOCTYPE html>", ""))
        links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert links and all(l.startswith("/") for l in links), links
        for link in set(links):
            assert server.get(link).status == 200, link
        for path in server.get("/openapi.json").json["paths"]:
            assert f"<code>{path}</code>" in page.text, path
        assert 'href="/docs"' in server.get("/").text


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
