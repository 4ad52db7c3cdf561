"""Access tokens of OpenID providers: who is let in by them, and which are refused. A real provider gives them out."""
# SPDX-License-Identifier: BSD-3-Clause
import base64
import concurrent.futures
import contextlib
import hashlib
import hmac
import json
import sys
import time

from harness import main, run
from identity import bearer, closed, command, refused, user
from make import image, index
from openid import RESOURCE, b64, claims_of, configuration, environment, provider
from serving import serving, wait_until

MORE = f'audiences = ["{RESOURCE}", "recorte"]\ntimeout = "2s"\n'


def sky(tmp):
    """An open survey, and a closed one of the group `des`."""
    image(tmp / "open" / "a_g.fits", ra=10, dec=0)
    image(tmp / "closed" / "b_g.fits", ra=10, dec=0)
    surveys = index(tmp / "open", "open", tmp)
    index(tmp / "closed", "closed", tmp)
    toml = surveys / "closed.toml"
    toml.write_text(toml.read_text().replace('access_group = ""', 'access_group = "des"'))
    return surveys


@contextlib.contextmanager
def trusting(tmp, more=MORE, rest=""):
    """A provider, and a server that trusts it."""
    with provider() as there:
        with serving(tmp, surveys=sky(tmp), config=configuration(there) + more + rest, env=environment()) as server:
            yield there, server


def let_in(server, token, name="alice@illinois.edu"):
    answer = closed(server, bearer(token))
    assert answer.status == 200, (answer.status, answer.text)
    assert answer.headers["X-VO-Authenticated"] == name, answer.headers
    return answer


def no_good(server, token, *parts):
    """Refused, also where anybody may come in, by a sentence without the token."""
    answer = refused(closed(server, bearer(token), survey="open"), 401, "AuthenticationError", *parts)
    assert not token or token not in answer.text
    return answer


def said(there, **over):
    """What a good access token says, members over it; None takes one away."""
    now = int(time.time())
    claims = {"iss": there.issuer, "sub": "http://cilogon.org/serverA/users/1001", "aud": RESOURCE, "client_id": "recorte",
              "scope": "recorte", "eppn": "alice@illinois.edu", "isMemberOf": ["des"], "iat": now, "nbf": now - 5,
              "exp": now + 600, **over}
    return {name: value for name, value in claims.items() if value is not None}


def total(there):
    return sum(there.calls().values())


def users_of_a_provider_come_in(tmp):
    with trusting(tmp) as (there, server):
        challenges = refused(closed(server), 401).headers.get_all("WWW-Authenticate")
        assert any(c.startswith("Bearer ") for c in challenges), challenges
        assert any(c.startswith("ivoa_bearer ") and there.issuer in c for c in challenges), challenges
        # CILogon's shapes: groups as strings, none, and as objects; opaque tokens, and JWTs.
        tokens = {}
        for get in (there.opaque, there.jwt):
            for login in ("alice", "bob", "carol"):
                tokens[get, login] = token = get(login)
                assert (token.count(".") == 2) == (get == there.jwt)
            let_in(server, tokens[get, "alice"])
            let_in(server, tokens[get, "carol"], "carol@linea.org.br")
            refused(closed(server, bearer(tokens[get, "bob"])), 403, "group des")
        listed = json.loads(command(tmp, "user", "list", "--json").stdout)
        assert {u["name"]: u["email"] for u in listed} == {
            "alice@illinois.edu": "alice@illinois.edu", "bob": "bob@inaf.it", "carol@linea.org.br": "carol@linea.org.br"}
        # Whoever is taken out of a group there is out of it here.
        there.tell("users", {"carol": {"sub": "http://cilogon.org/serverA/users/1003", "eppn": "carol@linea.org.br"}})
        refused(closed(server, bearer(there.jwt("carol"))), 403)
        let_in(server, there.sign(said(there), key="ec"))
        let_in(server, there.sign(said(there, aud=["x", RESOURCE])))
        let_in(server, there.sign(said(there), {"kid": None}))
        let_in(server, there.sign(said(there), {"typ": "JWT"}))
        # A token of this service goes on being one.
        ana = user(tmp, "ana", "--groups", "des")
        let_in(server, ana, "ana")
        trail = json.loads(command(tmp, "audit", "--user", "alice@illinois.edu", "--json").stdout)
        assert {e["method"] for e in trail} == {"oidc"} and all(e["credential"] for e in trail), trail
        command(tmp, "user", "disable", "alice@illinois.edu")
        for get in (there.opaque, there.jwt):
            refused(closed(server, bearer(tokens[get, "alice"]), survey="open"), 403, "switched off")
        log = (tmp / "server.log").read_text() + command(tmp, "audit", "--json").stdout.decode()
        for secret in (*tokens.values(), "the secret of recorte"):
            assert secret not in log


def each_bad_token_is_refused(tmp):
    """The kinds of probes/oauth2/mktokens.py and more, each with what is wrong with it."""
    with trusting(tmp, rest="[auth]\ntries_per_address = 0\n[server.limits]\nhead = \"64KiB\"\n") as (there, server):
        good = there.sign(said(there))
        let_in(server, good)
        now = int(time.time())
        head, body, signature = good.split(".")
        pem = there.control("pem")["pem"].encode()
        jwks = there._json("/jwks")["keys"]
        modulus = next(k["n"] for k in jwks if k["kty"] == "RSA")
        modulus = base64.urlsafe_b64decode(modulus + "=" * (-len(modulus) % 4))

        def hs256(secret):
            text = b64({"alg": "HS256", "kid": "rsa-1", "typ": "at+jwt"}) + "." + body
            return text + "." + b64(hmac.new(secret, text.encode(), hashlib.sha256).digest())

        def algorithm(name, signed):
            return f'{b64({"alg": name, "kid": "rsa-1", "typ": "at+jwt"})}.{body}.{signature if signed else ""}'

        def signed(header=None, key="rsa", **over):
            return there.sign(said(there, **over), header, key)
        pinned = "no algorithm that is accepted"
        bad = {
            "iss": (signed(iss="http://evil"), "names no issuer whose tokens"),
            "noiss": (signed(iss=None), "names no issuer whose tokens"),
            "aud": (signed(aud="other"), "for another service"),
            "noaud": (signed(aud=None), "for another service"),
            "expired": (signed(exp=now - 120), "it is over"),
            "noexp": (signed(exp=None), "it has no end"),
            "nbf": (signed(nbf=now + 600), "not valid yet"),
            "expstring": (signed(exp=str(now - 100)), "exp is no time"),
            "kid": (signed({"kid": "k9"}, "rogue"), "signed with no key of"),
            "roguekey": (signed({"kid": "rsa-1"}, "rogue"), "signed with no key of"),
            "roguekey_nokid": (signed({"kid": None}, "rogue"), "signed with no key of"),
            "tampered": (f'{head}.{b64({**said(there), "sub": "admin"})}.{signature}', "signed with no key of"),
            "alg_none": (algorithm("none", False), pinned),
            "alg_none_sig": (algorithm("none", True), pinned),
            "alg_None": (algorithm("None", False), pinned),
            "alg_None_sig": (algorithm("None", True), pinned),
            "hs256_pubkey": (hs256(pem), pinned),
            "hs256_mod": (hs256(modulus), pinned),
            "garbage": ("abc", "does not know it"),
            "dots": ("..", "does not know it"),
            "dots4": ("....", "does not know it"),
            "crit": (signed({"crit": ["b64x"], "b64x": True}), "extensions that are not known"),
            "iat": (signed(iat=now + 600), "made in the future"),
            "client": (signed(client_id="other"), "given to another client"),
            "azp": (signed(azp="other"), "given to another client"),
            "noclient": (signed(client_id=None), "to which client"),
            "nosub": (signed(sub=None), "whose it is"),
            "name": (signed(eppn="anonymous"), "cannot be a user's name"),
            "twice": (f'{head}.{b64(json.dumps(said(there))[:-1].encode() + b", " + json.dumps({"sub": "x"})[1:].encode())}'
                      f".{signature}", "no JSON objects"),
            "key_in_header": (signed({"kid": None, "jwk": there.control("rogue")["jwk"]}, "rogue"), "signed with no key of"),
        }
        for name, (token, why) in bad.items():
            try:
                no_good(server, token, why)
            except AssertionError as wrong:
                raise AssertionError(f"{name}: {wrong}") from None
        let_in(server, good)
        # No token at all, what the head of a request has no room for, and what is no field of one.
        for token in ("", "A" * 17000, f"{head}.{body}.{'A' * 17000}"):
            refused(closed(server, bearer(token), survey="open"), 400, "no token")
        assert closed(server, bearer("A" * 200000), survey="open").status == 431
        with server.connect() as connection:
            connection.sendall(f"GET /api/v1/surveys HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {good}\0x\r\n\r\n".encode())
            assert b" 400 " in connection.recv(4096)


def an_id_token_is_no_access_token(tmp):
    with trusting(tmp) as (there, server):
        for nonce in ("n", None):
            answer = there.tokens(nonce=nonce)
            assert claims_of(answer["id_token"])["aud"] == "recorte"
            no_good(server, answer["id_token"], "id_token")
            let_in(server, answer["access_token"])
        now = int(time.time())
        plain = {"aud": "recorte", "azp": "recorte", "client_id": None, "exp": now + 600}
        no_good(server, there.sign(said(there, scope=None, **plain), {"typ": "JWT"}), "as an id_token")
        no_good(server, there.sign(said(there, nonce="n", **plain), {"typ": "JWT"}), "it is an id_token")
        no_good(server, there.sign(said(there, typ="ID", **plain), {"typ": "JWT"}), "no access token")
        no_good(server, there.sign(said(there), {"typ": "logout+jwt"}), "no access token")


def a_token_of_another_client_or_user_is_refused(tmp):
    with trusting(tmp) as (there, server):
        token = there.opaque()
        there.tell("answers", {"/token/introspection": {"sub": "another"}})
        no_good(server, token, "names two users")
        there.tell("answers", {})
        for get in (there.opaque, there.jwt):
            no_good(server, get(client="other"), "given to another client")
            let_in(server, get())


def what_is_revoked_is_refused(tmp):
    with trusting(tmp, MORE + 'keep_verdicts = "0s"\n') as (there, server):
        token = there.opaque()
        let_in(server, token)
        there.revoke(token)
        no_good(server, token, "does not know it, or it is over or revoked")
        there.control("lifetime", seconds=1)
        short = there.opaque()
        wait_until(lambda: closed(server, bearer(short), survey="open").status == 401, "the end of a token")


def verdicts_are_kept_as_long_as_configured(tmp):
    with trusting(tmp, MORE + 'keep_verdicts = "10m"\nleeway = "0s"\n') as (there, server):
        token, again = there.opaque(), there.opaque()
        let_in(server, token)
        there.revoke(token)
        let_in(server, token)
        # No verdict outlives its token.
        there.control("lifetime", seconds=1)
        short = there.opaque()
        wait_until(lambda: closed(server, bearer(short), survey="open").status == 401, "the end of a token")
        # Many requests with one token are one question.
        there.reset()
        there.faults(introspection="hang")
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            asked = [pool.submit(let_in, server, again) for _ in range(8)]
            wait_until(lambda: there.calls().get("introspection"), "the question")
            there.faults()
            for one in asked:
                one.result()
        assert there.calls()["introspection"] == 1, there.calls()


def a_revocation_is_seen_after_that(tmp):
    with trusting(tmp, MORE + 'keep_verdicts = "1s"\n') as (there, server):
        token = there.opaque()
        let_in(server, token)
        there.revoke(token)
        wait_until(lambda: closed(server, bearer(token), survey="open").status == 401, "the revocation to be seen")


def keys_change_without_a_restart(tmp):
    with trusting(tmp) as (there, server):
        old = there.jwt()
        let_in(server, old)
        there.control("rotate", keep=True)
        let_in(server, there.jwt())
        let_in(server, old)
        there.control("rotate", keep=False)
        let_in(server, there.jwt())
        let_in(server, there.sign(said(there), key="ec"))
        no_good(server, old, "signed with no key of")


def a_storm_of_forged_tokens_is_no_storm_for_the_provider(tmp):
    with trusting(tmp, rest='[server]\ntrusted_proxies = ["127.0.0.1"]\n') as (there, server):
        good, opaque = there.jwt(), there.opaque()
        forged = [there.sign(said(there), {"kid": kid}, "rogue") for kid in ("rsa-1", "ec-1", "k1", "k2")]
        head, body, _ = good.split(".")

        def send(token, address):
            return closed(server, {**bearer(token), "X-Forwarded-For": address}, survey="open").status
        there.reset()
        kinds = [*forged, *(f"{b64({'alg': 'RS256', 'kid': f'k{i}', 'typ': 'at+jwt'})}.{body}.AAAA" for i in range(6))]
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda i: send(kinds[i % len(kinds)], f"10.0.{i % 200}.7"), range(1000)))
        # While the provider is asked few wait for that, and the others are told to come again.
        assert 401 in answers and set(answers) <= {401, 503}, {a: answers.count(a) for a in set(answers)}
        assert {send(token, "10.0.0.7") for token in kinds} == {401}
        assert 0 < total(there) < 10, there.calls()
        let_in(server, good)
        let_in(server, opaque)
        there.reset()
        answers = [send(f"forged-{i}", "10.9.9.9") for i in range(1000)]
        assert set(answers) == {401, 429} and answers.count(429) > 900, {a: answers.count(a) for a in set(answers)}
        assert 0 < total(there) < 10, there.calls()


def a_provider_that_is_away_is_no_reason_to_refuse(tmp):
    with trusting(tmp) as (there, server):
        jwt, opaque, other = there.jwt(), there.opaque(), there.opaque("carol")
        let_in(server, jwt)
        let_in(server, opaque)
        there.faults(every="hang")
        begin = time.monotonic()
        answer = refused(closed(server, bearer(other)), 503)
        assert time.monotonic() - begin < 20 and int(answer.headers["Retry-After"]) > 0
        # What is known counts, and nobody else waits.
        let_in(server, jwt)
        let_in(server, opaque)
        assert closed(server, survey="open").status == 200
        there.faults()
        wait_until(lambda: closed(server, bearer(other)).status == 200, "the provider to be asked again")
        for fault in (500, "drop"):
            there.faults(every=fault)
            refused(closed(server, bearer(f"other-{fault}")), 503)
            there.faults()
            wait_until(lambda: closed(server, bearer(f"another-{fault}")).status == 401, "the provider to be asked again")
        there.stop()
        let_in(server, jwt)
        refused(closed(server, bearer("unknown")), 503)
    log = (tmp / "server.log").read_text()
    assert "an OpenID provider cannot be asked" in log


def without_keys_nothing_is_judged(tmp):
    with trusting(tmp) as (there, server):
        token = there.sign(said(there))
        issuer = there.issuer
        for document in ({"issuer": issuer + "/"}, {"jwks_uri": "http://192.0.2.1/jwks"}, {"jwks_uri": "https://evil.example/"},
                         {"raw": "no JSON"}):
            there.tell("answers", {"/.well-known/openid-configuration": document})
            refused(closed(server, bearer(token), survey="open"), 503)
        assert closed(server, survey="open").status == 200
        there.tell("answers", {})
        wait_until(lambda: closed(server, bearer(token)).status == 200, "the provider to be asked again")
    log = (tmp / "server.log").read_text()
    assert "its issuer is" in log, log[-3000:]


def two_users_of_one_name_are_two(tmp):
    with provider() as one, provider() as two, provider() as three:
        there = [configuration(one, "one") + MORE, configuration(two, "two") + MORE + 'tokens = "jwt"\n',
                 configuration(three, "three") + MORE + 'tokens = "jwt"\nname_suffix = "@three"\n']
        env = {**environment("one"), **environment("two"), **environment("three")}
        with serving(tmp, surveys=sky(tmp), config="".join(there), env=env) as server:
            let_in(server, one.jwt())
            let_in(server, one.opaque())
            refused(closed(server, bearer(two.jwt()), survey="open"), 403, "another account's", "recorte user link")
            let_in(server, three.jwt(), "alice@illinois.edu@three")
            # One provider signs nothing for another.
            no_good(server, two.sign(said(one)), "signed with no key of " + one.issuer)
            command(tmp, "user", "link", "alice@illinois.edu", "--source", two.issuer, "--subject",
                    "http://cilogon.org/serverA/users/1001")
            let_in(server, two.jwt())
            no_good(server, two.opaque(), "does not know it")


def the_doctor_asks_each_provider(tmp):
    def finding(status):
        done = run("doctor", "--data", tmp / "data", "--config", tmp / "doctor.toml", "--json", status=status,
                   env=environment())
        return next(f for f in json.loads(done.stdout)["checks"] if f["name"] == "provider test")
    with provider() as there:
        (tmp / "doctor.toml").write_text(configuration(there) + MORE)
        with serving(tmp, surveys=sky(tmp)):
            assert finding(0)["ok"], finding(0)
            there.tell("answers", {"/.well-known/openid-configuration": {"issuer": "https://other.example"}})
            found = finding(1)
            assert not found["ok"] and "https://other.example" in found["what"] and found["remedy"], found
            there.stop()
            assert "does not answer" in finding(1)["what"]


if __name__ == "__main__":
    sys.exit(main(sys.modules[__name__]))
