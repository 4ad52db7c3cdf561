// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/control_page.hpp"

#include "support.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <thread>

namespace recorte::worker {
namespace {

TEST(ControlPage, BeginsEmpty) {
  const auto page = ControlPage::make();
  ASSERT_TRUE(page);
  EXPECT_FALSE(page->cancelled());
  EXPECT_EQ(page->progress(), 0);
  EXPECT_EQ(page->stage(), "");
}

TEST(ControlPage, IsSharedBothWays) {
  auto ours = ControlPage::make();
  ASSERT_TRUE(ours);
  auto theirs = ControlPage::map(Fd(::dup(ours->descriptor())));
  ASSERT_TRUE(theirs);
  ours->set_cancelled(true);
  theirs->set_progress(.25);
  theirs->set_stage("plugin 'x' in run()");
  EXPECT_TRUE(theirs->cancelled());
  EXPECT_EQ(ours->progress(), .25);
  EXPECT_EQ(ours->stage(), "plugin 'x' in run()");
  theirs->set_stage("");
  EXPECT_EQ(ours->stage(), "");
}

TEST(ControlPage, AStageIsCutToItsRoom) {
  auto page = ControlPage::make();
  ASSERT_TRUE(page);
  for (const std::size_t size : {1U, 255U, 256U, 257U, 10'000U}) {
    page->set_stage(std::string(size, 's'));
    EXPECT_EQ(page->stage(), std::string(std::min<std::size_t>(size, 256), 's'));
  }
}

TEST(ControlPage, ItsReaderNeedsNoGoodWill) {
  const auto page = ControlPage::make();
  ASSERT_TRUE(page);
  // What a plugin could do to the descriptor: shrink it, so that reading it would kill; or
  // scribble.
  EXPECT_NE(::ftruncate(page->descriptor(), 0), 0);
  const std::string junk(4096, '\xFF');
  EXPECT_GE(::pwrite(page->descriptor(), junk.data(), junk.size(), 0), -1);
  EXPECT_LE(page->stage().size(), 256U);
}

TEST(ControlPage, MovesAndCloses) {
  const auto before = test::open_descriptors();
  {
    auto a = ControlPage::make();
    auto b = ControlPage::make();
    ASSERT_TRUE(a && b);
    a->set_stage("a");
    b->set_stage("b");
    ControlPage c(std::move(*a));
    c = std::move(*b);
    EXPECT_EQ(c.stage(), "b");
  }
  EXPECT_EQ(test::open_descriptors(), before);
  EXPECT_FALSE(ControlPage::map(Fd()));
}

TEST(ControlPage, ReadingWhileTheOtherWritesIsSafe) {
  auto page = ControlPage::make();
  ASSERT_TRUE(page);
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    auto other = ControlPage::map(Fd(::dup(page->descriptor())));
    for (int i = 0; !stop; ++i) other->set_progress(i % 2 == 0 ? .25 : .75);
  });
  for (int i = 0; i < 100'000; ++i) {
    const double p = page->progress();
    ASSERT_TRUE(p == 0 || p == .25 || p == .75);
  }
  stop = true;
  writer.join();
}

}  // namespace
}  // namespace recorte::worker
