// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/delivery.hpp"

#include "core/base/io.hpp"
#include "core/batch/pack.hpp"
#include "plans.hpp"
#include "support.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace recorte::batch {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

struct DeliveryTest : testing::Test {
  DeliveryTest() {
    EXPECT_TRUE(expand({*variants_of(kStamps), {}}, "id,ra,dec\nm31,10,41\nfar,1,-80\n", "list", {},
                       work.path() / "plan"));
    auto pack = PackWriter::open(work.path(), 0);
    EXPECT_TRUE(test::write_item(pack->descriptor(), test::made(0), "pixels"));
    EXPECT_TRUE(pack->add(test::failed(1, ErrorCode::kNoCoverage, "nothing there")));
    EXPECT_TRUE(pack->seal());
    results = Results::open(work.path(), {0}).value();
    job.id = "j1";
    job.owner = "ann";
    delivery.pattern = (home.path() / "{user}/cutouts/{job}").string();
  }
  fs::path place() const { return home.path() / "ann" / "cutouts" / "j1"; }
  static mode_t mode_of(const fs::path& path) {
    struct stat status {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status.st_mode & 07777U;
  }

  const TemporaryDirectory work, home;
  std::shared_ptr<const Results> results;
  job::Job job;
  Delivery delivery;
  std::atomic<bool> stop{false};
};

TEST_F(DeliveryTest, PutsProductsAndManifestThere) {
  const auto done = deliver(delivery, job, results, stop);
  ASSERT_TRUE(done) << done.error().message;
  std::vector<std::string> files;
  for (const auto& entry : fs::directory_iterator(place()))
    files.push_back(entry.path().filename());
  std::ranges::sort(files);
  EXPECT_THAT(files, ElementsAre("m31.fits", "manifest.csv"));
  EXPECT_EQ(read_file(place() / "m31.fits").value(), "pixels");
  EXPECT_THAT(read_file(place() / "manifest.csv").value(), HasSubstr("nothing there"));
  EXPECT_EQ(mode_of(place()), 0750U);
  EXPECT_EQ(mode_of(place() / "m31.fits"), 0640U);
  EXPECT_EQ(std::distance(fs::directory_iterator(place().parent_path()), {}), 1);
}

TEST_F(DeliveryTest, OneOfAnEarlierTryIsReplaced) {
  fs::create_directories(place());
  ASSERT_TRUE(write_file(place() / "stale.fits", "x"));
  fs::create_directories(place().parent_path() / ".j1.part");
  ASSERT_TRUE(write_file(place().parent_path() / ".j1.part" / "half.fits", "x"));
  ASSERT_TRUE(deliver(delivery, job, results, stop));
  EXPECT_FALSE(fs::exists(place() / "stale.fits"));
  EXPECT_FALSE(fs::exists(place() / "half.fits"));
  EXPECT_TRUE(fs::exists(place() / "m31.fits"));
}

TEST_F(DeliveryTest, NothingGoesThroughALink) {
  const TemporaryDirectory elsewhere;
  fs::create_directories(home.path() / "ann");
  fs::create_directory_symlink(elsewhere.path(), home.path() / "ann" / "cutouts");
  const auto done = deliver(delivery, job, results, stop);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kForbidden);
  EXPECT_THAT(done.error().message, HasSubstr((home.path() / "ann" / "cutouts").string()));
  EXPECT_EQ(elsewhere.files(), 0U);
}

TEST_F(DeliveryTest, ALinkInTheJobsPlaceIsReplacedAndNotFollowed) {
  const TemporaryDirectory elsewhere;
  ASSERT_TRUE(write_file(elsewhere.path() / "precious", "x"));
  fs::create_directories(place().parent_path());
  fs::create_directory_symlink(elsewhere.path(), place());
  ASSERT_TRUE(deliver(delivery, job, results, stop));
  EXPECT_TRUE(fs::exists(elsewhere.path() / "precious"));
  EXPECT_EQ(elsewhere.files(), 1U);
  EXPECT_FALSE(fs::is_symlink(place()));
}

TEST_F(DeliveryTest, WhatIsReplacedGoesWithAllThatIsInItAndNothingElse) {
  const TemporaryDirectory elsewhere;
  ASSERT_TRUE(write_file(elsewhere.path() / "precious", "x"));
  fs::create_directories(place() / "own" / "deep");
  ASSERT_TRUE(write_file(place() / "own" / "deep" / "notes", "x"));
  fs::create_directory_symlink(elsewhere.path(), place() / "own" / "link");
  fs::create_symlink("nowhere", place() / "own" / "dangling");
  const auto done = deliver(delivery, job, results, stop);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_FALSE(fs::exists(place() / "own"));
  EXPECT_TRUE(fs::exists(elsewhere.path() / "precious"));
}

/// The owner may change what is theirs at any moment: what stands elsewhere under the same names
/// is never touched.
TEST_F(DeliveryTest, APartOfThePathThatBecomesALinkTakesNothingElsewhereAway) {
  const TemporaryDirectory elsewhere;
  fs::create_directories(elsewhere.path() / "j1");
  ASSERT_TRUE(write_file(elsewhere.path() / "j1" / "precious", "x"));
  fs::create_directories(place());
  const auto own = place().parent_path(), other = own.parent_path() / "other";
  fs::create_directory_symlink(elsewhere.path(), other);
  std::atomic<bool> over{false};
  std::thread owner([&] {
    while (!over) ::renameat2(AT_FDCWD, own.c_str(), AT_FDCWD, other.c_str(), RENAME_EXCHANGE);
  });
  int delivered = 0;
  for (int i = 0; i < 2'000 && fs::exists(elsewhere.path() / "j1" / "precious"); ++i)
    if (deliver(delivery, job, results, stop)) ++delivered;
  over = true;
  owner.join();
  EXPECT_TRUE(fs::exists(elsewhere.path() / "j1" / "precious"));
  EXPECT_GT(delivered, 0);
}

TEST_F(DeliveryTest, OneThatIsStoppedPutsNothingInTheJobsPlace) {
  stop = true;
  const auto done = deliver(delivery, job, results, stop);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kCancelled);
  EXPECT_FALSE(fs::exists(place()));
  stop = false;
  EXPECT_TRUE(deliver(delivery, job, results, stop));
}

TEST_F(DeliveryTest, AGroupThatIsNotThereIsNamed) {
  delivery.group = "no-such-group";
  const auto done = deliver(delivery, job, results, stop);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kUsage);
  EXPECT_THAT(done.error().message, HasSubstr("no-such-group"));
  delivery.group = "root";
  EXPECT_EQ(deliver(delivery, job, results, stop).has_value(), ::geteuid() == 0);
}

TEST_F(DeliveryTest, OwnersWhoAreNoDirectoryAreRefused) {
  for (const auto* owner : {"", "..", ".ssh", "a/b", "/etc"}) {
    job.owner = owner;
    const auto done = deliver(delivery, job, results, stop);
    ASSERT_FALSE(done) << owner;
    EXPECT_EQ(done.error().code, ErrorCode::kUsage);
  }
  EXPECT_EQ(home.files(), 0U);
}

TEST_F(DeliveryTest, SettingsAreChecked) {
  for (const auto* pattern : {"relative/{job}", "/data/cutouts", "/data/{job}/{name}"}) {
    const auto wrong = check({pattern, "", 0750});
    ASSERT_FALSE(wrong) << pattern;
    EXPECT_THAT(wrong.error().message, HasSubstr(pattern));
  }
  const auto right = check({"/data/{user}/{job}", "", 0750});
  EXPECT_EQ(right.has_value(), ::geteuid() != 0);
  if (!right) {
    EXPECT_THAT(right.error().message, HasSubstr("root"));
  }
}

}  // namespace
}  // namespace recorte::batch
