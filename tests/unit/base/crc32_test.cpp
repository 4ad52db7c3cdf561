// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/crc32.hpp"

#include <gtest/gtest.h>

namespace recorte {
namespace {

/// The check value that catalogues of CRCs give.
TEST(Crc32, IsThatOfZip) {
  EXPECT_EQ(crc32(std::string_view("123456789")), 0xCBF43926U);
  EXPECT_EQ(crc32(std::string_view()), 0U);
}

TEST(Crc32, GoesOnFromWhatCameBefore) {
  EXPECT_EQ(crc32(std::string_view("6789"), crc32(std::string_view("12345"))), 0xCBF43926U);
}

}  // namespace
}  // namespace recorte
