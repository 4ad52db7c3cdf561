// SPDX-License-Identifier: BSD-3-Clause
//
// Other plugins for a pool that works, and how plugins fare.
#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/cutout/parameters.hpp"
#include "core/worker/pool.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <mutex>
#include <optional>
#include <utility>

namespace recorte::worker {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

class RenewalTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    directory_.emplace();
    test::make_surveys(directory_->path(), {"segfault-find"},
                       {"segfault-run", "throw-run", "loop-run", "segfault-constructor",
                        "loop-constructor", "exit-constructor", "missing-symbol"});
  }
  static void TearDownTestSuite() { directory_.reset(); }
  void SetUp() override { descriptors_ = test::open_descriptors(); }
  void TearDown() override {
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    EXPECT_TRUE(test::children().empty());
  }

  static fs::path plugin(const std::string& name) {
    return fs::canonical(directory_->path() / "plugins") / (name + ".so");
  }
  static Terms terms(std::vector<plugin::Withdrawn> withdrawn = {}) {
    return {nullptr, std::make_shared<const plugin::InUse>(
                         plugin::InUse{{directory_->path() / "plugins"}, std::move(withdrawn)})};
  }
  PoolOptions options(std::size_t workers = 1) {
    PoolOptions out;
    out.program = recorte::test::build_tree() / "bin" / "recorte-worker";
    out.worker.surveys = directory_->path() / "surveys.d";
    out.workers = workers;
    out.terms = terms();
    out.grace_ms = 200;
    out.fared = [this](std::string_view plugin, const std::string& how) {
      const std::lock_guard lock(mutex_);
      fared_.emplace_back(plugin, how);
    };
    return out;
  }
  static cutout::Task task(const std::string& survey, const std::string& algorithm = "") {
    cutout::Task out;
    out.id = "test";
    auto text = "survey=" + survey + "&ra=150.1&dec=2.2&size=16px";
    if (!algorithm.empty()) text += "&algorithm=vice-" + algorithm;
    out.items.push_back({0, cutout::parse_canonical(text).value(), {}});
    return out;
  }
  static Result<cutout::TaskReport> run(Pool& pool, const cutout::Task& task) {
    const auto sink = make_memfd("sink").value();
    return pool.run(task, sink.get());
  }
  static std::optional<Error> error_of(Pool& pool, const cutout::Task& task) {
    const auto report = run(pool, task);
    if (!report) return report.error();
    return report->outcomes.at(0).error;
  }

  static inline std::optional<test::TempDir> directory_;
  std::vector<std::pair<std::string, std::string>> fared_;

 private:
  std::mutex mutex_;
  std::size_t descriptors_ = 0;
};

TEST_F(RenewalTest, APluginThatIsWithdrawnSaysWhy) {
  auto with = options();
  with.terms = terms({{"cut", "0.1.0", "it failed - \"often\""}, {"tiles", "9.9.9", "another"}});
  Pool pool(with);
  const auto error = error_of(pool, task("small"));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, ErrorCode::kUnavailable);
  EXPECT_EQ(error->message, "the plugin cut 0.1.0 is out of use: it failed - \"often\"");
  pool.renew(terms()).clear();
  EXPECT_FALSE(error_of(pool, task("small")));
  pool.renew(terms({{"tiles", "0.1.0", "no more"}})).clear();
  const auto described = pool.describe("small");
  ASSERT_FALSE(described);
  EXPECT_EQ(described.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(described.error().message, HasSubstr("tiles 0.1.0 is out of use: no more"));
}

TEST_F(RenewalTest, WorkersThatArePreparedComeAtOnce) {
  Pool pool(options(2));
  ASSERT_TRUE(pool.warm());
  const auto before = test::children();
  const auto next = terms({{"cut", "0.0.1", "old"}});
  const auto ready = pool.prepare(next);
  ASSERT_TRUE(ready) << ready.error().message;
  const auto both = test::children();
  EXPECT_EQ(both.size(), 4U);
  EXPECT_EQ(pool.alive(), 2U);
  pool.renew({next.readable, std::make_shared<const plugin::InUse>(*next.plugins)}).clear();
  const auto after = test::children();
  EXPECT_EQ(after.size(), 2U);
  for (const auto pid : after) EXPECT_FALSE(before.contains(pid));
  EXPECT_EQ(pool.alive(), 2U);
  EXPECT_FALSE(error_of(pool, task("small")));
  EXPECT_EQ(test::children(), after);
  EXPECT_EQ(pool.deaths(), 0U);
}

TEST_F(RenewalTest, WorkersThatWerePreparedForSomethingElseGo) {
  Pool pool(options(2));
  auto ready = pool.prepare(terms({{"cut", "0.0.1", "old"}}));
  ASSERT_TRUE(ready) << ready.error().message;
  ready = pool.prepare(terms({{"cut", "0.0.2", "old"}}));
  EXPECT_EQ(test::children().size(), 2U);
  pool.renew(terms()).clear();
  EXPECT_EQ(pool.alive(), 0U);
  ready = nullptr;
  EXPECT_TRUE(test::children().empty());
  EXPECT_EQ(pool.alive(), 0U);
  EXPECT_FALSE(error_of(pool, task("small")));
}

TEST_F(RenewalTest, OneThatDoesNotStartIsTold) {
  auto with = options();
  with.program = "/bin/false";
  Pool pool(with);
  const auto prepared = pool.prepare(terms());
  ASSERT_FALSE(prepared);
  EXPECT_THAT(prepared.error().message, HasSubstr("exited with status 1"));
}

/// What the plugins need lasts as long as a worker that has them.
TEST_F(RenewalTest, WhatIsKeptLastsAsLongAsItsWorkers) {
  Pool pool(options());
  auto kept = std::make_shared<int>(0);
  const std::weak_ptr<int> watched = kept;
  auto with = terms();
  with.plugins = std::make_shared<const plugin::InUse>(
      plugin::InUse{with.plugins->directories, {}, std::move(kept)});
  pool.renew(std::move(with)).clear();
  ASSERT_TRUE(pool.warm());
  auto retired = pool.renew(terms());
  EXPECT_FALSE(watched.expired());
  retired.clear();
  EXPECT_TRUE(watched.expired());
}

TEST_F(RenewalTest, HowPluginsFareIsTold) {
  Pool pool(options());
  EXPECT_FALSE(error_of(pool, task("small")));
  EXPECT_THAT(std::exchange(fared_, {}),
              UnorderedElementsAre(Pair("tiles 0.1.0", ""), Pair("cut 0.1.0", "")));
  // What the one who asks does wrong, and what is not there, is no plugin's fault.
  auto wrong = task("small");
  wrong.items[0].request.bands = {"none"};
  EXPECT_TRUE(error_of(pool, wrong));
  EXPECT_TRUE(error_of(pool, task("nothing")));
  EXPECT_THAT(fared_, IsEmpty());
  EXPECT_TRUE(error_of(pool, task("small", "segfault-run")));
  EXPECT_THAT(std::exchange(fared_, {}),
              ElementsAre(Pair("vice-segfault-run 0.0.1",
                               AllOf(HasSubstr("SIGSEGV"), HasSubstr("run()")))));
  EXPECT_TRUE(error_of(pool, task("small", "throw-run")));
  EXPECT_THAT(std::exchange(fared_, {}),
              ElementsAre(Pair("vice-throw-run 0.0.1", HasSubstr("threw"))));
  EXPECT_TRUE(error_of(pool, task("segfault-find")));
  EXPECT_THAT(std::exchange(fared_, {}),
              ElementsAre(Pair("vice-segfault-find 0.0.1", HasSubstr("looked for images"))));
  auto hangs = task("small", "loop-run");
  hangs.budget.wall_ms = 300;
  EXPECT_EQ(error_of(pool, hangs)->code, ErrorCode::kTimeout);
  EXPECT_THAT(std::exchange(fared_, {}),
              ElementsAre(Pair("vice-loop-run 0.0.1", HasSubstr("it hung"))));
}

/// Nor is it what the files hold.
TEST_F(RenewalTest, ADamagedFileIsNoPluginsFault) {
  Pool pool(options());
  const auto image = directory_->path() / "images" / "small_g.fits";
  const auto whole = read_file(image).value();
  ASSERT_TRUE(write_file(image, whole.substr(0, 2880 + 100)));
  EXPECT_TRUE(error_of(pool, task("small")));
  EXPECT_THAT(fared_, IsEmpty());
  ASSERT_TRUE(write_file(image, whole));
}

TEST_F(RenewalTest, ALibraryIsLoadedToSeeWhetherItCanBe) {
  Pool pool(options());
  EXPECT_TRUE(pool.load(plugin("cut"), 5'000));
  const auto fault = [&](const std::string& vice, std::int64_t wall_ms = 5'000) {
    const auto loaded = pool.load(plugin("vice-" + vice), wall_ms);
    return loaded ? "" : loaded.error().message;
  };
  EXPECT_THAT(fault("segfault-constructor"), AllOf(HasSubstr("SIGSEGV"), HasSubstr("loaded")));
  EXPECT_THAT(fault("exit-constructor"), HasSubstr("exited"));
  EXPECT_THAT(fault("loop-constructor", 300), HasSubstr("longer than 300 ms"));
  EXPECT_THAT(fault("missing-symbol"), HasSubstr("recorte_plugin_v1"));
  EXPECT_THAT(fault("none"), HasSubstr("no directory of plugins"));
}

}  // namespace
}  // namespace recorte::worker
