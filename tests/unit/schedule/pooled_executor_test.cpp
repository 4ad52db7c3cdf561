// SPDX-License-Identifier: BSD-3-Clause
#include "core/schedule/pooled_executor.hpp"

#include "../worker/support.hpp"
#include "core/base/time.hpp"
#include "core/survey/index_survey.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include <future>
#include <optional>
#include <thread>

namespace recorte::schedule {
namespace {

namespace fs = std::filesystem;
namespace test = worker::test;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

/// `small` is everyone's; `ours` and `too` are the group us's, `theirs` the group them's.
class PooledExecutorTest : public testing::Test {
 protected:
  static constexpr auto kLong = std::chrono::seconds(60);
  static constexpr std::int64_t kNever = 3'600'000;

  template <class Condition>
  static bool soon(Condition&& condition) {
    const auto end = monotonic_ms() + 30'000;
    while (!condition() && monotonic_ms() < end) std::this_thread::yield();
    return condition();
  }

  void SetUp() override {
    directory_.emplace();
    test::make_surveys(at(""), {}, {});
    add("ours", "us");
    add("too", "us");
    add("theirs", "them");
    fs::create_directory(at("spill"));
    descriptors_ = test::open_descriptors();
  }
  /// Whatever happened, neither a descriptor nor a process, living or dead, is left.
  void TearDown() override {
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    EXPECT_TRUE(test::children().empty());
  }

  fs::path at(const std::string& name) const { return directory_->path() / name; }
  void add(const std::string& survey, const std::string& group) const {
    fs::create_directory(at(survey));
    fs::copy_file(at("images/small_g.fits"), at(survey) / "a_g.fits");
    ASSERT_TRUE(survey::index_survey({at(survey), survey, at("surveys.d"), {}}));
    const auto file = at("surveys.d/" + survey + ".toml");
    auto text = read_file(file).value();
    const std::string key = "access_group = \"";
    text.insert(text.find(key) + key.size(), group);
    ASSERT_TRUE(write_file(file, text));
  }

  PooledExecutor::Options options(std::size_t most_private = 2,
                                  std::int64_t idle_ms = kNever) const {
    PooledExecutor::Options out;
    out.local.pool.program = recorte::test::build_tree() / "bin" / "recorte-worker";
    out.local.pool.worker.surveys = at("surveys.d");
    out.local.pool.worker.plugins = {at("plugins")};
    out.local.pool.workers = 2;
    out.local.spill = at("spill");
    out.most_private = most_private;
    out.idle_ms = idle_ms;
    return out;
  }
  std::shared_ptr<trust::Book> book() const {
    return std::make_shared<trust::Book>(trust::Where{at("surveys.d"), {{at("plugins")}}, {}});
  }
  static cutout::Task task(const std::vector<std::string>& surveys) {
    cutout::Task out;
    out.id = "test";
    for (const auto& survey : surveys) {
      const auto text = "survey=" + survey + "&ra=150.1&dec=2.2&size=16px";
      out.items.push_back({out.items.size(), cutout::parse_canonical(text).value(), {}});
    }
    // What a survey's group may see is judged of old, and not here.
    out.groups = {"us", "them"};
    return out;
  }
  static std::future<Finished> begin(Executor& executor, cutout::Task task) {
    auto answer = std::make_shared<std::promise<Finished>>();
    executor.run(std::move(task), 0, nullptr,
                 [answer](Finished finished) { answer->set_value(std::move(finished)); });
    return answer->get_future();
  }
  static Finished get(std::future<Finished> answer) {
    if (answer.wait_for(kLong) != std::future_status::ready)
      throw std::runtime_error("no answer came");
    return answer.get();
  }
  static Finished run(Executor& executor, const std::vector<std::string>& surveys) {
    return get(begin(executor, task(surveys)));
  }
  static void expect_good(Executor& executor, const std::string& survey) {
    const auto finished = run(executor, {survey});
    ASSERT_TRUE(finished.report) << finished.report.error().message;
    const auto& error = finished.report->outcomes.at(0).error;
    EXPECT_FALSE(error) << survey << ": " << error->message;
  }
  static std::vector<std::string> pools(const PooledExecutor& executor) {
    std::vector<std::string> out;
    for (const auto& pool : executor.pools())
      out.push_back(pool.name + " " + std::to_string(pool.workers));
    return out;
  }
  static ino_t sink_of(PooledExecutor& executor, const std::string& survey) {
    const auto finished = run(executor, {survey});
    struct stat about {};
    EXPECT_EQ(::fstat(finished.sink->descriptor(), &about), 0);
    return about.st_ino;
  }

 private:
  std::optional<test::TempDir> directory_;
  std::size_t descriptors_ = 0;
};

TEST_F(PooledExecutorTest, APoolBeginsWithItsFirstTask) {
  PooledExecutor executor(options(), book());
  ASSERT_TRUE(executor.started()) << executor.started().error().message;
  EXPECT_THAT(pools(executor), ElementsAre("public 2"));
  expect_good(executor, "small");
  expect_good(executor, "ours");
  expect_good(executor, "too");
  EXPECT_THAT(pools(executor), ElementsAre("public 2", "us 1"));
  expect_good(executor, "theirs");
  EXPECT_THAT(pools(executor), ElementsAre("public 2", "them 1", "us 1"));
  EXPECT_EQ(executor.workers(), 4U);
  EXPECT_EQ(executor.finished(), 4U);
  EXPECT_EQ(executor.refused() + executor.deaths() + executor.waiting() + executor.working(), 0U);
}

TEST_F(PooledExecutorTest, OneThatNobodyAsksGoesAndItsCountsStay) {
  PooledExecutor executor(options(2, 0), book());
  expect_good(executor, "ours");
  EXPECT_TRUE(soon([&] { return pools(executor).size() == 1; }));
  EXPECT_TRUE(soon([&] { return test::children().size() == 2; }));
  EXPECT_EQ(executor.finished(), 1U);
  expect_good(executor, "ours");
  EXPECT_EQ(executor.finished(), 2U);
}

TEST_F(PooledExecutorTest, PrivatePoolsShareTheirPlaces) {
  PooledExecutor executor(options(1), book());
  std::vector<std::future<Finished>> all;
  for (int i = 0; i < 12; ++i)
    all.push_back(begin(executor, task({i % 3 == 0 ? "small" : i % 3 == 1 ? "ours" : "theirs"})));
  for (auto& one : all) {
    const auto finished = get(std::move(one));
    ASSERT_TRUE(finished.report) << finished.report.error().message;
    EXPECT_FALSE(finished.report->outcomes.at(0).error);
    EXPECT_LE(executor.workers(), 3U);
  }
  EXPECT_EQ(executor.finished(), 12U);
}

/// Memory that held products of one pool never comes to a worker of another.
TEST_F(PooledExecutorTest, SinksStayInTheirPool) {
  PooledExecutor executor(options(), book());
  const auto ours = sink_of(executor, "ours");
  EXPECT_EQ(sink_of(executor, "too"), ours);
  EXPECT_NE(sink_of(executor, "small"), ours);
  EXPECT_NE(sink_of(executor, "theirs"), ours);
  EXPECT_EQ(sink_of(executor, "ours"), ours);
}

TEST_F(PooledExecutorTest, ATaskIsOfOnePool) {
  PooledExecutor executor(options(), book());
  const auto good = run(executor, {"ours", "too"});
  ASSERT_TRUE(good.report) << good.report.error().message;
  EXPECT_EQ(good.report->outcomes.size(), 2U);
  const auto mixed = run(executor, {"ours", "small"});
  ASSERT_FALSE(mixed.report);
  EXPECT_EQ(mixed.report.error().code, ErrorCode::kInternal);
  EXPECT_THAT(mixed.report.error().message, HasSubstr("ours and small"));
}

TEST_F(PooledExecutorTest, WhatIsCoveredIsAskedOfEachPool) {
  PooledExecutor executor(options(), book());
  auto asked = task({"small", "ours", "theirs", "small"});
  asked.items[3].request = cutout::parse_canonical("survey=small&ra=10&dec=2.2&size=16px").value();
  std::promise<Result<std::string>> answer;
  executor.cover(asked, nullptr, [&](auto result) { answer.set_value(std::move(result)); });
  const std::string expected{1, 1, 1, 0};
  EXPECT_EQ(answer.get_future().get().value(), expected);
}

TEST_F(PooledExecutorTest, DescribesEachInItsPool) {
  PooledExecutor executor(options(), book());
  for (const auto* survey : {"small", "ours", "theirs"}) {
    std::promise<Result<nlohmann::json>> answer;
    executor.describe(survey, [&](auto result) { answer.set_value(std::move(result)); });
    EXPECT_EQ(answer.get_future().get().value().at("id"), survey);
  }
}

TEST_F(PooledExecutorTest, ASurveyThatIsAddedOrIndexedAnewIsServed) {
  PooledExecutor executor(options(), book());
  expect_good(executor, "small");
  expect_good(executor, "ours");
  add("late", "us");
  expect_good(executor, "late");
  add("open", "");
  expect_good(executor, "open");
  // Its new index is another file, which those who were there could not open.
  fs::copy_file(at("images/small_g.fits"), at("ours/b_g.fits"));
  ASSERT_TRUE(survey::index_survey({at("ours"), "ours", at("surveys.d"), {}}));
  expect_good(executor, "ours");
  expect_good(executor, "small");
}

TEST_F(PooledExecutorTest, ThePublicPoolIsWarmAgainByItself) {
  PooledExecutor executor(options(), book());
  const auto before = test::children();
  add("open", "");
  EXPECT_TRUE(soon([&] {
    const auto now = test::children();
    return now.size() == 2 && now != before && executor.workers() == 2;
  }));
  expect_good(executor, "open");
}

/// Other plugins: for the public pool's workers, which are there before, and for those of others.
TEST_F(PooledExecutorTest, OtherPluginsComeToAllPools) {
  const auto known = book();
  PooledExecutor executor(options(), known);
  expect_good(executor, "small");
  expect_good(executor, "ours");
  const plugin::InUse others{{at("plugins")}, {{"cut", "0.1.0", "it failed"}}};
  const auto ready = executor.prepare(known->with(others));
  ASSERT_TRUE(ready) << ready.error().message;
  EXPECT_EQ(test::children().size(), 5U);
  known->use(others);
  executor.renew();
  EXPECT_EQ(test::children().size(), 2U);
  for (const auto* survey : {"small", "ours", "theirs"}) {
    const auto finished = run(executor, {survey});
    ASSERT_TRUE(finished.report) << finished.report.error().message;
    const auto& error = finished.report->outcomes.at(0).error;
    ASSERT_TRUE(error) << survey;
    EXPECT_EQ(error->code, ErrorCode::kUnavailable);
  }
  known->use({{at("plugins")}, {}});
  expect_good(executor, "small");
  expect_good(executor, "ours");
  EXPECT_EQ(executor.deaths(), 0U);
}

/// Images that are elsewhere, behind links.
TEST_F(PooledExecutorTest, LinksAreFollowed) {
  add("linked", "us");
  fs::create_directory(at("archive"));
  fs::rename(at("linked/a_g.fits"), at("archive/a_g.fits"));
  fs::create_symlink(at("archive/a_g.fits"), at("linked/a_g.fits"));
  PooledExecutor executor(options(), book());
  expect_good(executor, "linked");
}

TEST_F(PooledExecutorTest, WhoWaitsWhenItGoesHears) {
  std::vector<std::future<Finished>> all;
  {
    PooledExecutor executor(options(1), book());
    for (int i = 0; i < 20; ++i) all.push_back(begin(executor, task({i % 2 ? "ours" : "theirs"})));
  }
  for (auto& one : all) {
    const auto finished = get(std::move(one));
    if (!finished.report) {
      EXPECT_EQ(finished.report.error().code, ErrorCode::kUnavailable);
    }
  }
}

}  // namespace
}  // namespace recorte::schedule
