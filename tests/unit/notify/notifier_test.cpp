// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/notifier.hpp"

#include "core/base/text.hpp"
#include "core/net/webhook.hpp"
#include "server/notify/notice.hpp"
#include "sink.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <thread>

namespace recorte::notify {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class NotifierTest : public testing::Test {
 protected:
  NotifierTest() {
    fs::remove_all(directory_);
    fs::create_directories(directory_);
    options_.from = "recorte@example.org";
    options_.domains = {"example.org"};
    options_.secret = "key";
    options_.pause = options_.longest_pause = 10'000;
  }
  ~NotifierTest() override {
    notifier_.reset();  // writes there until it ends
    fs::remove_all(directory_);
  }

  void mail_to(const Sink& sink, bool plain = true) {
    options_.mail.url = "smtp://" + sink.at();
    options_.mail.plain = plain;
  }
  std::string hook(const Sink& sink) {
    options_.hosts.push_back("http://" + sink.at());
    return options_.hosts.back() + "/hook?a=b";
  }
  void start() { notifier_.emplace(options_, directory_, "https://a.org/x"); }
  job::Job ended(const std::string& id, const std::vector<std::string>& whom, int rounds = 0) {
    job::Job job;
    job.id = id;
    job.run_id = "run of " + id;
    job.phase = job::Phase::kCompleted;
    job.rounds = rounds;
    for (const auto& each : whom) job.parameters.push_back({"NOTIFY", each});
    notifier_->job_ended(job);
    return job;
  }
  fs::path notice(const std::string& id) const { return directory_ / id / "notice"; }
  static bool eventually(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!holds()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
  }
  /// Everybody was told, or given up.
  bool settled(const std::string& id) const {
    return eventually([&] { return !fs::exists(notice(id)); });
  }
  std::int64_t attempts(const std::string& id) const {
    const auto there = read_notice(notice(id));
    return there && !there->to.empty() ? there->to.front().attempts : -1;
  }

  const fs::path directory_ =
      fs::path(testing::TempDir()) / ("notifier_test_" + std::to_string(::getpid()));
  Options options_;
  std::optional<Notifier> notifier_;
};

TEST_F(NotifierTest, AnEndIsToldOfOnceAndTheNextOneAnew) {
  Sink sink({"smtp"});
  mail_to(sink);
  start();
  ended("a", {"me@example.org"});
  sink.next();
  ASSERT_TRUE(settled("a"));
  ended("a", {"me@example.org"});
  EXPECT_FALSE(fs::exists(notice("a"))) << "it was told of";
  ended("a", {"me@example.org"}, 1);
  sink.next();
  ASSERT_TRUE(settled("a"));
  EXPECT_EQ(*read_file(directory_ / "a" / "notified"), "a-1");
}

TEST_F(NotifierTest, MailGoesByStarttlsWithAPassword) {
  Sink sink({"smtp", "--tls", directory_.string(), "--user", "me:secret"});
  mail_to(sink, false);
  options_.mail.user = "me";
  options_.mail.password = "secret";
  options_.mail_ca = directory_ / "ca.pem";
  start();
  ended("one", {"a@example.org"});
  const auto taken = sink.next();
  ASSERT_TRUE(taken.is_object());
  EXPECT_EQ(taken.at("tls"), true);
  EXPECT_EQ(taken.at("authenticated"), true);
  EXPECT_EQ(taken.at("from"), "recorte@example.org");
  EXPECT_EQ(taken.at("to"), nlohmann::json({"a@example.org"}));
  const auto data = taken.at("data").get<std::string>();
  EXPECT_THAT(data, HasSubstr("\r\nSubject: Recorte: job run of one (one) is COMPLETED\r\n"));
  EXPECT_THAT(data, HasSubstr("\r\nMessage-ID: <one-0@example.org>\r\n"));
  EXPECT_THAT(data, HasSubstr("https://a.org/x/async/one\r\n"));
  EXPECT_TRUE(settled("one"));
}

TEST_F(NotifierTest, AServerWithoutTlsGetsNoMail) {
  Sink sink({"smtp"});
  mail_to(sink, false);
  start();
  ended("one", {"a@example.org"});
  EXPECT_TRUE(settled("one"));
  mail_to(sink);
  start();
  ended("two", {"a@example.org"});
  EXPECT_THAT(sink.next().at("data").get<std::string>(), HasSubstr("<two-0@example.org>"));
}

TEST_F(NotifierTest, ACertificateThatNobodyKnowsGetsNoMail) {
  Sink sink({"smtp", "--tls", directory_.string()});
  mail_to(sink, false);
  options_.attempts = 2;
  start();
  ended("one", {"a@example.org"});
  EXPECT_TRUE(settled("one"));
  options_.mail_ca = directory_ / "ca.pem";
  start();
  ended("two", {"a@example.org"});
  EXPECT_THAT(sink.next().at("data").get<std::string>(), HasSubstr("<two-0@example.org>"));
}

TEST_F(NotifierTest, FourHundredsAreTriedAgainFiveHundredsNot) {
  Sink sink({"smtp", "--answers", "451,452,250,554,250"});
  mail_to(sink);
  start();
  ended("one", {"a@example.org"});
  for (const int answer : {451, 452, 250}) {
    const auto taken = sink.next();
    EXPECT_EQ(taken.at("answer"), answer);
    EXPECT_THAT(taken.at("data").get<std::string>(), HasSubstr("<one-0@example.org>"));
  }
  EXPECT_TRUE(settled("one"));
  ended("two", {"a@example.org"});
  EXPECT_EQ(sink.next().at("answer"), 554);
  EXPECT_TRUE(settled("two"));
  ended("three", {"a@example.org"});
  EXPECT_THAT(sink.next().at("data").get<std::string>(), HasSubstr("<three-0@example.org>"));
}

TEST_F(NotifierTest, WebhooksAreSignedAndTriedAgainAsTheSame) {
  Sink sink({"http", "--answers", "503,429,200"});
  const auto url = hook(sink);
  start();
  ended("one", {url});
  for (const int answer : {503, 429, 200}) {
    const auto taken = sink.next();
    ASSERT_TRUE(taken.is_object());
    EXPECT_EQ(taken.at("answer"), answer);
    EXPECT_EQ(taken.at("path"), "/hook?a=b");
    const auto body = taken.at("body").get<std::string>();
    const auto& headers = taken.at("headers");
    EXPECT_EQ(headers.at("x-recorte-signature"), "sha256=" + net::hmac_sha256("key", body));
    EXPECT_EQ(headers.at("x-recorte-id"), "one-0");
    EXPECT_EQ(headers.at("content-type"), "application/json");
    const auto json = nlohmann::json::parse(body);
    EXPECT_EQ(json.at("id"), "one-0");
    EXPECT_EQ(json.at("event"), "job.ended");
    EXPECT_THAT(json.at("sent").get<std::string>(), testing::EndsWith("Z"));
    EXPECT_EQ(json.at("job").at("id"), "one");
    EXPECT_EQ(json.at("job").at("links").at("uws"), "https://a.org/x/async/one");
  }
  EXPECT_TRUE(settled("one"));
}

TEST_F(NotifierTest, OtherAnswersAreFinalAndRedirectsNotFollowed) {
  Sink sink({"http", "--answers", "302,404,401,200"});
  const auto url = hook(sink);
  start();
  for (const auto* id : {"one", "two", "three", "four"}) {
    ended(id, {url});
    const auto taken = sink.next();
    EXPECT_EQ(taken.at("path"), "/hook?a=b");
    EXPECT_EQ(taken.at("headers").at("x-recorte-id"), id + std::string("-0"));
    EXPECT_TRUE(settled(id));
  }
}

TEST_F(NotifierTest, AnswersAreBoundedInSizeAndTime) {
  Sink endless({"http", "--endless"});
  const auto url = hook(endless);
  start();
  ended("one", {url});
  EXPECT_EQ(endless.next().at("answer"), 200);
  EXPECT_TRUE(settled("one"));
  EXPECT_EQ(endless.next().at("ended"), true);

  Sink silent({"http", "--silent"});
  net::Bounds bounds;
  bounds.whole = 300'000;
  const auto delivery =
      net::post({net::parse_target(hook(silent)).value(), "id", "{}", "key"}, bounds);
  EXPECT_EQ(delivery.outcome, net::Outcome::kAway);
}

TEST_F(NotifierTest, ADeadServerDelaysNobodyAndIsTriedSoOften) {
  Sink sink({"http"});
  const auto url = hook(sink);
  options_.mail.url = "smtp://127.0.0.1:1";
  options_.mail.plain = true;
  options_.attempts = 4;
  start();
  for (const auto* id : {"one", "two", "three"}) ended(id, {"a@example.org", url});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(sink.next().is_object());
  for (const auto* id : {"one", "two", "three"}) EXPECT_TRUE(settled(id)) << "no end of attempts";
}

TEST_F(NotifierTest, WhatWasLeftIsTakenUp) {
  options_.mail.url = "smtp://127.0.0.1:1";
  options_.mail.plain = true;
  options_.pause = options_.longest_pause = 3'600'000'000;
  start();
  ended("one", {"a@example.org"});
  ASSERT_TRUE(eventually([&] { return attempts("one") == 1; }));
  notifier_.reset();

  Sink sink({"smtp"});
  mail_to(sink);
  auto left = read_notice(notice("one")).value();
  EXPECT_GT(left.to.front().next, now_micros());
  left.to.front().next = 0;  // the hour is over
  ASSERT_TRUE(write_notice(notice("one"), left));
  start();
  EXPECT_THAT(sink.next().at("data").get<std::string>(), HasSubstr("<one-0@example.org>"));
  EXPECT_TRUE(settled("one"));
}

TEST_F(NotifierTest, WhatMayNoLongerBeToldIsNot) {
  Sink sink({"smtp"});
  mail_to(sink);
  Notice old;
  old.id = "one-0";
  old.job = {{"id", "one"}};
  old.to = {{"a@evil.org", 0, 0}, {"http://169.254.169.254/latest", 0, 0}};
  fs::create_directories(directory_ / "one");
  ASSERT_TRUE(write_notice(notice("one"), old));
  start();
  EXPECT_TRUE(settled("one"));
  ended("two", {"a@example.org"});
  EXPECT_EQ(sink.next().at("to"), nlohmann::json({"a@example.org"}));
}

TEST_F(NotifierTest, BrokenNoticesStopNobody) {
  Sink sink({"smtp"});
  mail_to(sink);
  fs::create_directories(directory_ / "one");
  std::ofstream(notice("one")) << "{";
  std::ofstream(directory_ / "file") << "no directory";
  start();
  ended("two", {"a@example.org"});
  EXPECT_TRUE(sink.next().is_object());
}

TEST_F(NotifierTest, AJobThatEndsAnewIsToldAnew) {
  Sink sink({"http", "--answers", "503,200"});
  const auto url = hook(sink);
  options_.pause = options_.longest_pause = 3'600'000'000;
  start();
  ended("one", {url});
  EXPECT_EQ(sink.next().at("headers").at("x-recorte-id"), "one-0");
  ASSERT_TRUE(eventually([&] { return attempts("one") == 1; }));
  ended("one", {url}, 1);
  EXPECT_EQ(sink.next().at("headers").at("x-recorte-id"), "one-1");
  EXPECT_TRUE(settled("one"));
}

TEST_F(NotifierTest, AJobThatIsGoneIsNotTold) {
  options_.mail.url = "smtp://127.0.0.1:1";
  options_.mail.plain = true;
  start();
  ended("one", {"a@example.org"});
  ASSERT_TRUE(eventually([&] { return attempts("one") >= 1; }));
  ASSERT_TRUE(eventually([&] {  // an attempt may write its notice meanwhile
    std::error_code error;
    fs::remove_all(directory_ / "one", error);
    return !fs::exists(directory_ / "one");
  }));
  Sink sink({"http"});
  options_.alert_url = hook(sink);
  start();
  notifier_->alert("a", "b");  // its thread comes that far
  EXPECT_TRUE(sink.next().is_object());
  EXPECT_FALSE(fs::exists(directory_ / "one"));
}

TEST_F(NotifierTest, NobodyNamedCostsNothing) {
  start();
  ended("one", {});
  EXPECT_FALSE(fs::exists(directory_ / "one"));
}

TEST_F(NotifierTest, EndsWhileOneIsSilent) {
  Sink sink({"http", "--silent"});
  const auto url = hook(sink);
  start();
  ended("one", {url});
  ASSERT_TRUE(sink.next().is_object());
  const auto begin = std::chrono::steady_clock::now();
  notifier_.reset();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  EXPECT_EQ(attempts("one"), 0) << "what was broken off does not count";
}

TEST_F(NotifierTest, AlertsAreSaidOnceAndCounted) {
  Sink sink({"http", "--answers", "500,200"});
  options_.alert_url = "http://" + sink.at() + "/ops";
  start();
  for (int i = 0; i < 5; ++i) notifier_->alert("/sync", "bad \xff thing");
  notifier_->alert("a worker", "crashed");
  std::map<std::string, nlohmann::json> said;
  for (int i = 0; i < 3; ++i) {
    const auto taken = sink.next();
    ASSERT_TRUE(taken.is_object());
    const auto body = taken.at("body").get<std::string>();
    EXPECT_EQ(taken.at("headers").at("x-recorte-signature"),
              "sha256=" + net::hmac_sha256("key", body));
    const auto json = nlohmann::json::parse(body);
    EXPECT_EQ(json.at("event"), "alert");
    if (taken.at("answer") == 200) said[json.at("where").get<std::string>()] = json;
  }
  ASSERT_EQ(said.size(), 2U) << "the one that met a 500 is said again";
  EXPECT_EQ(said.at("/sync").at("what"), "bad ? thing");
  EXPECT_EQ(said.at("/sync").at("suppressed"), 0);
  EXPECT_EQ(said.at("a worker").at("suppressed"), 4);
}

}  // namespace
}  // namespace recorte::notify
