// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/job_events.hpp"

#include "tests/unit/service/fake_jobs.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace recorte::api {
namespace {

using namespace testing;
using job::Phase;
using State = http::Stream::State;

class Events : public Test {
 protected:
  void open() { stream = job_events(jobs, jobs.all.at("a"), "https://sky.example", {}); }
  State next() {
    http::Piece piece;
    const auto state = stream->next(piece, [this] { ++woken; });
    text = *state == State::kPiece ? *std::get<http::Text>(piece).bytes : "";
    return *state;
  }
  nlohmann::json data() const {
    const auto at = text.find("data: ") + 6;
    return nlohmann::json::parse(text.substr(at, text.find('\n', at) - at));
  }
  test::FakeJobs jobs;
  std::unique_ptr<http::Stream> stream;
  std::string text;
  int woken = 0;
};

TEST_F(Events, TellEachChangeUntilTheEnd) {
  jobs.add("a", Phase::kExecuting);
  open();
  ASSERT_EQ(next(), State::kPiece);
  EXPECT_THAT(text, AllOf(StartsWith("event: progress\ndata: {"), EndsWith("}\n\n")));
  EXPECT_EQ(data()["url"], "https://sky.example/api/v1/jobs/a");
  ASSERT_EQ(next(), State::kLater);
  EXPECT_EQ(woken, 0);
  jobs.change("a", [](auto& job) { job.tally.ok = 5; });
  EXPECT_EQ(woken, 1);
  ASSERT_EQ(next(), State::kPiece);
  EXPECT_EQ(data()["done"], 5);
  ASSERT_EQ(next(), State::kLater);
  jobs.change("a", [](auto& job) { job.phase = Phase::kCompleted; });
  ASSERT_EQ(next(), State::kPiece);
  EXPECT_THAT(text, StartsWith("event: end\n"));
  EXPECT_EQ(data()["phase"], "COMPLETED");
  EXPECT_EQ(next(), State::kEnd);
}

TEST_F(Events, AreTheLatestForWhoIsSlow) {
  jobs.add("a", Phase::kExecuting);
  open();
  next();
  for (int i = 1; i <= 3; ++i) jobs.change("a", [](auto& job) { ++job.tally.ok; });
  next();
  ASSERT_EQ(next(), State::kPiece);
  EXPECT_EQ(data()["done"], 3);
  EXPECT_EQ(next(), State::kLater);
}

TEST_F(Events, SayThatNothingIsNew) {
  jobs.add("a", Phase::kQueued);
  open();
  next();
  ASSERT_EQ(next(), State::kLater);
  ASSERT_EQ(next(), State::kLater);
  EXPECT_EQ(jobs.waits, 1);
  jobs.tell();
  ASSERT_EQ(next(), State::kPiece);
  EXPECT_THAT(text, StartsWith(":")) << "a comment";
}

TEST_F(Events, EndWithTheJobThatIsDeleted) {
  jobs.add("a", Phase::kQueued);
  open();
  next();
  next();
  jobs.all.clear();
  jobs.tell();
  ASSERT_EQ(next(), State::kPiece);
  EXPECT_THAT(text, StartsWith("event: end\n"));
  EXPECT_EQ(next(), State::kEnd);
}

TEST_F(Events, WakeNobodyOnceTheClientIsGone) {
  jobs.add("a", Phase::kQueued);
  open();
  next();
  next();
  stream.reset();
  jobs.tell();
  EXPECT_EQ(woken, 0);
}

}  // namespace
}  // namespace recorte::api
