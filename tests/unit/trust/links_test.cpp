// SPDX-License-Identifier: BSD-3-Clause
#include "core/trust/links.hpp"

#include "support.hpp"

#include <gmock/gmock.h>

namespace recorte::trust {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Links, LeadOutside) {
  const test::TempDir tmp;
  tmp.write("else/where/a.fits");
  tmp.write("one.fits");
  tmp.link("root/g/one.fits", tmp / "one.fits");
  tmp.link("root/more", "../else/where");
  const auto links = links_below(tmp / "root");
  EXPECT_TRUE(links.complete);
  EXPECT_THAT(links.targets, UnorderedElementsAre(tmp / "one.fits", tmp / "else/where"));
}

TEST(Links, ThatStayInsideOrLeadNowhereAreNone) {
  const test::TempDir tmp;
  tmp.write("root/a/a.fits");
  tmp.link("root/b", tmp / "root/a");
  tmp.link("root/round", tmp / "root");
  tmp.link("root/lost", tmp / "no/such");
  EXPECT_THAT(links_below(tmp / "root").targets, IsEmpty());
  EXPECT_THAT(links_below(tmp / "not/there").targets, IsEmpty());
}

TEST(Links, OfTargetsAreFollowedToo) {
  const test::TempDir tmp;
  tmp.write("third/a.fits");
  tmp.link("second/on", tmp / "third");
  tmp.link("second/back", tmp / "root");
  tmp.link("root/on", tmp / "second");
  EXPECT_THAT(links_below(tmp / "root").targets, ElementsAre(tmp / "second", tmp / "third"));
}

TEST(Links, BelowADirectoryThatIsALinkItself) {
  const test::TempDir tmp;
  tmp.write("real/a.fits");
  tmp.write("far/b.fits");
  tmp.link("real/far", tmp / "far");
  tmp.link("root", tmp / "real");
  // What it is itself is for who names it: a rule for a name is one for what it resolves to.
  EXPECT_THAT(links_below(tmp / "root").targets, ElementsAre(tmp / "far"));
}

TEST(Links, AreCountedUpToTheBounds) {
  const test::TempDir tmp;
  for (int i = 0; i < 5; ++i) {
    tmp.write("else/" + std::to_string(i));
    tmp.link("root/" + std::to_string(i), tmp / ("else/" + std::to_string(i)));
  }
  EXPECT_TRUE(links_below(tmp / "root", {5, 5, 60'000}).complete);
  EXPECT_FALSE(links_below(tmp / "root", {4, 5, 60'000}).complete);
  const auto few = links_below(tmp / "root", {5, 3, 60'000});
  EXPECT_FALSE(few.complete);
  EXPECT_EQ(few.targets.size(), 3U);
}

TEST(Links, IsWithin) {
  EXPECT_TRUE(is_within("/data/a", "/data"));
  EXPECT_TRUE(is_within("/data", "/data"));
  EXPECT_TRUE(is_within("/data", "/"));
  EXPECT_FALSE(is_within("/database", "/data"));
  EXPECT_FALSE(is_within("/", "/data"));
}

}  // namespace
}  // namespace recorte::trust
