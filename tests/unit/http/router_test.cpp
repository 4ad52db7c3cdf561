// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <stdexcept>
#include <thread>

namespace recorte::http {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

/// The answers that a Reply gave, and one to hand out.
struct Client {
  std::vector<Response> answers;
  std::shared_ptr<std::atomic<bool>> left = std::make_shared<std::atomic<bool>>(false);

  Reply reply() {
    return {[this](Response response) { answers.push_back(std::move(response)); }, left};
  }
};

std::string body(const Response& response) {
  std::string out;
  for (const auto& piece : std::get<std::vector<Piece>>(response.body))
    out += *std::get<Text>(piece).bytes;
  return out;
}

std::string field(const Response& response, std::string_view name) {
  return response.headers.joined(name).value_or("(none)");
}

TEST(Reply, TheFirstCallCounts) {
  Client client;
  const auto reply = client.reply();
  const auto copy = reply;
  copy(text_response(200, "text/plain", "first"));
  reply(text_response(200, "text/plain", "second"));
  ASSERT_EQ(client.answers.size(), 1U);
  EXPECT_EQ(body(client.answers[0]), "first");
}

TEST(Reply, WithoutACallTheLastCopyAnswers500) {
  Client client;
  {
    auto reply = std::make_unique<Reply>(client.reply());
    const auto copy = *reply;
    reply.reset();
    EXPECT_THAT(client.answers, IsEmpty());
  }
  ASSERT_EQ(client.answers.size(), 1U);
  EXPECT_EQ(client.answers[0].status, 500);
  EXPECT_THAT(body(client.answers[0]), HasSubstr("try again"));
  EXPECT_THAT(field(client.answers[0], "Content-Type"), HasSubstr("text/plain"));
}

TEST(Reply, ACallIsNotFollowedByA500) {
  Client client;
  { client.reply()(see_other("http://a/")); }
  ASSERT_EQ(client.answers.size(), 1U);
  EXPECT_EQ(client.answers[0].status, 303);
}

TEST(Reply, ManyThreadsGiveOneAnswer) {
  std::atomic<int> sent = 0;
  {
    const Reply reply([&](Response) { ++sent; }, nullptr);
    std::vector<std::thread> threads;
    for (int i = 0; i < 8; ++i)
      threads.emplace_back([reply] { reply(text_response(200, "text/plain", "x")); });
    for (auto& thread : threads) thread.join();
  }
  EXPECT_EQ(sent, 1);
}

TEST(Reply, ThreadsThatDropItGiveOneAnswer) {
  for (int round = 0; round < 200; ++round) {
    std::atomic<int> sent = 0;
    std::vector<std::thread> threads;
    {
      Reply reply([&](Response) { ++sent; }, nullptr);
      auto step = reply.then([](Response&) {});
      threads.emplace_back([held = std::move(reply)] {});
      threads.emplace_back([held = std::move(step)] {});
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(sent, 1);
  }
}

TEST(Reply, SaysWhetherTheClientHasLeft) {
  Client client;
  const auto reply = client.reply();
  EXPECT_FALSE(*reply.then([](Response&) {}).gone());
  *client.left = true;
  EXPECT_TRUE(*reply.gone());
}

Reply adding(const Reply& reply, std::string value) {
  return reply.then(
      [value = std::move(value)](Response& response) { response.headers.add("X-Steps", value); });
}

TEST(Reply, StepsAreDoneToTheResponseTheLastAddedFirst) {
  Client client;
  const auto reply = client.reply();
  adding(adding(reply, "1"), "2")(Response());
  reply(Response());
  ASSERT_EQ(client.answers.size(), 1U);
  EXPECT_EQ(field(client.answers[0], "X-Steps"), "2, 1");
}

TEST(Reply, StepsAreDoneToAnAnswerThatNobodyGaveToo) {
  Client client;
  { const auto reply = adding(adding(client.reply(), "1"), "2"); }
  ASSERT_EQ(client.answers.size(), 1U);
  EXPECT_EQ(client.answers[0].status, 500);
  EXPECT_EQ(field(client.answers[0], "X-Steps"), "2, 1");
}

TEST(Reply, DroppingAStepLeavesTheAnswerToTheOriginal) {
  Client client;
  {
    const auto reply = client.reply();
    { const auto step = adding(reply, "1"); }
    EXPECT_THAT(client.answers, IsEmpty());
    reply(text_response(200, "text/plain", "x"));
  }
  ASSERT_EQ(client.answers.size(), 1U);
  EXPECT_EQ(client.answers[0].status, 200);
}

TEST(Reply, AStepThatThrowsStillLeavesAnAnswer) {
  Client client;
  const auto throwing = [&] {
    return client.reply().then([](Response&) { throw std::runtime_error("a step"); });
  };
  EXPECT_THROW(throwing()(Response()), std::runtime_error);
  ASSERT_EQ(client.answers.size(), 1U);
  EXPECT_EQ(client.answers[0].status, 500);
  testing::internal::CaptureStderr();
  { const auto abandoned = throwing(); }
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("abandoned"));
  ASSERT_EQ(client.answers.size(), 2U);
  EXPECT_EQ(client.answers[1].status, 500);
}

/// Answers with the route's pattern.
Route route(std::string pattern, std::vector<std::string> methods) {
  auto handler = [pattern](const std::shared_ptr<const Request>&, const Reply& reply) {
    reply(text_response(200, "text/plain", pattern));
  };
  return {std::move(pattern), std::move(methods), {Need::kNothing}, std::move(handler)};
}

Response refusal(const Request&, int status, std::string message) {
  return text_response(status, "text/x-refusal", std::move(message));
}

Router surveys(Cors cors = {}) {
  return Router(
      {route("/", {"GET"}), route("/surveys/{id}", {"GET"}),
       route("/surveys/{id}/bands/{band}", {"GET", "PUT"}), route("/surveys/all", {"GET", "POST"}),
       route("/{any}/{id}/bands/all", {"GET"}), route("/jobs", {"POST"}),
       route("/jobs/{job}", {"DELETE"}), route("/jobs/{id}", {"GET"}), route("/upload/", {"POST"})},
      refusal, std::move(cors));
}

using Fields = std::initializer_list<std::pair<std::string, std::string>>;

struct Asked {
  std::shared_ptr<Request> request = std::make_shared<Request>();
  Response response;
};

Asked ask(const Router& router, std::string method, std::string path, Fields headers = {}) {
  Asked asked;
  asked.request->method = std::move(method);
  asked.request->path = std::move(path);
  asked.request->id = "0123456789abcdef";
  for (const auto& [name, value] : headers) asked.request->headers.add(name, value);
  Client client;
  router.handle(asked.request, client.reply());
  EXPECT_EQ(client.answers.size(), 1U);
  if (!client.answers.empty()) asked.response = std::move(client.answers[0]);
  return asked;
}

std::string pattern_for(const Router& router, const std::string& path) {
  const auto asked = ask(router, "GET", path);
  auto shown = asked.response.status == 200 ? body(asked.response) : "";
  EXPECT_EQ(shown, asked.request->route);
  return shown;
}

TEST(Router, APatternMatchesWholePaths) {
  const auto router = surveys();
  EXPECT_EQ(pattern_for(router, "/"), "/");
  EXPECT_EQ(pattern_for(router, "/surveys/des_dr2"), "/surveys/{id}");
  EXPECT_EQ(pattern_for(router, "/surveys/des_dr2/bands/g"), "/surveys/{id}/bands/{band}");
  for (const auto* path :
       {"", "*", "surveys/x", "//", "/surveys", "/surveys/", "/surveys//bands/g", "/surveys/x/",
        "/surveys/x/bands", "/Surveys/x", "/surveys/x/bands/g/h", "//surveys/x"})
    EXPECT_EQ(pattern_for(router, path), "") << path;
}

TEST(Router, ALiteralSegmentWinsOverACapture) {
  const auto router = surveys();
  EXPECT_EQ(pattern_for(router, "/surveys/all"), "/surveys/all");
  EXPECT_EQ(pattern_for(router, "/surveys/all2"), "/surveys/{id}");
  EXPECT_EQ(pattern_for(router, "/surveys/x/bands/all"), "/surveys/{id}/bands/{band}");
  EXPECT_EQ(pattern_for(router, "/images/x/bands/all"), "/{any}/{id}/bands/all");
}

TEST(Router, CapturesAreTheSegmentsOfTheRequest) {
  const auto asked = ask(surveys(), "GET", "/surveys/a b{}/bands/\xFF");
  EXPECT_EQ(asked.response.status, 200);
  EXPECT_THAT(asked.request->captures, ElementsAre(Pair("id", "a b{}"), Pair("band", "\xFF")));
  EXPECT_EQ(asked.request->capture("band"), "\xFF");
  EXPECT_EQ(asked.request->capture("other"), "");
  EXPECT_EQ(asked.request->capture("ID"), "");
}

TEST(Router, RoutesOfOneResourceMayNameTheirCapturesDifferently) {
  EXPECT_THAT(ask(surveys(), "GET", "/jobs/7").request->captures, ElementsAre(Pair("id", "7")));
  EXPECT_THAT(ask(surveys(), "DELETE", "/jobs/7").request->captures, ElementsAre(Pair("job", "7")));
}

TEST(Router, HeadIsAnsweredByGet) {
  const auto asked = ask(surveys(), "HEAD", "/surveys/x");
  EXPECT_EQ(asked.response.status, 200);
  EXPECT_EQ(body(asked.response), "/surveys/{id}");
  EXPECT_EQ(asked.request->method, "HEAD");
  EXPECT_EQ(ask(surveys(), "HEAD", "/jobs").response.status, 405);
}

TEST(Router, HeadOfItsOwnWins) {
  Router router(
      {route("/a", {"GET"}),
       {"/a",
        {"HEAD"},
        {Need::kNothing},
        [](auto, const Reply& reply) { reply(text_response(200, "text/plain", "head")); }}},
      refusal, {});
  EXPECT_EQ(body(ask(router, "HEAD", "/a").response), "head");
}

TEST(Router, AnUnknownPathIsRefusedInTheWordsOfTheFace) {
  const auto response = ask(surveys(), "GET", "/nowhere\n\xFF").response;
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(field(response, "Content-Type"), "text/x-refusal");
  EXPECT_THAT(body(response), HasSubstr("'/nowhere" + std::string(2, '?') + "'"));
  EXPECT_EQ(field(response, "Allow"), "(none)");
  EXPECT_EQ(ask(surveys(), "OPTIONS", "/nowhere").response.status, 404);
  EXPECT_EQ(ask(surveys(), "DELETE", "/jobs/7/").response.status, 404);
}

TEST(Router, AnotherMethodIsRefusedWithThoseThatWork) {
  const auto response = ask(surveys(), "DELETE", "/surveys/x/bands/g").response;
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(field(response, "Allow"), "GET, HEAD, OPTIONS, PUT");
  EXPECT_EQ(field(response, "Content-Type"), "text/x-refusal");
  EXPECT_THAT(body(response), HasSubstr("'DELETE'"));
  EXPECT_EQ(field(ask(surveys(), "GET", "/jobs").response, "Allow"), "OPTIONS, POST");
  EXPECT_EQ(field(ask(surveys(), "PUT", "/jobs/7").response, "Allow"),
            "DELETE, GET, HEAD, OPTIONS");
  EXPECT_EQ(ask(surveys(), "get", "/surveys/x").response.status, 405);
}

TEST(Router, ALiteralRouteIsNotCompletedByACapture) {
  EXPECT_EQ(ask(surveys(), "PUT", "/surveys/all").response.status, 405);
}

TEST(Router, OptionsSaysWhatWorks) {
  const auto response = ask(surveys(), "OPTIONS", "/surveys/all").response;
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(field(response, "Allow"), "GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(body(response), "");
  EXPECT_EQ(field(response, "Content-Type"), "(none)");
}

TEST(Router, OptionsOfEverythingSaysEveryMethod) {
  const auto response = ask(surveys(), "OPTIONS", "*").response;
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(field(response, "Allow"), "DELETE, GET, HEAD, OPTIONS, POST, PUT");
}

TEST(Router, KeepsItsRoutesInOrder) {
  const auto router = surveys();
  ASSERT_EQ(router.routes().size(), 9U);
  EXPECT_EQ(router.routes()[0].pattern, "/");
  EXPECT_EQ(router.routes()[3].pattern, "/surveys/all");
}

TEST(Router, ItsCopyWorksWithoutIt) {
  auto router = std::make_unique<Router>(surveys());
  const Router copy = *router;
  router.reset();
  EXPECT_EQ(body(ask(copy, "GET", "/surveys/x").response), "/surveys/{id}");
}

TEST(Router, RefusesRoutesThatAnswerTheSame) {
  const auto make = [](std::vector<Route> routes) { Router(std::move(routes), refusal, {}); };
  EXPECT_THROW(make({route("/a/{b}", {"GET"}), route("/a/{c}", {"POST", "GET"})}),
               std::logic_error);
  EXPECT_THROW(make({route("a", {"GET"})}), std::logic_error);
  EXPECT_NO_THROW(make({route("/a/{b}", {"GET"}), route("/a/{c}", {"POST"})}));
}

Router throwing(std::function<void()> bang, Router::Refusal refuse = refusal) {
  return Router({{"/bang/{x}", {"GET"}, {Need::kNothing}, [bang](auto, auto) { bang(); }},
                 {"/after",
                  {"GET"},
                  {Need::kNothing},
                  [](auto, const Reply& reply) {
                    reply(text_response(200, "text/plain", "sent"));
                    throw std::runtime_error("too late");
                  }}},
                std::move(refuse), {{"*"}});
}

int count(std::string_view text, std::string_view what) {
  int n = 0;
  for (auto at = text.find(what); at != text.npos; at = text.find(what, at + 1)) ++n;
  return n;
}

TEST(Router, AHandlerThatThrowsCosts500AndOneLineOfTheLog) {
  const auto router = throwing([] { throw std::runtime_error("the reason"); });
  testing::internal::CaptureStderr();
  const auto response = ask(router, "GET", "/bang/1", {{"Origin", "https://a.example"}}).response;
  const auto log = testing::internal::GetCapturedStderr();
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(field(response, "Content-Type"), "text/x-refusal");
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "*");
  EXPECT_THAT(body(response), HasSubstr("0123456789abcdef"));
  EXPECT_EQ(body(response).find("the reason"), std::string::npos);
  EXPECT_EQ(count(log, "the reason"), 1);
  EXPECT_EQ(count(log, "0123456789abcdef"), 1);
  EXPECT_EQ(count(log, "/bang/{x}"), 1);
  EXPECT_EQ(count(log, "\n"), 1);
}

TEST(Router, AnythingMayBeThrown) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(ask(throwing([] { throw 7; }), "GET", "/bang/1").response.status, 500);
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("0123456789abcdef"));
}

TEST(Router, AThrowAfterTheAnswerChangesNothingForTheClient) {
  testing::internal::CaptureStderr();
  const auto response = ask(throwing([] {}), "GET", "/after").response;
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("too late"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(body(response), "sent");
}

TEST(Router, ARefusalThatThrowsStillLeavesAnAnswer) {
  const auto router =
      throwing([] {}, [](const Request&, int, std::string) -> Response { throw 7; });
  testing::internal::CaptureStderr();
  EXPECT_EQ(ask(router, "GET", "/nowhere").response.status, 500);
  testing::internal::GetCapturedStderr();
}

TEST(Router, AHandlerThatForgetsToAnswerCosts500) {
  const auto response = ask(throwing([] {}), "GET", "/bang/1", {{"Origin", "https://a"}}).response;
  EXPECT_EQ(response.status, 500);
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "*");
}

TEST(Cors, WithoutOriginsThereIsNone) {
  const auto response =
      ask(surveys(), "GET", "/surveys/x", {{"Origin", "https://a.example"}}).response;
  for (const auto& [name, value] : response.headers)
    EXPECT_FALSE(name.starts_with("Access-Control")) << name;
  EXPECT_EQ(field(response, "Vary"), "(none)");
}

TEST(Cors, AnyOriginMayRead) {
  const auto router = surveys({{"*"}});
  const auto response =
      ask(router, "GET", "/surveys/x", {{"Origin", "https://a.example"}}).response;
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "*");
  EXPECT_EQ(field(response, "Access-Control-Expose-Headers"),
            "ETag, Content-Disposition, Content-Range, Content-Length, Location, Retry-After, "
            "X-Request-Id, WWW-Authenticate, X-VO-Authenticated");
  EXPECT_EQ(field(response, "Access-Control-Allow-Credentials"), "(none)");
  EXPECT_EQ(field(response, "Vary"), "(none)");
  EXPECT_EQ(field(ask(router, "GET", "/surveys/x").response, "Access-Control-Allow-Origin"),
            "(none)");
}

TEST(Cors, NoPageElsewhereReadsWhatIsForThoseWhoAreSignedIn) {
  auto account = route("/account", {"GET", "POST"});
  account.access = {Need::kUser};
  auto admin = route("/admin", {"GET", "POST"});
  admin.access = {Need::kAdmin};
  const Router router({account, admin, route("/open", {"GET", "POST"})}, refusal, {{"*"}});
  const auto origin = [&](const char* method, const char* path) {
    const auto answer =
        ask(router, method, path,
            {{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "POST"}})
            .response;
    return field(answer, "Access-Control-Allow-Origin") +
           field(answer, "Access-Control-Allow-Methods");
  };
  for (const auto* path : {"/account", "/admin"}) {
    EXPECT_EQ(origin("GET", path), "(none)(none)") << path;
    EXPECT_EQ(origin("OPTIONS", path), "(none)(none)") << path;
  }
  EXPECT_EQ(origin("GET", "/open"), "*(none)");
  EXPECT_THAT(origin("OPTIONS", "/open"), HasSubstr("POST"));
}

TEST(Cors, AListedOriginMayReadAndCachesKnow) {
  const auto router = surveys({{"https://a.example", "https://b.example:8443"}});
  const auto from = [&](const char* origin) {
    return ask(router, "GET", "/surveys/x", {{"Origin", origin}}).response;
  };
  EXPECT_EQ(field(from("https://b.example:8443"), "Access-Control-Allow-Origin"),
            "https://b.example:8443");
  EXPECT_EQ(field(from("https://b.example:8443"), "Vary"), "Origin");
  for (const auto* origin : {"https://b.example", "http://a.example", "https://a.example.evil",
                             "null", "*", "", "https://a.example, https://b.example"}) {
    EXPECT_EQ(field(from(origin), "Access-Control-Allow-Origin"), "(none)") << origin;
    EXPECT_EQ(field(from(origin), "Vary"), "Origin") << origin;
  }
  EXPECT_EQ(field(ask(router, "GET", "/surveys/x").response, "Vary"), "Origin");
}

TEST(Cors, RefusalsCanBeReadToo) {
  const auto router = surveys({{"*"}});
  const Fields origin = {{"Origin", "https://a.example"}};
  EXPECT_EQ(field(ask(router, "GET", "/nowhere", origin).response, "Access-Control-Allow-Origin"),
            "*");
  EXPECT_EQ(field(ask(router, "PUT", "/jobs", origin).response, "Access-Control-Allow-Origin"),
            "*");
}

TEST(Cors, VaryIsAddedToWhatTheHandlerSaid) {
  Router router({{"/a",
                  {"GET"},
                  {Need::kNothing},
                  [](auto, const Reply& reply) {
                    auto response = text_response(200, "text/plain", "");
                    response.headers.add("Vary", "Accept");
                    reply(std::move(response));
                  }}},
                refusal, {{"https://a.example"}});
  EXPECT_EQ(field(ask(router, "GET", "/a").response, "Vary"), "Accept, Origin");
}

TEST(Cors, APreflightAllowsReadingAndAsking) {
  const auto router = surveys({{"https://a.example"}});
  const auto response = ask(router, "OPTIONS", "/surveys/all",
                            {{"Origin", "https://a.example"},
                             {"Access-Control-Request-Method", "POST"},
                             {"Access-Control-Request-Headers", "x-evil"}})
                            .response;
  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(field(response, "Access-Control-Allow-Origin"), "https://a.example");
  EXPECT_EQ(field(response, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS, POST");
  EXPECT_EQ(field(response, "Access-Control-Allow-Headers"),
            "Content-Type, Range, If-None-Match, If-Range, Authorization, traceparent");
  EXPECT_EQ(field(response, "Access-Control-Max-Age"), "86400");
  EXPECT_EQ(field(response, "Access-Control-Allow-Credentials"), "(none)");
  EXPECT_EQ(field(response, "Vary"), "Origin");
}

TEST(Cors, APreflightNeverAllowsToReplaceOrDelete) {
  const auto response =
      ask(surveys({{"*"}}), "OPTIONS", "/jobs/7",
          {{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "DELETE"}})
          .response;
  EXPECT_EQ(field(response, "Access-Control-Allow-Methods"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(field(response, "Allow"), "DELETE, GET, HEAD, OPTIONS");
}

TEST(Cors, APreflightOfAStrangerAllowsNothing) {
  const auto router = surveys({{"https://a.example"}});
  for (const Fields& headers :
       {Fields{{"Origin", "https://b.example"}, {"Access-Control-Request-Method", "GET"}},
        Fields{{"Access-Control-Request-Method", "GET"}},
        Fields{{"Origin", "https://a.example"}}}) {
    const auto response = ask(router, "OPTIONS", "/surveys/x", headers).response;
    EXPECT_EQ(response.status, 204);
    EXPECT_EQ(field(response, "Access-Control-Allow-Methods"), "(none)");
    EXPECT_EQ(field(response, "Allow"), "GET, HEAD, OPTIONS");
  }
}

/// A table with a slow route whose handler waits for the test, and one that is not.
struct SlowRoutes {
  SlowRoutes(std::size_t threads, std::size_t waiting)
      : pool(threads, waiting),
        router(
            {{"/slow",
              {"GET"},
              {Need::kNothing},
              [this](const auto&, const Reply& reply) {
                ++begun;
                may_go_on.wait();
                reply(text_response(200, "text/plain", "at last"));
              },
              true},
             {"/throws",
              {"GET"},
              {Need::kNothing},
              [](const auto&, const Reply&) { throw std::runtime_error("a fault"); },
              true},
             route("/quick", {"GET"})},
            [](const Request&, int status, const std::string& message) {
              return text_response(status, "text/plain", message);
            },
            {}, [](const auto&, const auto&) {}, &pool) {}
  std::future<Response> get(const std::string& path) const {
    auto request = std::make_shared<Request>();
    request->method = "GET";
    request->path = path;
    const auto answer = std::make_shared<std::promise<Response>>();
    router.handle(request, {[answer](Response response) { answer->set_value(std::move(response)); },
                            nullptr});
    return answer->get_future();
  }

  std::promise<void> go_on;
  std::shared_future<void> may_go_on = go_on.get_future().share();
  std::atomic<int> begun = 0;
  Pool pool;
  Router router;
};

constexpr auto kLong = std::chrono::seconds(30);

TEST(Router, NoOtherRouteWaitsBehindASlowOne) {
  SlowRoutes routes(1, 2);
  auto first = routes.get("/slow");
  while (routes.begun == 0) std::this_thread::yield();
  auto second = routes.get("/slow"), third = routes.get("/slow");
  auto quick = routes.get("/quick");
  ASSERT_EQ(quick.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  EXPECT_EQ(body(quick.get()), "/quick");
  auto fourth = routes.get("/slow");
  ASSERT_EQ(fourth.wait_for(std::chrono::seconds(0)), std::future_status::ready);
  const auto refused = fourth.get();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(field(refused, "Retry-After"), "2");
  EXPECT_THAT(body(refused), HasSubstr("server.limits.slow_waiting"));
  routes.go_on.set_value();
  for (auto* answer : {&first, &second, &third}) {
    ASSERT_EQ(answer->wait_for(kLong), std::future_status::ready);
    EXPECT_EQ(body(answer->get()), "at last");
  }
}

TEST(Router, ASlowHandlerThatThrowsCostsItsRequestA500) {
  SlowRoutes routes(1, 2);
  testing::internal::CaptureStderr();
  auto answer = routes.get("/throws");
  ASSERT_EQ(answer.wait_for(kLong), std::future_status::ready);
  EXPECT_EQ(answer.get().status, 500);
  routes.pool.stop();
  EXPECT_THAT(testing::internal::GetCapturedStderr(), HasSubstr("a fault"));
}

TEST(Router, SaysOfARequestThatItsQueryHoldsSecrets) {
  std::vector<Route> routes{
      {"/open", {"GET"}, {Need::kNothing}, [](const auto&, const Reply& reply) { reply({}); }},
      {"/back", {"GET"}, {Need::kNothing, "", Of::kAll, true}, [](const auto&, const Reply& reply) {
         reply({});
       }}};
  const Router router(std::move(routes),
                      [](const Request&, int status, std::string message) {
                        return text_response(status, "text/plain", std::move(message));
                      },
                      {});
  const auto hides = [&](const std::string& method, const std::string& path) {
    Client client;
    auto request = std::make_shared<Request>();
    request->method = method;
    request->path = path;
    router.handle(request, client.reply());
    return request->hides_query;
  };
  EXPECT_TRUE(hides("GET", "/back"));
  EXPECT_TRUE(hides("PUT", "/back")) << "one that the route does not take has them too";
  EXPECT_FALSE(hides("GET", "/open"));
}

}  // namespace
}  // namespace recorte::http
