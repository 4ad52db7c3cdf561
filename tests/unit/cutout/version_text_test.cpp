// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/version_text.hpp"

#include <gtest/gtest.h>

#include <set>

namespace recorte::cutout {
namespace {

std::string of(const std::vector<std::string>& parts, const FileStamp& stamp) {
  VersionText out;
  for (const auto& part : parts) out.add(part);
  out.add(stamp);
  return out.text();
}

TEST(VersionText, ChangesWithEveryPart) {
  const FileStamp stamp{2880, 1'700'000'000'000'000'000, 7};
  const auto first = of({"a", "bc"}, stamp);
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(first.find_first_not_of("0123456789abcdef"), first.npos);
  EXPECT_EQ(of({"a", "bc"}, stamp), first);
  const std::set<std::string> all{first,
                                  of({"ab", "c"}, stamp),
                                  of({"bc", "a"}, stamp),
                                  of({"a", "bc", ""}, stamp),
                                  of({"a"}, stamp),
                                  of({"a", "bc"}, {2881, stamp.mtime_ns, stamp.inode}),
                                  of({"a", "bc"}, {2880, stamp.mtime_ns + 1, stamp.inode}),
                                  of({"a", "bc"}, {2880, stamp.mtime_ns, 8}),
                                  of({"a", "bc"}, {})};
  EXPECT_EQ(all.size(), 9U);
}

}  // namespace
}  // namespace recorte::cutout
