// SPDX-License-Identifier: BSD-3-Clause
#include "core/remote/block_store.hpp"

#include "core/base/id.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <vector>

namespace recorte::remote {
namespace {

namespace fs = std::filesystem;

class BlockStoreTest : public testing::Test {
 protected:
  void SetUp() override { fs::remove_all(directory_); }
  void TearDown() override { fs::remove_all(directory_); }

  std::unique_ptr<BlockStore> store(BlockStore::Bounds bounds = {}) const {
    return std::move(BlockStore::open(directory_, bounds).value());
  }
  std::vector<fs::path> files() const {
    return {fs::directory_iterator(directory_), fs::directory_iterator()};
  }
  std::int64_t bytes() const {
    std::int64_t out = 0;
    for (const auto& file : files()) out += static_cast<std::int64_t>(fs::file_size(file));
    return out;
  }
  /// Last used so many seconds ago.
  void age(const std::string& name, int seconds) const {
    const timespec then{std::time(nullptr) - seconds, 0};
    const timespec both[] = {then, then};
    ASSERT_EQ(::utimensat(AT_FDCWD, (directory_ / name).c_str(), both, 0), 0);
  }

  fs::path directory_ = fs::path(testing::TempDir()) / ("blocks-" + random_hex(4));
};

TEST_F(BlockStoreTest, WhatIsPutIsThereForTheNextProcess) {
  {
    const auto first = store();
    const auto put = first->put("a", "some bytes");
    ASSERT_TRUE(put);
    EXPECT_EQ(read_descriptor(put->get())->substr(0, 10), "some bytes");
    EXPECT_TRUE(first->put("a", "other bytes"));
  }
  EXPECT_EQ(store()->text("a"), "other bytes");
  EXPECT_TRUE(store()->find("a"));
  EXPECT_FALSE(store()->find("b"));
  EXPECT_FALSE(store()->text("b"));
}

TEST_F(BlockStoreTest, WhatIsDamagedIsNotThere) {
  const auto blocks = store();
  ASSERT_TRUE(blocks->put("flipped", "some bytes"));
  ASSERT_TRUE(blocks->put("cut", "some bytes"));
  ASSERT_TRUE(blocks->put("empty", "some bytes"));
  std::fstream(directory_ / "flipped", std::ios::in | std::ios::out).put('S');
  fs::resize_file(directory_ / "cut", 7);
  fs::resize_file(directory_ / "empty", 0);
  for (const char* name : {"flipped", "cut", "empty"}) {
    EXPECT_FALSE(blocks->text(name)) << name;
    EXPECT_FALSE(blocks->find(name)) << name;
    EXPECT_FALSE(fs::exists(directory_ / name)) << name;
  }
}

TEST_F(BlockStoreTest, BoundsHoldAndWhatWasUsedLastStays) {
  const auto blocks = store({.bytes = 10'000, .files = 1'000});
  for (int i = 0; i < 9; ++i) {
    ASSERT_TRUE(blocks->put(std::to_string(i), std::string(996, 'x')));
    age(std::to_string(i), 1'000 - i);
  }
  EXPECT_TRUE(blocks->find("0"));  // and is the youngest now
  for (int i = 9; i < 30; ++i) {
    ASSERT_TRUE(blocks->put(std::to_string(i), std::string(996, 'x')));
    EXPECT_LE(bytes(), 10'000) << i;
    if (i != 11) continue;
    EXPECT_TRUE(fs::exists(directory_ / "0"));
    EXPECT_FALSE(fs::exists(directory_ / "1"));
  }
  // One that comes back with less room.
  EXPECT_TRUE(store({.bytes = 5'000, .files = 3}));
  EXPECT_LE(bytes(), 5'000);
  EXPECT_LT(files().size(), 3U);
}

TEST_F(BlockStoreTest, FilesAreBoundedToo) {
  const auto blocks = store({.bytes = 1 << 20, .files = 8});
  for (int i = 0; i < 30; ++i) {
    ASSERT_TRUE(blocks->put(std::to_string(i), "x"));
    EXPECT_LE(files().size(), 8U);
  }
}

TEST_F(BlockStoreTest, WhatGoesStaysForWhoReadsIt) {
  const auto blocks = store();
  const auto held = *blocks->put("a", "some bytes");
  blocks->remove("a");
  EXPECT_FALSE(blocks->find("a"));
  EXPECT_EQ(read_descriptor(held.get())->substr(0, 10), "some bytes");
  EXPECT_EQ(::write(held.get(), "x", 1), -1) << "is for reading alone";
}

TEST_F(BlockStoreTest, ManyWriteTheSame) {
  const auto blocks = store({.bytes = 200'000, .files = 1'000});
  std::vector<std::thread> writers;
  std::atomic<int> wrong = 0;
  for (int t = 0; t < 4; ++t)
    writers.emplace_back([&, t] {
      for (int i = 0; i < 200; ++i) {
        const auto name = std::to_string(i % 7);
        const std::string bytes(5'000, static_cast<char>('a' + i % 7));
        if (!blocks->put(name, bytes)) ++wrong;
        const auto read = blocks->text(std::to_string((i + t) % 7));
        if (read && (read->size() != 5'000 || read->front() != read->back())) ++wrong;
      }
    });
  for (auto& writer : writers) writer.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(BlockStoreTest, ItsDirectoryIsItsUsersAlone) {
  store();
  EXPECT_EQ(fs::status(directory_).permissions(), fs::perms::owner_all);
  std::ofstream(directory_ / "file").put('x');
  EXPECT_THAT(BlockStore::open(directory_ / "file" / "below", {}).error().message,
              testing::HasSubstr("cache in [remote]"));
}

}  // namespace
}  // namespace recorte::remote
