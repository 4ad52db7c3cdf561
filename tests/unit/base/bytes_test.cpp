// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/bytes.hpp"

#include <gtest/gtest.h>

namespace recorte {
namespace {

TEST(Bytes, ReadBackAsTheyWereWritten) {
  ByteWriter out;
  out.add(std::uint64_t{0xfedcba9876543210});
  out.add(-2.5);
  out.add("a\0b");
  out.add(std::string("a\0b", 3));
  out.add(true);
  const auto bytes = out.take();
  ByteReader in(bytes);
  EXPECT_EQ(in.get<std::uint64_t>(), 0xfedcba9876543210U);
  EXPECT_EQ(in.get<double>(), -2.5);
  EXPECT_EQ(in.text(), "a");
  EXPECT_EQ(in.text(), std::string("a\0b", 3));
  EXPECT_FALSE(in.done());
  EXPECT_EQ(in.get<std::uint8_t>(), 1);
  EXPECT_TRUE(in.done());
}

TEST(Bytes, PastTheEndAllIsNothing) {
  ByteWriter out;
  out.add(std::uint64_t{1} << 63);
  const auto bytes = out.take();
  ByteReader text(bytes);
  EXPECT_EQ(text.text(), "");
  EXPECT_FALSE(text.good());
  ByteReader count(bytes);
  EXPECT_EQ(count.count(1), 0U);
  EXPECT_FALSE(count.good());
  ByteReader number(bytes);
  number.get<std::uint64_t>();
  EXPECT_TRUE(number.done());
  EXPECT_EQ(number.get<int>(), 0);
  EXPECT_EQ(number.get<std::uint8_t>(), 0);
  EXPECT_FALSE(number.good());
}

}  // namespace
}  // namespace recorte
