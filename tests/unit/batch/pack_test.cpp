// SPDX-License-Identifier: BSD-3-Clause
#include "core/batch/pack.hpp"

#include "core/batch/pack_index.hpp"
#include "core/cutout/item_log.hpp"
#include "support.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <thread>

namespace recorte::batch {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

std::string hex(const std::array<std::byte, 32>& bytes) {
  std::string out;
  for (const auto byte : bytes) {
    std::array<char, 3> text{};
    std::snprintf(text.data(), text.size(), "%02x", static_cast<unsigned>(byte));
    out += text.data();
  }
  return out;
}

class PackTest : public testing::Test {
 protected:
  PackWriter writer(std::int64_t task = 3) {
    auto opened = PackWriter::open(directory_.path(), task);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
  }
  std::vector<std::uint64_t> rows(PackWriter& writer) {
    std::vector<std::uint64_t> out;
    const auto items = writer.recover().value();
    for (const auto& item : items) out.push_back(item.row);
    return out;
  }
  fs::path part() const { return directory_.path() / "task-000003.part"; }
  fs::path pack() const { return directory_.path() / "task-000003.pack"; }

  TemporaryDirectory directory_;
};

TEST_F(PackTest, HoldsWhatTheWorkerWroteAndWhatTheServerAdded) {
  auto w = writer();
  ASSERT_TRUE(test::write_item(w.descriptor(), test::made(10), "abc"));
  ASSERT_TRUE(w.add(test::failed(11, ErrorCode::kPlugin, "it crashed")));
  ASSERT_TRUE(test::write_item(w.descriptor(), test::made(12, 0.5), std::string(300'000, 'x')));
  ASSERT_TRUE(w.add(test::failed(13, ErrorCode::kNoCoverage, "nothing there")));
  EXPECT_FALSE(fs::exists(pack()));
  ASSERT_TRUE(w.seal());
  EXPECT_FALSE(fs::exists(part()));

  const auto opened = Pack::open(directory_.path(), 3);
  ASSERT_TRUE(opened) << opened.error().message;
  const auto& p = **opened;
  ASSERT_EQ(p.size(), 4U);
  const ItemStatus expected[] = {ItemStatus::kOk, ItemStatus::kFailed, ItemStatus::kPartial,
                                 ItemStatus::kNoCoverage};
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(p.slot(i).product, 10 + i);
    EXPECT_EQ(p.slot(i).status, expected[i]);
  }
  EXPECT_EQ(test::product_of(p, 0), "abc");
  EXPECT_EQ(p.slot(0).crc, 0x352441C2U);
  EXPECT_EQ(hex(p.slot(0).sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(test::product_of(p, 2), std::string(300'000, 'x'));
  EXPECT_EQ(p.slot(1).bytes, 0);
  EXPECT_EQ(hex(p.slot(1).sha256), std::string(64, '0'));

  const auto outcome = p.outcome(2);
  ASSERT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(outcome->coverage, 0.5);
  EXPECT_EQ(outcome->offset, p.slot(2).offset);
  EXPECT_EQ(outcome->bytes, 300'000);
  EXPECT_EQ(p.outcome(1)->error->message, "it crashed");

  const job::Tally tally{1, 1, 1, 1, 300'003, 500'000};
  EXPECT_EQ(p.tally(), tally);
}

TEST_F(PackTest, OfSeveralOutcomesOfOneProductTheLastCounts) {
  auto w = writer();
  ASSERT_TRUE(w.add(test::failed(1, ErrorCode::kTimeout, "late")));
  ASSERT_TRUE(test::write_item(w.descriptor(), test::made(2), "two"));
  ASSERT_TRUE(test::write_item(w.descriptor(), test::made(1), "one"));
  ASSERT_TRUE(w.seal());
  const auto p = Pack::open(directory_.path(), 3).value();
  ASSERT_EQ(p->size(), 2U);
  EXPECT_EQ(p->slot(0).product, 2U);
  EXPECT_EQ(test::product_of(*p, 1), "one");
  EXPECT_EQ(p->tally().ok, 2);
}

TEST_F(PackTest, SaysWhatIsNeededForEachProduct) {
  const std::vector<account::Need> des{{"y6", "", "des", ""}},
      both{{"y6", "", "", ""}, {"y6", "", "", "young"}};
  auto w = writer();
  const auto write = [&](std::uint64_t row, const std::vector<account::Need>& needs) {
    auto item = test::made(row);
    item.needs = needs;
    ASSERT_TRUE(test::write_item(w.descriptor(), item, "x"));
  };
  write(1, des);
  ASSERT_TRUE(w.add(test::failed(2, ErrorCode::kNoCoverage, "nothing there")));
  write(3, both);
  write(4, des);
  write(5, {});
  ASSERT_TRUE(w.seal());
  const auto p = Pack::open(directory_.path(), 3).value();
  const std::vector<account::Need> expected[] = {des, {}, both, des, {}};
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_THAT(p->needs(i), testing::ElementsAreArray(expected[i])) << i;
  EXPECT_EQ(p->slot(3).needs, 1U) << "told by the first that is like it";
  EXPECT_EQ(p->slot(2).status, ItemStatus::kOk);
}

TEST_F(PackTest, ATaskWithoutItemsIsAPackToo) {
  ASSERT_TRUE(writer().seal());
  const auto p = Pack::open(directory_.path(), 3);
  ASSERT_TRUE(p) << p.error().message;
  EXPECT_EQ((*p)->size(), 0U);
}

TEST_F(PackTest, OneThatIsNotSealedIsNotFound) {
  auto w = writer();
  const auto p = Pack::open(directory_.path(), 3);
  ASSERT_FALSE(p);
  EXPECT_EQ(p.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(p.error().message, HasSubstr("task-000003.pack"));
}

TEST_F(PackTest, AnInterruptedOneGoesOnBehindWhatIsWhole) {
  {
    auto w = writer();
    ASSERT_TRUE(test::write_item(w.descriptor(), test::made(1), "one"));
    ASSERT_TRUE(test::write_item(w.descriptor(), test::made(2), "two"));
    // The worker died within the third.
    ASSERT_TRUE(cutout::begin_item(w.descriptor()));
    ASSERT_EQ(::write(w.descriptor(), "thr", 3), 3);
  }
  auto w = writer();
  ASSERT_TRUE(test::write_item(w.descriptor(), test::made(3), "three"));
  EXPECT_EQ(rows(w), (std::vector<std::uint64_t>{1, 2, 3}));
  ASSERT_TRUE(w.seal());
  const auto p = Pack::open(directory_.path(), 3).value();
  EXPECT_EQ(test::product_of(*p, 0), "one");
  EXPECT_EQ(test::product_of(*p, 2), "three");
}

TEST_F(PackTest, WhatAnotherStartOfTheMachineLeftIsNotTrusted) {
  {
    auto w = writer();
    ASSERT_TRUE(test::write_item(w.descriptor(), test::made(1), "one"));
    const auto head = part_head("00000000-0000-0000-0000-000000000000");
    ASSERT_TRUE(is_part_head(head));
    ASSERT_EQ(::pwrite(w.descriptor(), head.data(), head.size(), 0), kPartHead);
  }
  auto w = writer();
  EXPECT_TRUE(rows(w).empty());
  EXPECT_EQ(fs::file_size(part()), static_cast<std::uintmax_t>(kPartHead));
}

TEST_F(PackTest, AnIndexThatWasNotFinishedIsCutOff) {
  {
    auto w = writer();
    ASSERT_TRUE(test::write_item(w.descriptor(), test::made(1), "one"));
    ASSERT_TRUE(w.seal());
  }
  // As a crash before the rename leaves it.
  fs::rename(pack(), part());
  fs::resize_file(part(), fs::file_size(part()) - 9);
  auto w = writer();
  EXPECT_EQ(rows(w), (std::vector<std::uint64_t>{1}));
  ASSERT_TRUE(w.seal());
  EXPECT_EQ(test::product_of(*Pack::open(directory_.path(), 3).value(), 0), "one");
}

/// The worker of a server that was killed may still write for a moment.
TEST_F(PackTest, IsNotOpenedWhileAnotherHasIt) {
  auto first = std::make_unique<PackWriter>(writer());
  const Fd of_worker(::dup(first->descriptor()));
  std::thread([&] {
    const auto second = PackWriter::open(directory_.path(), 3);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, ErrorCode::kUnavailable);
    EXPECT_THAT(second.error().message, HasSubstr("another process"));
  }).join();
}

TEST_F(PackTest, WaitsForOneWhoIsAboutToGo) {
  auto first = std::make_unique<PackWriter>(writer());
  ASSERT_TRUE(test::write_item(first->descriptor(), test::made(1), "one"));
  std::thread leaving([&] { first.reset(); });
  auto second = writer();
  leaving.join();
  EXPECT_EQ(rows(second), (std::vector<std::uint64_t>{1}));
}

TEST_F(PackTest, NoLinkIsFollowed) {
  fs::create_symlink("/dev/null", part());
  EXPECT_FALSE(PackWriter::open(directory_.path(), 3));
  fs::create_symlink("/etc/passwd", pack());
  EXPECT_FALSE(Pack::open(directory_.path(), 3));
}

TEST(StatusOf, GoesByErrorAndCoverage) {
  EXPECT_EQ(status_of(test::made(1)), ItemStatus::kOk);
  EXPECT_EQ(status_of(test::made(1, 1 - 1e-12)), ItemStatus::kOk);
  EXPECT_EQ(status_of(test::made(1, 0.999)), ItemStatus::kPartial);
  EXPECT_EQ(status_of(test::failed(1, ErrorCode::kNoCoverage, "")), ItemStatus::kNoCoverage);
  EXPECT_EQ(status_of(test::failed(1, ErrorCode::kData, "")), ItemStatus::kFailed);
}

}  // namespace
}  // namespace recorte::batch
