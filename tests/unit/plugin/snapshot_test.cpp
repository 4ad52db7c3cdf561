// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/snapshot.hpp"

#include "core/base/io.hpp"
#include "core/plugin/registry.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <stdlib.h>

namespace recorte::plugin {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SnapshotTest : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "recorte-snapshot-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    tmp_ = fs::canonical(name);
    fs::create_directory(tmp_ / "plugins");
    put("cut.so", read_file(CUT_PLUGIN).value());
  }
  void TearDown() override { fs::remove_all(tmp_); }

  void put(const std::string& name, const std::string& bytes) const {
    ASSERT_TRUE(write_file(tmp_ / "plugins" / name, bytes));
  }
  std::shared_ptr<const Snapshot> take(const std::string& name) const {
    auto taken = Snapshot::take({tmp_ / "plugins", tmp_ / "none"}, tmp_ / name);
    return taken ? *taken : nullptr;
  }

  fs::path tmp_;
};

TEST_F(SnapshotTest, IsUsedAsTheDirectoriesThemselves) {
  const auto snapshot = take("one");
  ASSERT_TRUE(snapshot);
  EXPECT_THAT(snapshot->directories(), ElementsAre(tmp_ / "one/0", tmp_ / "one/1"));
  const auto registry = Registry::scan(snapshot->directories());
  ASSERT_EQ(registry.plugins().size(), 1U);
  EXPECT_EQ(registry.plugins()[0].manifest.id, "cut");
}

TEST_F(SnapshotTest, WhatBecomesOfAFileDoesNotChangeIt) {
  const auto snapshot = take("one");
  const auto before = read_file(tmp_ / "one/0/cut.so").value();
  {
    const Fd same(::open((tmp_ / "plugins/cut.so").c_str(), O_WRONLY | O_TRUNC));
    ASSERT_TRUE(same);
  }
  EXPECT_EQ(read_file(tmp_ / "one/0/cut.so").value(), before);
  fs::remove_all(tmp_ / "plugins");
  EXPECT_EQ(read_file(tmp_ / "one/0/cut.so").value(), before);
}

TEST_F(SnapshotTest, WhatLiesBesideALibraryIsThere) {
  put("libneeded.so.1", "needed");
  fs::create_directory(tmp_ / "plugins/data");
  put("data/table", "values");
  const auto snapshot = take("one");
  EXPECT_EQ(read_file(tmp_ / "one/0/libneeded.so.1").value(), "needed");
  EXPECT_EQ(read_file(tmp_ / "one/0/data/table").value(), "values");
}

TEST_F(SnapshotTest, SaysWhatIsNew) {
  const auto one = take("one");
  put("same.so", "a library, say");
  const auto two = take("two");
  EXPECT_THAT(two->new_since(*one), ElementsAre(tmp_ / "two/0/same.so"));
  EXPECT_THAT(one->new_since(*two), IsEmpty());
  // As long as before, and another.
  put("same.so", "a library, too");
  const auto three = take("three");
  EXPECT_THAT(three->new_since(*two), ElementsAre(tmp_ / "three/0/same.so"));
  EXPECT_THAT(two->new_since(*three), ElementsAre(tmp_ / "two/0/same.so"));
  // The same bytes in another file.
  put("same.so", "a library, too");
  EXPECT_THAT(take("four")->new_since(*three), IsEmpty());
}

TEST_F(SnapshotTest, NamesTheFilesThatItIsOf) {
  const auto snapshot = take("one");
  const auto file = (tmp_ / "one/0/cut.so").string(), other = (tmp_ / "one/1/x.so").string();
  EXPECT_EQ(snapshot->of_originals(file + " and " + other + " and " + file),
            (tmp_ / "plugins/cut.so").string() + " and " + (tmp_ / "none/x.so").string() + " and " +
                (tmp_ / "plugins/cut.so").string());
}

TEST_F(SnapshotTest, GoesWithItsLastUser) {
  auto snapshot = take("one");
  auto other = snapshot;
  snapshot = nullptr;
  EXPECT_TRUE(fs::exists(tmp_ / "one"));
  other = nullptr;
  EXPECT_FALSE(fs::exists(tmp_ / "one"));
  EXPECT_TRUE(fs::exists(tmp_ / "plugins/cut.so"));
}

TEST_F(SnapshotTest, APlaceThatCannotBeMadeIsNamed) {
  ASSERT_TRUE(write_file(tmp_ / "file", ""));
  const auto taken = Snapshot::take({tmp_ / "plugins"}, tmp_ / "file/one");
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::kUnavailable);
  EXPECT_THAT(taken.error().message, HasSubstr("file/one"));
}

}  // namespace
}  // namespace recorte::plugin
