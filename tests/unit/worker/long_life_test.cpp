// SPDX-License-Identifier: BSD-3-Clause
//
// What a worker that lives for weeks must notice, and must not keep.
#include "core/base/io.hpp"
#include "core/base/time.hpp"
#include "core/cutout/parameters.hpp"
#include "core/survey/index_survey.hpp"
#include "core/worker/channel.hpp"
#include "core/worker/pool.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <thread>

namespace recorte::worker {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LongLife : public testing::Test {
 protected:
  void SetUp() override {
    test::make_surveys(root(), {}, {});
    pool_.emplace(options());
  }
  /// One worker did all of it.
  void TearDown() override {
    EXPECT_EQ(pool_->deaths(), 0U);
    EXPECT_EQ(pool_->alive(), 1U);
  }

  PoolOptions options() const {
    PoolOptions out;
    out.program = recorte::test::build_tree() / "bin" / "recorte-worker";
    out.worker.surveys = root() / "surveys.d";
    out.worker.plugins = {root() / "plugins"};
    return out;
  }
  fs::path root() const { return directory_.path(); }
  fs::path toml() const { return root() / "surveys.d" / "small.toml"; }
  fs::path image() const { return root() / "images" / "small_g.fits"; }
  /// Another title, in the survey's file.
  void retitle(const std::string& title) {
    auto text = read_file(toml()).value();
    const auto at = text.find("[survey]\n");
    ASSERT_NE(at, text.npos);
    const auto old = text.find("title = ");
    if (old != text.npos) text.erase(old, text.find('\n', old) - old + 1);
    ASSERT_TRUE(write_file(toml(), text.insert(at + 9, "title = \"" + title + "\"\n")));
  }
  std::string title() {
    const auto described = pool_->describe("small");
    return described ? described->at("title").get<std::string>() : described.error().message;
  }
  static cutout::Task task(const std::string& request) {
    cutout::Task out;
    out.items.push_back({0, cutout::parse_canonical(request).value(), {}});
    return out;
  }
  cutout::Outcome cut(const std::string& more = "&size=16px") {
    const auto sink = make_memfd("sink").value();
    const auto report = pool_->run(task("survey=small&ra=150.1&dec=2.2" + more), sink.get());
    if (report) return report->outcomes.at(0);
    cutout::Outcome failed;
    failed.error = report.error();
    return failed;
  }
  std::vector<std::string> located() {
    const auto rows =
        pool_->locate(task("survey=small&ra=150.1&dec=2.2&size=16px&epochs=all")).value();
    std::vector<std::string> out;
    for (const auto& i : rows.at(0).at("images")) out.push_back(i.at("id"));
    return out;
  }

  test::TempDir directory_;
  std::optional<Pool> pool_;
};

TEST_F(LongLife, ASurveyThatIsEditedIsDescribedAnew) {
  for (const auto* name : {"One", "Two", "Six"}) {
    retitle(name);
    EXPECT_EQ(title(), name);
    EXPECT_EQ(title(), name);
  }
}

TEST_F(LongLife, ASurveyThatIsBrokenIsAnErrorUntilItIsMended) {
  retitle("Good");
  EXPECT_EQ(title(), "Good");
  const auto good = read_file(toml()).value();
  ASSERT_TRUE(write_file(toml(), good + "\nroot = [\n"));
  for (int i = 0; i < 2; ++i) EXPECT_THAT(title(), HasSubstr("small.toml"));
  ASSERT_TRUE(write_file(toml(), good));
  EXPECT_EQ(title(), "Good");
}

TEST_F(LongLife, ASurveyThatIsTakenAwayIsForgotten) {
  EXPECT_FALSE(cut().error);
  fs::rename(toml(), root() / "kept");
  const auto outcome = cut();
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, ErrorCode::kNotFound);
  fs::rename(root() / "kept", toml());
  EXPECT_FALSE(cut().error);
}

TEST_F(LongLife, AnImageThatIsIndexedLaterIsFound) {
  EXPECT_EQ(located().size(), 1U);
  fs::copy_file(image(), root() / "images" / "small_new_g.fits");
  EXPECT_EQ(located().size(), 1U);
  const auto report = survey::index_survey({root() / "images", "small", root() / "surveys.d", {}});
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_EQ(report->images, 2U);
  EXPECT_EQ(located().size(), 2U);
}

TEST_F(LongLife, AProductsVersionChangesWithWhatItIsMadeOf) {
  const auto first = cut();
  ASSERT_FALSE(first.error) << first.error->message;
  EXPECT_EQ(first.version.size(), 32U);
  EXPECT_EQ(cut().version, first.version);

  fs::last_write_time(image(), fs::file_time_type::clock::now() + std::chrono::seconds(5));
  const auto touched = cut();
  EXPECT_NE(touched.version, first.version);
  EXPECT_EQ(cut().version, touched.version);

  retitle("Other");
  const auto edited = cut();
  EXPECT_NE(edited.version, touched.version);

  fs::copy_file(image(), root() / "images" / "small_new_g.fits");
  ASSERT_TRUE(survey::index_survey({root() / "images", "small", root() / "surveys.d", {}}));
  const auto indexed = cut();
  EXPECT_NE(indexed.version, edited.version);
  // An image that does not answer could, were it another.
  fs::last_write_time(root() / "images" / "small_new_g.fits",
                      fs::file_time_type::clock::now() + std::chrono::seconds(9));
  EXPECT_NE(cut().version, indexed.version);
}

TEST_F(LongLife, ANewWorkerGivesTheSameVersion) {
  const auto first = cut();
  ASSERT_FALSE(first.error);
  pool_.emplace(options());
  EXPECT_EQ(cut().version, first.version);
}

TEST_F(LongLife, ACancellationIsForgottenByTheNextTask) {
  const std::atomic<bool> cancelled = true;
  const auto sink = make_memfd("sink").value();
  auto many = task("survey=small&ra=150.1&dec=2.2&size=16px");
  for (int i = 0; i < 5000; ++i) many.items.push_back(many.items.front());
  for (int i = 0; i < 3; ++i) {
    const auto report = pool_->run(many, sink.get(), &cancelled);
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
    EXPECT_FALSE(cut().error);
  }
}

TEST_F(LongLife, WarmStartsEveryWorkerOnce) {
  auto three = options();
  three.workers = 3;
  const auto before = test::children().size();
  Pool pool(three);
  EXPECT_EQ(pool.alive(), 0U);
  for (int i = 0; i < 2; ++i) {
    ASSERT_TRUE(pool.warm());
    EXPECT_EQ(pool.alive(), 3U);
    EXPECT_EQ(test::children().size(), before + 3);
  }
  three.program = "/no/such/worker";
  Pool none(three);
  const auto warmed = none.warm();
  ASSERT_FALSE(warmed);
  EXPECT_THAT(warmed.error().message, HasSubstr("/no/such/worker"));
  EXPECT_EQ(none.alive(), 0U);
  EXPECT_FALSE(cut().error);
}

/// A server's listener and clients, say, of a library that marks none of them.
TEST_F(LongLife, AWorkerGetsNoDescriptorOfItsSupervisors) {
  const Fd stray(::open("/dev/null", O_RDONLY));
  const Fd far(::fcntl(stray.get(), F_DUPFD, 100));
  ASSERT_FALSE(cut().error);
  for (const auto worker : test::children()) {
    const auto descriptors = fs::path("/proc") / std::to_string(worker) / "fd";
    EXPECT_FALSE(fs::exists(fs::symlink_status(descriptors / std::to_string(far.get()))));
    for (const auto& entry : fs::directory_iterator(descriptors))
      if (std::stoi(entry.path().filename()) > 2) {
        EXPECT_NE(fs::read_symlink(entry), "/dev/null");
      }
  }
}

/// Ctrl-C and a service manager's SIGTERM reach a whole group; the supervisor decides what ends.
TEST_F(LongLife, ASignalToTheGroupLeavesTheTaskToTheSupervisor) {
  ASSERT_FALSE(cut().error);
  const auto workers = test::children();
  ASSERT_EQ(workers.size(), 1U);  // else the signals could reach everyone
  const auto worker = *workers.begin();
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::kill(worker, number);
  EXPECT_FALSE(cut().error);
  EXPECT_EQ(*test::children().begin(), worker);
}

/// A thread of a server's blocks signals; its workers' plugins need not know.
TEST_F(LongLife, AWorkerBlocksNoSignalThatItsSupervisorDoes) {
  std::thread([&] {
    sigset_t all;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, nullptr);
    EXPECT_FALSE(cut().error);
  }).join();
  std::ifstream status(fs::path("/proc") / std::to_string(*test::children().begin()) / "status");
  std::string line;
  while (std::getline(status, line) && !line.starts_with("SigBlk:")) {
  }
  EXPECT_EQ(line, "SigBlk:\t0000000000000000");
}

}  // namespace
}  // namespace recorte::worker
