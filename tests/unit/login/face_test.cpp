// SPDX-License-Identifier: BSD-3-Clause
//
// The pages behind the gate, as a browser meets them.
#include "core/base/text.hpp"
#include "server/account/account.hpp"
#include "server/identity/gate.hpp"
#include "tests/unit/auth/fakes.hpp"
#include "tests/unit/login/fake_provider.hpp"
#include "tests/unit/login/tokens_in_memory.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <future>
#include <regex>

namespace recorte::account_face {
namespace {

using namespace testing;
using http::Response;
using Form = std::vector<http::Parameter>;

const std::string kBase = "https://sky.example/cut";

std::string body(const Response& response) {
  std::string out;
  for (const auto& piece : std::get<std::vector<http::Piece>>(response.body))
    out += *std::get<http::Text>(piece).bytes;
  return out;
}
nlohmann::json json_of(const Response& response) { return nlohmann::json::parse(body(response)); }
std::string field(const Response& response, std::string_view name) {
  const auto* found = response.headers.find(name);
  return found == nullptr ? "" : *found;
}
/// Of the first form that has one.
std::string csrf_in(const Response& response) {
  std::smatch found;
  const auto html = body(response);
  const std::regex mark("name=\"csrf\" value=\"([0-9a-f]+)\"");
  return std::regex_search(html, found, mark) ? found[1].str() : "";
}

class Face : public Test {
 protected:
  Face() { accounts.user("eva@example", {"des"}); }
  ~Face() override {
    gate.stop();
    threads.stop();
    slow.stop();
  }
  static Response refusal(const http::Request& request, int status, const std::string& message) {
    if (auto page = refusal_page(request, status, message)) return std::move(*page);
    return http::text_response(status, "text/plain", message);
  }
  std::vector<std::unique_ptr<auth::Authenticator>> authenticators() {
    std::vector<std::unique_ptr<auth::Authenticator>> out;
    out.push_back(std::make_unique<auth::SessionAuthenticator>(sessions));
    out.push_back(auth::names_as_tokens());
    out.push_back(auth::passwords());
    return out;
  }
  static std::vector<auth::Provider> one(auth::Provider provider) {
    std::vector<auth::Provider> out;
    out.push_back(std::move(provider));
    return out;
  }

  /// As a browser: with the cookies of `jar`, which it keeps.
  Response ask(const std::string& method, const std::string& url, const Form& form = {},
               const std::string& bearer = "") {
    const auto promise = std::make_shared<std::promise<Response>>();
    auto request = std::make_shared<http::Request>();
    request->method = method;
    const auto mark = url.find('?');
    request->path = url.substr(0, mark);
    if (mark != url.npos)
      for (const auto& pair : split(url.substr(mark + 1), '&')) {
        const auto equals = pair.find('=');
        request->parameters.push_back(
            {pair.substr(0, equals), url_decode(pair.substr(equals + 1)).value()});
      }
    request->parameters.insert(request->parameters.end(), form.begin(), form.end());
    request->base_url = kBase;
    request->in_clear = in_clear;
    request->address = "192.0.2.1";
    request->id = "r1";
    request->headers.add("User-Agent", "Firefox");
    request->headers.add("Accept", "text/html");
    if (!bearer.empty()) request->headers.add("Authorization", "Bearer " + bearer);
    std::vector<std::string> cookies;
    for (const auto& [name, value] : jar) cookies.push_back(name + "=" + value);
    if (!cookies.empty()) request->headers.add("Cookie", join(cookies, "; "));
    router.handle(
        request,
        http::Reply([promise](Response response) { promise->set_value(std::move(response)); },
                    std::make_shared<std::atomic<bool>>(false)));
    auto response = promise->get_future().get();
    for (const auto& [name, value] : response.headers) {
      if (name != "Set-Cookie") continue;
      const auto cookie = value.substr(0, value.find(';'));
      const auto equals = cookie.find('=');
      if (value.find("Max-Age=0;") != value.npos)
        jar.erase(cookie.substr(0, equals));
      else
        jar[cookie.substr(0, equals)] = cookie.substr(equals + 1);
    }
    return response;
  }
  Response get(const std::string& url) { return ask("GET", url); }

  /// To the provider; the way back from there.
  std::string set_out(const std::string& return_to = "/account") {
    const auto url = field(get("/login/start/idp?return=" + url_encode(return_to)), "Location");
    idp.say(auth::parameter_of(url, "nonce"));
    return "/login/callback/idp?code=c&state=" + url_encode(auth::parameter_of(url, "state"));
  }
  void sign_in() { ASSERT_EQ(get(set_out()).status, 303); }
  std::vector<std::string> acts() const {
    std::vector<std::string> out;
    for (const auto& event : audit.events())
      out.push_back(event.act + " " + event.outcome + " " + event.user);
    return out;
  }

  Micros now = now_micros();
  std::map<std::string, std::string> jar;
  bool in_clear = false;  ///< over plain http, from elsewhere
  const account::Keys keys = account::Keys::of(std::string(32, 'k')).value();
  auth::FakeAccounts accounts;
  auth::TokensInMemory tokens;
  auth::FakeAudit audit;
  auth::SessionsInMemory store;
  auth::SpentInMemory spent;
  auth::FakeProvider idp{"idp", now};
  auth::BrowserSessions sessions{store, keys, {}};
  auth::Chain chain{authenticators(), accounts, {}};
  auth::Login login{one(idp.provider()), spent, keys};
  identity::Gate gate{{}, chain, audit, keys.key("form"), &refusal};
  http::Pool threads{1, 10}, slow{1, 10};
  http::Router router{routes({accounts, tokens, audit, chain, login, sessions, keys, threads}),
                      &refusal,
                      {},
                      [](const auto&, const auto&) {},
                      &slow,
                      [this](const http::Route& route, std::shared_ptr<http::Request> request,
                             http::Reply reply, identity::Gate::Next next) {
                        gate.come(route, std::move(request), std::move(reply), std::move(next));
                      }};
};

TEST_F(Face, SignsInAtAProviderAndOut) {
  const auto page = body(get("/login"));
  EXPECT_THAT(page, HasSubstr("Sign in with The idp"));
  EXPECT_THAT(page, HasSubstr("href=\"/cut/login/start/idp"));
  const auto back = set_out();
  ASSERT_TRUE(jar.contains("__Secure-recorte-login"));
  const auto done = get(back);
  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(field(done, "Location"), kBase + "/account");
  EXPECT_THAT(field(done, "Set-Cookie"),
              AllOf(StartsWith("__Secure-recorte="), HasSubstr("; Path=/cut; "),
                    HasSubstr("HttpOnly"), HasSubstr("SameSite=Lax"), HasSubstr("Secure")));
  EXPECT_FALSE(jar.contains("__Secure-recorte-login")) << "it has served";
  const auto own = get("/account");
  EXPECT_THAT(body(own), AllOf(HasSubstr("eva@example"), HasSubstr("des"), HasSubstr("Firefox")));
  EXPECT_THAT(field(own, "Content-Security-Policy"), HasSubstr("default-src 'none'"));
  EXPECT_EQ(field(own, "Cache-Control"), "no-store");
  EXPECT_EQ(ask("POST", "/logout").status, 403) << "no page of ours sent it";
  const auto old = jar;
  EXPECT_EQ(ask("POST", "/logout", {{"csrf", csrf_in(own)}}).status, 303);
  EXPECT_FALSE(jar.contains("__Secure-recorte"));
  EXPECT_THAT(store.all, IsEmpty());
  jar = old;
  EXPECT_EQ(field(get("/account"), "Location"), kBase + "/login?return=/account");
  EXPECT_THAT(acts(), ElementsAre("login ok eva@example", "refusal forbidden eva@example",
                                  "logout ok eva@example"));
}

TEST_F(Face, AWayBackIsWorthNothingInAnotherBrowser) {
  const auto back = set_out();
  jar.clear();
  const auto done = get(back);
  EXPECT_EQ(done.status, 403);
  EXPECT_THAT(body(done), HasSubstr("did not begin in this browser"));
  EXPECT_THAT(store.all, IsEmpty());
  EXPECT_THAT(acts(), ElementsAre("refusal forbidden "));
}

TEST_F(Face, ASessionIsNeverTheOneBefore) {
  sign_in();
  const auto first = jar["__Secure-recorte"];
  sign_in();
  EXPECT_NE(jar["__Secure-recorte"], first);
}

TEST_F(Face, WhatAProviderSaysIsNoMarkup) {
  const auto back = set_out() + "&error=%3Cscript%3E&error_description=%22no%22";
  const auto done = get(back);
  EXPECT_EQ(done.status, 403);
  EXPECT_THAT(body(done), AllOf(HasSubstr("&lt;script&gt;"), Not(HasSubstr("<script>"))));
}

TEST_F(Face, WhoIsNotKnownHereIsNotSignedIn) {
  accounts.users.clear();
  EXPECT_EQ(get(set_out()).status, 404);
  EXPECT_FALSE(jar.contains("__Secure-recorte"));
}

TEST_F(Face, APasswordTakesThePagesOwnForm) {
  const auto page = get("/login?return=/account");
  const Form right{{"user", "eva@example"}, {"password", "right"}, {"return", "/account"}};
  EXPECT_EQ(ask("POST", "/login", right).status, 403);
  const auto with = [&](Form form) {
    form.push_back({"csrf", csrf_in(page)});
    return ask("POST", "/login", form);
  };
  const auto wrong = with({{"user", "eva@example"}, {"password", "guess"}});
  EXPECT_EQ(wrong.status, 401);
  EXPECT_THAT(body(wrong), AllOf(HasSubstr("role=\"alert\""), Not(HasSubstr("guess"))));
  const auto done = with(right);
  EXPECT_EQ(done.status, 303);
  EXPECT_EQ(field(done, "Location"), kBase + "/account");
  EXPECT_EQ(get("/account").status, 200);
  jar.erase("__Secure-recorte");
  EXPECT_EQ(with(right).status, 403) << "the secret of that form is gone with its cookie";
  EXPECT_THAT(acts(), ElementsAre("refusal unauthenticated eva@example", "login ok eva@example"));
}

TEST_F(Face, APasswordIsNeitherAskedForNorTakenInClear) {
  const auto page = get("/login");
  EXPECT_THAT(body(page), HasSubstr("type=\"password\""));
  in_clear = true;
  EXPECT_THAT(body(get("/login")), Not(HasSubstr("type=\"password\"")));
  const auto sent = ask("POST", "/login",
                        {{"user", "eva@example"}, {"password", "right"}, {"csrf", csrf_in(page)}});
  EXPECT_EQ(sent.status, 403);
  EXPECT_THAT(body(sent), HasSubstr("not taken over plain http"));
  EXPECT_THAT(acts(), IsEmpty());
}

TEST_F(Face, TokensAreMadeShownOnceAndRevoked) {
  sign_in();
  const auto csrf = csrf_in(get("/account"));
  EXPECT_EQ(ask("POST", "/account/tokens", {{"name", "x"}}).status, 403);
  EXPECT_THAT(tokens.all, IsEmpty());
  const auto made =
      ask("POST", "/account/tokens",
          {{"name", "<laptop>"}, {"scopes", "read"}, {"expires", "1d"}, {"csrf", csrf}});
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(body(made), AllOf(HasSubstr("rct_"), HasSubstr("&lt;laptop&gt;")));
  ASSERT_THAT(tokens.all, SizeIs(1));
  EXPECT_THAT(body(get("/account")), Not(HasSubstr("rct_")));
  const auto bad =
      ask("POST", "/account/tokens", {{"name", "x"}, {"scopes", "admin"}, {"csrf", csrf}});
  EXPECT_EQ(bad.status, 403);
  EXPECT_THAT(body(bad), HasSubstr("scope admin"));
  const auto id = tokens.all.begin()->second.id;
  EXPECT_EQ(ask("POST", "/account/tokens/" + id + "/revoke", {{"csrf", csrf}}).status, 303);
  EXPECT_NE(tokens.all.begin()->second.revoked, 0);
  EXPECT_THAT(body(get("/account")), HasSubstr("You have none"));
}

TEST_F(Face, SessionsElsewhereCanBeEnded) {
  sign_in();
  const auto other = jar;
  const auto id = store.all.begin()->second.id;
  sign_in();
  ASSERT_THAT(store.all, SizeIs(2));
  const auto csrf = csrf_in(get("/account"));
  EXPECT_EQ(ask("POST", "/account/sessions/" + id + "/end", {{"csrf", csrf}}).status, 303);
  EXPECT_THAT(store.all, SizeIs(1));
  jar = other;
  EXPECT_EQ(get("/account").status, 303);
}

TEST_F(Face, ProgramsDoTheSameInJson) {
  EXPECT_FALSE(json_of(get("/api/v1/me"))["signed_in"].get<bool>());
  EXPECT_EQ(get("/api/v1/tokens").status, 401);
  const auto me = json_of(ask("GET", "/api/v1/me", {}, "eva@example"));
  EXPECT_EQ(me["user"], "eva@example");
  EXPECT_EQ(me["groups"], nlohmann::json({"des"}));
  const auto made =
      ask("POST", "/api/v1/tokens", {{"name", "n"}, {"scopes", "read"}}, "eva@example");
  EXPECT_EQ(made.status, 201);
  const auto token = json_of(made);
  EXPECT_THAT(token["token"].get<std::string>(), StartsWith("rct_"));
  const auto listed = json_of(ask("GET", "/api/v1/tokens", {}, "eva@example"));
  EXPECT_EQ(listed["tokens"][0]["id"], token["id"]);
  EXPECT_THAT(listed.dump(), Not(HasSubstr("rct_")));
  const auto url = "/api/v1/tokens/" + token["id"].get<std::string>();
  EXPECT_EQ(ask("DELETE", url, {}, "eva@example").status, 204);
  EXPECT_EQ(ask("DELETE", url, {}, "eva@example").status, 404);
}

TEST_F(Face, ATerminalSignsIn) {
  idp.refusal = {400, {{"error", "authorization_pending"}}};
  const auto device = json_of(ask("POST", "/api/v1/login/device"));
  EXPECT_EQ(device["user_code"], "ABCD-EFGH");
  const Form handle{{"handle", device["handle"].get<std::string>()}, {"name", "laptop"}};
  EXPECT_EQ(json_of(ask("POST", "/api/v1/login/token", handle))["state"], "pending");
  EXPECT_EQ(json_of(ask("POST", "/api/v1/login/token", handle))["state"], "slow_down");
  EXPECT_EQ(ask("POST", "/api/v1/login/token", {{"handle", "forged"}}).status, 403);
  EXPECT_THAT(tokens.all, IsEmpty());
}

TEST_F(Face, SaysToABrowserWhereToSignIn) {
  http::Request request;
  request.base_url = kBase;
  request.path = "/";
  const auto page = refusal_page(request, 401, "this is for users");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 401);
  EXPECT_THAT(body(*page), HasSubstr("href=\"/cut/login?return=/\""));
  request.path = "/api/v1/jobs";
  EXPECT_FALSE(refusal_page(request, 401, "this is for users"));
}

}  // namespace
}  // namespace recorte::account_face
