// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/output_file.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <cstddef>
#include <span>
#include <string_view>

namespace recorte::store {
namespace {

namespace fs = std::filesystem;

Status write(int fd, std::string_view text) {
  return write_all(fd, std::as_bytes(std::span(text.data(), text.size())));
}

class Output : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "recorte-output-XXXXXX";
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    directory_ = name;
  }
  void TearDown() override { fs::remove_all(directory_); }
  bool empty() const { return fs::is_empty(directory_); }
  fs::path directory_;
};

TEST_F(Output, AppearsWholeWhenPublished) {
  auto file = OutputFile::open(directory_ / "a");
  ASSERT_TRUE(file);
  ASSERT_TRUE(write(file->descriptor(), "new"));
  EXPECT_FALSE(fs::exists(directory_ / "a"));
  ASSERT_TRUE(file->publish());
  EXPECT_EQ(read_file(directory_ / "a"), "new");
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 1);
}

TEST_F(Output, ReplacesWhatWasThere) {
  ASSERT_TRUE(write_file(directory_ / "a", "old"));
  auto file = OutputFile::open(directory_ / "a");
  ASSERT_TRUE(file);
  auto moved = std::move(*file);
  ASSERT_TRUE(write(moved.descriptor(), "new"));
  EXPECT_EQ(read_file(directory_ / "a"), "old");
  ASSERT_TRUE(moved.publish());
  EXPECT_EQ(read_file(directory_ / "a"), "new");
}

TEST_F(Output, MayAppearUnderAnotherName) {
  ASSERT_TRUE(write_file(directory_ / "b", "old"));
  for (const auto* name : {"b", "c"}) {
    auto file = OutputFile::open(directory_ / "a");
    ASSERT_TRUE(file);
    ASSERT_TRUE(write(file->descriptor(), "new"));
    ASSERT_TRUE(file->publish_as(directory_ / name));
    EXPECT_EQ(read_file(directory_ / name), "new");
  }
  EXPECT_FALSE(fs::exists(directory_ / "a"));
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_), fs::directory_iterator()), 2);
}

TEST_F(Output, LeavesNothingWhenItIsGivenUp) {
  {
    auto file = OutputFile::open(directory_ / "a");
    ASSERT_TRUE(file);
    ASSERT_TRUE(write(file->descriptor(), "half"));
  }
  EXPECT_TRUE(empty());
}

TEST_F(Output, LeavesNothingWhenItCannotAppear) {
  {
    auto file = OutputFile::open(directory_ / "a");
    ASSERT_TRUE(file);
    fs::create_directory(directory_ / "a");
    EXPECT_FALSE(file->publish());
  }
  fs::remove(directory_ / "a");
  EXPECT_TRUE(empty());
}

TEST_F(Output, NeedsADirectory) {
  const auto file = OutputFile::open(directory_ / "none" / "a");
  ASSERT_FALSE(file);
  EXPECT_EQ(file.error().code, ErrorCode::kNotFound);
  EXPECT_FALSE(open_unnamed(directory_ / "none"));
}

TEST_F(Output, AnUnnamedFileIsReadableAndLeavesNothing) {
  const auto file = open_unnamed(directory_);
  ASSERT_TRUE(file);
  ASSERT_TRUE(write(file->get(), "abc"));
  EXPECT_EQ(read_descriptor(file->get()), "abc");
  EXPECT_TRUE(empty());
}

}  // namespace
}  // namespace recorte::store
