// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/gate.hpp"

#include "tests/unit/auth/fakes.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <future>
#include <latch>
#include <list>

namespace recorte::identity {
namespace {

using namespace testing;
using auth::Credentials;
using http::Need;
using http::Response;
using Fields = std::vector<std::pair<std::string, std::string>>;

constexpr const char* kRight = "Basic YW5uOnJpZ2h0";  // ann:right

class AtTheGate : public Test {
 protected:
  AtTheGate() {
    accounts.user("ann", {"des"});
    accounts.user("portal", {}, true);
    accounts.grant("service portal may act on user ann");
    authenticators.push_back(auth::names_as_tokens());
    authenticators.push_back(std::make_unique<auth::FakeAuthenticator>(
        "session", true, [](const Credentials& c) -> Result<std::optional<account::Identity>> {
          if (c.kind != Credentials::Kind::kSession) return std::nullopt;
          if (c.secret != "open") return fail(ErrorCode::kUnauthenticated, "the session is over");
          return auth::identity("ann", "session");
        }));
    authenticators.push_back(std::make_unique<auth::FakeAuthenticator>(
        "ldap", false, [this](const Credentials& c) -> Result<std::optional<account::Identity>> {
          if (c.kind != Credentials::Kind::kBasic) return std::nullopt;
          if (directory) directory();
          if (c.secret != "right") return fail(ErrorCode::kUnauthenticated, "wrong");
          return auth::identity(c.user, "ldap");
        }));
    options.challenges = {true, {"https://login.example"}};
  }
  ~AtTheGate() override {
    if (gate_) gate_->stop();
  }

  Gate& gate() {
    if (!chain_) chain_.emplace(std::move(authenticators), accounts, chain_options);
    if (!gate_)
      gate_.emplace(options, *chain_, audit, key,
                    [](const http::Request&, int status, const std::string& message) {
                      auto out = http::text_response(status, "text/plain", message);
                      out.notes.error = message;
                      return out;
                    });
    return *gate_;
  }

  /// Sends a request; what comes back, from the route or the gate.
  std::future<Response> send(Need need, const Fields& fields, std::string method = "GET") {
    const auto promise = std::make_shared<std::promise<Response>>();
    auto request = std::make_shared<http::Request>();
    request->method = std::move(method);
    request->base_url = "https://sky.example";
    request->address = "192.0.2.1";
    for (const auto& [name, value] : fields) request->headers.add(name, value);
    routes.push_back({"/x", {"GET"}, {need}, {}});
    gate().come(
        routes.back(), request,
        http::Reply([promise](Response response) { promise->set_value(std::move(response)); },
                    std::make_shared<std::atomic<bool>>(false)),
        [this](const std::shared_ptr<http::Request>& let_in, const http::Reply& reply) {
          ++came;
          auto response = http::text_response(200, "text/plain", let_in->principal.user);
          response.headers.add("Cache-Control", cache_control);
          reply(std::move(response));
        });
    return promise->get_future();
  }
  Response ask(Need need, const Fields& fields, std::string method = "GET") {
    return send(need, fields, std::move(method)).get();
  }

  auth::FakeAccounts accounts;
  auth::FakeAudit audit;
  std::vector<std::unique_ptr<auth::Authenticator>> authenticators;
  auth::Chain::Options chain_options;
  Gate::Options options{.threads = 1, .waiting = 10, .slow_threads = 1, .slow_waiting = 10};
  std::function<void()> directory;
  const account::Key key = account::Keys::of(std::string(32, 'k')).value().key("form");
  std::string cache_control = "max-age=60";
  std::atomic<int> came = 0;
  std::list<http::Route> routes;

 private:
  std::optional<auth::Chain> chain_;
  std::optional<Gate> gate_;
};

std::vector<std::string> all(const Response& response, std::string_view name) {
  std::vector<std::string> out;
  for (const auto& [field, value] : response.headers)
    if (field == name) out.push_back(value);
  return out;
}

std::string body(const Response& response) {
  return *std::get<http::Text>(std::get<std::vector<http::Piece>>(response.body).at(0)).bytes;
}

TEST_F(AtTheGate, WhoBringsNothingGoesStraightOn) {
  const auto answer = ask(Need::kRead, {});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.notes.user, "anonymous");
  EXPECT_EQ(answer.headers.find("X-VO-Authenticated"), nullptr);
  EXPECT_EQ(*answer.headers.find("Cache-Control"), "max-age=60");
  EXPECT_THAT(all(answer, "Vary"), ElementsAre("Authorization, Cookie"));
  EXPECT_THAT(all(answer, "WWW-Authenticate"), IsEmpty());
}

TEST_F(AtTheGate, WhoIsSignedInIsTold) {
  const auto answer = ask(Need::kRead, {{"Authorization", "Bearer ann"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(*answer.headers.find("X-VO-Authenticated"), "ann");
  EXPECT_EQ(*answer.headers.find("Cache-Control"), "private, max-age=60");
  EXPECT_THAT(all(answer, "Vary"), ElementsAre("Authorization, Cookie"));
  EXPECT_EQ(answer.notes.user, "ann");
  EXPECT_EQ(answer.notes.method, "oidc");
  EXPECT_EQ(answer.notes.credential, "c1");
  cache_control = "no-store";
  EXPECT_EQ(*ask(Need::kRead, {{"Authorization", "Bearer ann"}}).headers.find("Cache-Control"),
            "no-store");
}

TEST_F(AtTheGate, ABadCredentialIsRefusedEvenWhereNobodyNeedsOne) {
  for (const auto need : {Need::kWelcome, Need::kRead, Need::kSubmit, Need::kUser, Need::kAdmin}) {
    const auto answer = ask(need, {{"Authorization", "Bearer bad"}});
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(*answer.headers.find("Cache-Control"), "no-store");
    EXPECT_EQ(answer.headers.find("X-VO-Authenticated"), nullptr);
    EXPECT_THAT(
        all(answer, "WWW-Authenticate"),
        ElementsAre("Bearer realm=\"recorte\", resource_metadata=\"https://sky.example/.well-known/"
                    "oauth-protected-resource\", error=\"invalid_token\"",
                    AllOf(HasSubstr("ivoa_bearer standard_id=\"ivo://ivoa.net/sso#OpenID\""),
                          HasSubstr("access_url=\"https://login.example\"")),
                    "Basic realm=\"recorte\", charset=\"UTF-8\""));
  }
  EXPECT_EQ(came, 0);
  EXPECT_EQ(ask(Need::kNothing, {{"Authorization", "Bearer bad"}}).status, 200);
}

TEST_F(AtTheGate, WhereOneMustSignInTheChallengeBlamesNoToken) {
  const auto answer = ask(Need::kUser, {});
  EXPECT_EQ(answer.status, 401);
  EXPECT_THAT(all(answer, "WWW-Authenticate").front(),
              StartsWith("Bearer realm=\"recorte\", resource_metadata="));
  const auto welcome = ask(Need::kWelcome, {});
  EXPECT_EQ(welcome.status, 200) << "signing in is a choice";
  EXPECT_THAT(all(welcome, "WWW-Authenticate"), SizeIs(3));
  EXPECT_THAT(all(ask(Need::kWelcome, {{"Authorization", "Bearer ann"}}), "WWW-Authenticate"),
              IsEmpty());
}

TEST_F(AtTheGate, MalformedOnesAre400) {
  EXPECT_EQ(ask(Need::kRead, {{"Authorization", "Basic !"}}).status, 400);
  EXPECT_EQ(
      ask(Need::kRead, {{"Authorization", "Bearer ann"}, {"Authorization", "Bearer ann"}}).status,
      400);
}

TEST_F(AtTheGate, AServiceActsForAUserAndBothAreNoted) {
  const auto answer =
      ask(Need::kSubmit, {{"Authorization", "Bearer portal"}, {"X-Recorte-On-Behalf-Of", "ann"}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body(answer), "ann");
  EXPECT_EQ(answer.notes.user, "ann");
  EXPECT_EQ(answer.notes.service, "portal");
  EXPECT_EQ(
      ask(Need::kRead, {{"Authorization", "Bearer portal"}, {"X-Recorte-On-Behalf-Of", "bob"}})
          .status,
      403);
}

TEST_F(AtTheGate, WhatIsAwayIs503AndNever401) {
  directory = [] {};
  accounts.up = false;
  const auto answer = ask(Need::kRead, {{"Authorization", kRight}});
  EXPECT_EQ(answer.status, 503);
  EXPECT_NE(answer.headers.find("Retry-After"), nullptr);
  EXPECT_EQ(ask(Need::kRead, {}).status, 200) << "who brings nothing needs no database";
}

TEST_F(AtTheGate, ADirectoryThatHangsHoldsUpNobodyWithAToken) {
  options.slow_waiting = 1;
  std::latch asked(1), may_go_on(1);
  std::atomic<bool> first = true;
  directory = [&] {
    if (!first.exchange(false)) return;
    asked.count_down();
    may_go_on.wait();
  };
  auto hangs = send(Need::kRead, {{"Authorization", kRight}});
  asked.wait();
  EXPECT_EQ(ask(Need::kRead, {{"Authorization", "Bearer ann"}}).status, 200);
  EXPECT_EQ(ask(Need::kRead, {{"Cookie", "__Host-recorte=open"}}).status, 200);
  auto waits = send(Need::kRead, {{"Authorization", kRight}});
  const auto full = ask(Need::kRead, {{"Authorization", kRight}});
  EXPECT_EQ(full.status, 503) << "as many wait as may";
  EXPECT_NE(full.headers.find("Retry-After"), nullptr);
  may_go_on.count_down();
  EXPECT_EQ(hangs.get().status, 200);
  EXPECT_EQ(waits.get().status, 200);
}

TEST_F(AtTheGate, TooManyWrongPasswordsAre429) {
  chain_options.tries = {.of_user = 1};
  EXPECT_EQ(ask(Need::kRead, {{"Authorization", "Basic YW5uOndyb25n"}}).status, 401);
  const auto answer = ask(Need::kRead, {{"Authorization", kRight}});
  EXPECT_EQ(answer.status, 429);
  EXPECT_NE(answer.headers.find("Retry-After"), nullptr);
}

TEST_F(AtTheGate, ASessionChangesNothingForPagesElsewhere) {
  const Fields session{{"Cookie", "__Host-recorte=open"}};
  EXPECT_EQ(ask(Need::kSubmit, session).status, 200);
  EXPECT_EQ(ask(Need::kSubmit, session, "POST").status, 403);
  EXPECT_EQ(ask(Need::kSubmit,
                {{"Cookie", "__Host-recorte=open"}, {"Sec-Fetch-Site", "same-origin"}}, "POST")
                .status,
            200);
  EXPECT_EQ(ask(Need::kSubmit, {{"Authorization", "Bearer ann"}}, "POST").status, 200)
      << "a token is sent by nobody's browser unasked";
}

TEST_F(AtTheGate, ASessionThatIsOverIsForgotten) {
  const auto script = ask(Need::kRead, {{"Cookie", "__Host-recorte=over"}});
  EXPECT_EQ(script.status, 401);
  EXPECT_THAT(*script.headers.find("Set-Cookie"),
              AllOf(HasSubstr("__Host-recorte=;"), HasSubstr("Max-Age=0"), HasSubstr("Path=/;"),
                    HasSubstr("Secure")));
  const auto page =
      ask(Need::kRead, {{"Cookie", "__Host-recorte=over"}, {"Sec-Fetch-Mode", "navigate"}});
  EXPECT_EQ(page.status, 200) << "a page shows what everybody sees";
  EXPECT_NE(page.headers.find("Set-Cookie"), nullptr);
  EXPECT_EQ(page.notes.user, "anonymous");
  EXPECT_EQ(
      ask(Need::kUser, {{"Cookie", "__Host-recorte=over"}, {"Sec-Fetch-Mode", "navigate"}}).status,
      401);
}

TEST_F(AtTheGate, TheTrailHasTheRefusals) {
  (void)ask(Need::kAdmin, {{"Authorization", "Bearer ann"}});
  (void)ask(Need::kRead, {{"Authorization", "Bearer bad"}});
  const auto events = audit.events();
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].outcome, "forbidden");
  EXPECT_EQ(events[0].user, "ann");
  EXPECT_EQ(events[1].outcome, "unauthenticated");
  EXPECT_EQ(events[1].user, "anonymous");
  EXPECT_EQ(events[1].address, "192.0.2.1");
}

TEST_F(AtTheGate, AnAnswerThatNeverComesIs500ByItself) {
  const auto promise = std::make_shared<std::promise<Response>>();
  auto request = std::make_shared<http::Request>();
  request->headers.add("Authorization", "Bearer ann");
  routes.push_back({"/x", {"GET"}, {Need::kRead}, {}});
  gate().come(routes.back(), request,
              http::Reply([promise](Response response) { promise->set_value(std::move(response)); },
                          std::make_shared<std::atomic<bool>>(false)),
              [](auto, auto) {});
  const auto answer = promise->get_future().get();
  EXPECT_EQ(answer.status, 500);
  EXPECT_EQ(answer.notes.user, "ann") << "of whom it is known";
}

}  // namespace
}  // namespace recorte::identity
