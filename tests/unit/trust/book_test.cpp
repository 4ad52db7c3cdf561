// SPDX-License-Identifier: BSD-3-Clause
#include "core/trust/book.hpp"

#include "support.hpp"

#include <gmock/gmock.h>

namespace recorte::trust {
namespace {

using testing::Contains;
using testing::Not;

class BookTest : public testing::Test {
 protected:
  void survey(const std::string& id, const std::string& group = "") {
    tmp_.directory(id);
    tmp_.write("surveys.d/" + id + ".toml", "[survey]\nplugin = \"tiles\"\nroot = \"../" + id +
                                                "\"\naccess_group = \"" + group + "\"\n");
    tmp_.write("surveys.d/" + id + ".index");
  }
  Where where() { return {tmp_ / "surveys.d", {{tmp_.directory("plugins")}}, {}}; }
  static auto readable(const Pools& pools, const char* pool) {
    return pools.pools.at(pool).readable;
  }

  test::TempDir tmp_;
};

TEST_F(BookTest, WhatDoesNotChangeStaysTheSameObject) {
  survey("a");
  survey("b", "us");
  Book book(where());
  const auto before = book.now();
  EXPECT_EQ(book.of("a"), before);
  EXPECT_EQ(book.look(), before);
}

TEST_F(BookTest, OtherPluginsAreSeenBeforehandAndThenUsed) {
  survey("a");
  survey("b", "us");
  tmp_.directory("elsewhere");
  tmp_.link("others/needed.so.1", tmp_ / "elsewhere");
  Book book(where());
  const auto before = book.now();
  EXPECT_EQ(before->surveys.at("b").plugin, "tiles");
  const plugin::InUse others{{tmp_ / "others"}, {{"tiles", "1.0.0", "it is old"}}};
  const auto with = book.with(others);
  EXPECT_EQ(book.now(), before);
  EXPECT_EQ(*with.plugins, others);
  book.use(others);
  const auto after = book.now();
  EXPECT_EQ(*after->plugins, others);
  for (const auto* pool : {"public", "us"}) {
    EXPECT_THAT(*readable(*after, pool), Contains(tmp_ / "others"));
    EXPECT_THAT(*readable(*after, pool), Contains(tmp_ / "elsewhere"));
    EXPECT_THAT(*readable(*after, pool), Not(Contains(tmp_ / "plugins")));
    EXPECT_EQ(*readable(*after, pool), *readable(with, pool));
  }
  // Looking again changes nothing.
  EXPECT_EQ(book.look(), after);
  book.use({{tmp_ / "others"}, {}});
  EXPECT_EQ(readable(*book.now(), "us"), readable(*after, "us"));
  EXPECT_NE(book.now()->plugins, after->plugins);
}

TEST_F(BookTest, ASurveyThatIsAddedIsKnownAtItsFirstTask) {
  survey("a");
  Book book(where());
  const auto before = book.now();
  survey("b", "us");
  EXPECT_EQ(book.of("a"), before);
  const auto after = book.of("b");
  EXPECT_GT(after->version, before->version);
  EXPECT_EQ(after->pool_of("b"), "us");
  EXPECT_THAT(*readable(*after, "us"), Contains(tmp_ / "b"));
  // The others' workers stay.
  EXPECT_EQ(readable(*after, "public"), readable(*before, "public"));
}

TEST_F(BookTest, ASurveyThatChangesHandsLeavesItsPool) {
  survey("a");
  survey("b");
  Book book(where());
  const auto before = book.now();
  survey("b", "us");
  const auto after = book.of("b");
  EXPECT_EQ(after->pool_of("b"), "us");
  EXPECT_THAT(*readable(*after, "public"), Not(Contains(tmp_ / "b")));
  EXPECT_NE(readable(*after, "public"), readable(*before, "public"));
}

/// A fence is put around files: who was told of the old index cannot open the new one.
TEST_F(BookTest, AnIndexThatIsReplacedBeginsItsPoolAnew) {
  survey("a");
  survey("b", "us");
  Book book(where());
  const auto before = book.now();
  tmp_.write("surveys.d/b.index", "new");
  const auto after = book.of("b");
  EXPECT_EQ(*readable(*after, "us"), *readable(*before, "us"));
  EXPECT_NE(readable(*after, "us"), readable(*before, "us"));
  EXPECT_EQ(readable(*after, "public"), readable(*before, "public"));
}

TEST_F(BookTest, LinksAreFollowedInALook) {
  survey("a");
  tmp_.write("archive/g.fits");
  Book book(where());
  tmp_.link("a/archive", tmp_ / "archive");
  tmp_.write("surveys.d/a.index", "with more");
  EXPECT_THAT(*readable(*book.of("a"), "public"), Not(Contains(tmp_ / "archive")));
  EXPECT_THAT(*readable(*book.look(), "public"), Contains(tmp_ / "archive"));
  EXPECT_THAT(*readable(*book.of("a"), "public"), Contains(tmp_ / "archive"));
}

TEST_F(BookTest, LinksOfEveryonesDirectoriesAreFollowed) {
  tmp_.write("archive/libx.so");
  tmp_.link("libraries/libx.so", tmp_ / "archive/libx.so");
  Book book({tmp_.directory("surveys.d"), {}, {tmp_ / "libraries"}});
  EXPECT_THAT(*readable(*book.now(), "public"), Contains(tmp_ / "archive/libx.so"));
}

TEST_F(BookTest, ASurveyThatGoesLeavesNothing) {
  survey("a");
  survey("b", "us");
  Book book(where());
  std::filesystem::remove(tmp_ / "surveys.d/b.toml");
  const auto after = book.look();
  EXPECT_FALSE(after->pools.contains("us"));
  EXPECT_EQ(after->pool_of("b"), "public");
}

TEST_F(BookTest, APluginThatIsAddedBeginsAllAnew) {
  survey("a");
  Book book(where());
  const auto before = book.now();
  tmp_.write("else/theirs.so");
  tmp_.link("plugins/theirs.so", tmp_ / "else/theirs.so");
  const auto after = book.look();
  EXPECT_THAT(*readable(*after, "public"), Contains(tmp_ / "else/theirs.so"));
  EXPECT_NE(readable(*after, "public"), readable(*before, "public"));
}

}  // namespace
}  // namespace recorte::trust
