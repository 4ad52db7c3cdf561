// SPDX-License-Identifier: BSD-3-Clause
//
// Tasks of a batch: what they leave in their sink, however they end.
#include "core/base/io.hpp"
#include "core/base/sanitized.hpp"
#include "core/base/time.hpp"
#include "core/batch/pack.hpp"
#include "core/worker/pool.hpp"
#include "support.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmath>
#include <future>
#include <optional>
#include <random>
#include <thread>

namespace recorte::worker {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr const char* kHere = "survey=small&ra=150.1&dec=2.2&size=16px";
constexpr const char* kElsewhere = "survey=small&ra=10&dec=2.2&size=16px";

class BatchTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    surveys_.emplace();
    test::make_surveys(surveys_->path(), {}, {"segfault-run", "loop-run"});
  }
  static void TearDownTestSuite() { surveys_.reset(); }
  void SetUp() override { part_.emplace(open()); }

  batch::PackWriter open() {
    auto opened = batch::PackWriter::open(directory_.path(), 0);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  static PoolOptions options() {
    PoolOptions out;
    out.program = recorte::test::build_tree() / "bin" / "recorte-worker";
    out.worker.surveys = surveys_->path() / "surveys.d";
    out.worker.plugins = {surveys_->path() / "plugins"};
    return out;
  }
  static void add(cutout::Task& task, std::uint64_t row, const std::string& request) {
    task.items.push_back({row, cutout::parse_canonical(request).value(), {}});
  }
  static cutout::Task task(std::uint64_t first, std::size_t count, std::int64_t wall_ms = 60'000) {
    cutout::Task out;
    out.lane = cutout::Lane::kBatch;
    out.log_items = true;
    out.budget.wall_ms = wall_ms;
    for (std::size_t i = 0; i < count; ++i) add(out, first + i, kHere);
    return out;
  }
  std::vector<std::uint64_t> rows() {
    const auto items = part_->recover().value();
    std::vector<std::uint64_t> out;
    for (const auto& item : items) out.push_back(item.row);
    return out;
  }
  /// Seals the part: products 0 to `count` - 1 are in it, each a whole file.
  void expect_whole(std::size_t count) {
    ASSERT_TRUE(part_->seal());
    const auto pack = batch::Pack::open(directory_.path(), 0).value();
    const auto file = pack->file().value();
    ASSERT_EQ(pack->size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      const auto slot = pack->slot(i);
      ASSERT_EQ(slot.product, i);
      ASSERT_EQ(slot.status, batch::ItemStatus::kOk);
      std::string begin(9, '\0');
      ASSERT_EQ(::pread(file->get(), begin.data(), 9, slot.offset), 9);
      ASSERT_EQ(begin, "SIMPLE  =");
      ASSERT_EQ(slot.bytes % 2880, 0);
    }
  }

  static inline std::optional<test::TempDir> surveys_;
  test::TempDir directory_;
  std::optional<batch::PackWriter> part_;
};

TEST_F(BatchTest, EveryItemIsLoggedWithWhatIsSaidOfIt) {
  Pool pool(options());
  auto several = task(1, 1);
  add(several, 2, kElsewhere);
  add(several, 3, "survey=small&ra=150.1&dec=2.2&size=100px");
  const auto report = pool.run(several, part_->descriptor());
  ASSERT_TRUE(report) << report.error().message;
  const auto items = part_->recover().value();
  ASSERT_EQ(items.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(items[i].row, i + 1);
    EXPECT_EQ(items[i].error.has_value(), report->outcomes.at(i).error.has_value());
    EXPECT_GT(items[i].seconds, 0);
  }
  EXPECT_EQ(items[1].error->code, ErrorCode::kNoCoverage);
  EXPECT_EQ(items[1].bytes, 0);
  const auto& first = items[0];
  EXPECT_EQ(first.offset, report->outcomes[0].offset);
  EXPECT_EQ(first.bytes, report->outcomes[0].bytes);
  EXPECT_EQ(first.width, 16);
  EXPECT_NEAR(first.pixel_scale, 1e-4, 1e-12);
  EXPECT_NEAR(first.target_x, 8.5, 1e-6);
  EXPECT_NEAR(first.target_y, 8.5, 1e-6);
  EXPECT_EQ(first.masked_fraction, 0);
  EXPECT_TRUE(std::isnan(first.mjd_min));
  // 100² pixels about an image of 64².
  EXPECT_NEAR(items[2].masked_fraction, 1 - 64. * 64 / 1e4, 1e-9);
  EXPECT_NEAR(items[2].target_x, 50.5, 1e-6);
}

TEST_F(BatchTest, ASecondTaskContinuesInTheSameSink) {
  Pool pool(options());
  ASSERT_TRUE(pool.run(task(0, 3), part_->descriptor()));
  // A descriptor of its own, which stands at the beginning.
  part_.reset();
  part_.emplace(open());
  ASSERT_TRUE(pool.run(task(3, 2), part_->descriptor()));
  expect_whole(5);
}

/// Killed again and again, wherever it may be, and gone on with: no item twice, none lost.
TEST_F(BatchTest, AWorkerThatIsKilledLosesNoItemThatItFinished) {
  constexpr std::size_t kItems =
      kSanitized ? 5'000 : 30'000;  // which none makes before it is killed
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Pool pool(options());
  std::size_t done = 0;
  struct stat status {};
  for (int round = 0; round < 12; ++round) {
    ASSERT_TRUE(pool.warm());
    ASSERT_EQ(::fstat(part_->descriptor(), &status), 0);  // it grows by a worker's work alone
    auto running = std::async(std::launch::async,
                              [&] { return pool.run(task(done, kItems), part_->descriptor()); });
    const auto size = status.st_size + 1 + static_cast<std::int64_t>(random() % 1'000'000);
    while (status.st_size < size) {
      ASSERT_EQ(::fstat(part_->descriptor(), &status), 0);
      std::this_thread::yield();
    }
    for (const auto worker : test::children()) ::kill(worker, SIGKILL);
    const auto report = running.get();
    ASSERT_FALSE(report);
    const auto& message = report.error().message;
    ASSERT_THAT(message, AllOf(HasSubstr("SIGKILL"), HasSubstr("(row ")));
    const auto found = rows();
    ASSERT_GE(found.size(), done);
    for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], i);
    // The one that was at work, by the error, is the next, or was just written.
    const auto named = std::stoul(message.substr(message.find("(row ") + 5));
    EXPECT_GE(named, found.size() - 1);
    EXPECT_LE(named, found.size());
    done = found.size();
  }
  ASSERT_TRUE(pool.run(task(done, 20), part_->descriptor()));
  expect_whole(done + 20);
}

TEST_F(BatchTest, AnItemThatCrashesIsNamedAndIsTheNextOne) {
  Pool pool(options());
  auto bad = task(0, 2);
  add(bad, 2, std::string(kHere) + "&algorithm=vice-segfault-run");
  add(bad, 3, kHere);
  const auto report = pool.run(bad, part_->descriptor());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kPlugin);
  EXPECT_THAT(report.error().message, HasSubstr("at item 3 of 4 (row 2)"));
  EXPECT_EQ(rows(), (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(BatchTest, AnItemThatHangsCostsItsOwnTimeAndIsNamed) {
  constexpr std::int64_t kWall = 1'500;
  Pool pool(options());
  auto bad = task(0, 2, kWall);
  add(bad, 2, std::string(kHere) + "&algorithm=vice-loop-run");
  const auto since = monotonic_ms();
  const auto report = pool.run(bad, part_->descriptor());
  EXPECT_GE(monotonic_ms() - since, kWall);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kTimeout);
  EXPECT_THAT(report.error().message,
              AllOf(HasSubstr("1500 ms"), HasSubstr("at item 3 of 3 (row 2)")));
  EXPECT_EQ(rows(), (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(BatchTest, ATaskMayTakeLongerThanOneItem) {
  constexpr std::size_t kSome = kSanitized ? 300 : 2'000;
  Pool pool(options());
  ASSERT_TRUE(pool.run(task(0, 1), part_->descriptor()));
  auto since = monotonic_ms();
  ASSERT_TRUE(pool.run(task(1, kSome), part_->descriptor()));
  const auto wall = 2 * (monotonic_ms() - since);  // as fast as this machine is
  since = monotonic_ms();
  const auto report = pool.run(task(1 + kSome, 10 * kSome, wall), part_->descriptor());
  EXPECT_TRUE(report) << report.error().message;
  EXPECT_GT(monotonic_ms() - since, wall);
}

/// Each turn has one item at least, and the next goes on behind it.
TEST_F(BatchTest, ATaskEndsBehindTheItemThatPassesItsSlice) {
  Pool pool(options());
  std::size_t made = 0, turns = 0;
  for (; made < 200; ++turns) {
    auto turn = task(made, 200 - made);
    turn.budget.slice_ms = 1;
    const auto report = pool.run(turn, part_->descriptor());
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_GE(report->outcomes.size(), 1U);
    made += report->outcomes.size();
    ASSERT_EQ(rows().size(), made);
  }
  EXPECT_GT(turns, 1U);
  expect_whole(200);
}

TEST_F(BatchTest, ACancelledTaskKeepsWhatIsWhole) {
  Pool pool(options());
  std::atomic<bool> cancelled = false;
  auto running = std::async(std::launch::async, [&] {
    return pool.run(task(0, 20'000), part_->descriptor(), &cancelled);
  });
  struct stat status {};
  while (status.st_size < 100'000) {
    ASSERT_EQ(::fstat(part_->descriptor(), &status), 0);
    std::this_thread::yield();
  }
  cancelled = true;
  const auto report = running.get();
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kCancelled);
  const auto found = rows();
  EXPECT_GT(found.size(), 5U);
  for (std::size_t i = 0; i < found.size(); ++i) ASSERT_EQ(found[i], i);
}

/// The disk is the greatest size of a file, which workers inherit.
TEST_F(BatchTest, ADiskThatIsFullEndsTheTaskAndIsNoItemsFault) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  const rlimit limit{30'000, before.rlim_max};
  auto* handler = ::signal(SIGXFSZ, SIG_IGN);
  Pool pool(options());
  ::setrlimit(RLIMIT_FSIZE, &limit);
  const auto warmed = pool.warm();
  ::setrlimit(RLIMIT_FSIZE, &before);
  ::signal(SIGXFSZ, handler);
  ASSERT_TRUE(warmed);
  const auto report = pool.run(task(0, 100), part_->descriptor());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(report.error().message,
              AllOf(HasSubstr(directory_.path().string()), HasSubstr("too large")));
  EXPECT_EQ(pool.deaths(), 0U);
  const auto found = rows();
  ASSERT_GE(found.size(), 2U);
  Pool roomy(options());
  ASSERT_TRUE(roomy.run(task(found.size(), 2), part_->descriptor()));
  expect_whole(found.size() + 2);
}

/// A file that cannot be read now, as on a disk that is away, is the fault of its items alone.
TEST_F(BatchTest, ASourceThatCannotBeReadCostsItsOwnItems) {
  const auto image = surveys_->path() / "images" / "small_g.fits";
  const auto kept = surveys_->path() / "kept";
  fs::rename(image, kept);
  fs::create_symlink(image, image);  // ELOOP
  Pool pool(options());
  const auto report = pool.run(task(0, 2), part_->descriptor());
  fs::remove(image);
  fs::rename(kept, image);
  ASSERT_TRUE(report) << report.error().message;
  for (const auto& outcome : report->outcomes) {
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->code, ErrorCode::kUnavailable) << outcome.error->message;
  }
  EXPECT_EQ(rows(), (std::vector<std::uint64_t>{0, 1}));
}

TEST_F(BatchTest, CoverSaysOfEachItemWhatIsThere) {
  Pool pool(options());
  auto some = task(0, 1);
  add(some, 1, kElsewhere);
  add(some, 2, "survey=none&ra=150.1&dec=2.2&size=16px");
  add(some, 3, std::string(kHere) + "&bands=g");
  add(some, 4, std::string(kHere) + "&bands=nosuch");
  add(some, 5, std::string(kHere) + "&release=nosuch");
  add(some, 6, "survey=small&image=nosuch");
  EXPECT_EQ(pool.cover(some).value(), std::string({1, 0, 2, 1, 2, 2, 2}));
  EXPECT_EQ(pool.cover(task(0, 20'000)).value(), std::string(20'000, 1));
  EXPECT_EQ(pool.cover(task(0, 0)).value(), "");
}

TEST_F(BatchTest, CoverOpensNoImage) {
  const auto image = surveys_->path() / "images" / "small_g.fits";
  const auto kept = surveys_->path() / "kept";
  fs::rename(image, kept);
  Pool pool(options());
  EXPECT_EQ(pool.cover(task(0, 2)).value(), std::string({1, 1}));
  fs::rename(kept, image);
}

TEST_F(BatchTest, CoverIsCancelled) {
  Pool pool(options());
  const std::atomic<bool> cancelled = true;
  const auto covered = pool.cover(task(0, 100'000), &cancelled);
  ASSERT_FALSE(covered);
  EXPECT_EQ(covered.error().code, ErrorCode::kCancelled);
}

}  // namespace
}  // namespace recorte::worker
