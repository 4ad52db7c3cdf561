// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/id.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

namespace recorte {
namespace {

TEST(RandomHex, IsLowerCaseHexadecimalOfThatLength) {
  for (const std::size_t bytes : {0U, 1U, 8U, 256U}) {
    const auto id = random_hex(bytes);
    EXPECT_EQ(id.size(), 2 * bytes);
    EXPECT_EQ(id.find_first_not_of("0123456789abcdef"), id.npos);
  }
}

TEST(RandomHex, NeverComesTwice) {
  std::set<std::string> ids;
  for (int i = 0; i < 10000; ++i) EXPECT_TRUE(ids.insert(random_hex(8)).second);
}

TEST(RandomHex, RefusesWhatTheKernelGivesInPieces) {
  EXPECT_THROW(random_hex(257), std::runtime_error);
}

}  // namespace
}  // namespace recorte
