// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/checksum.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <random>
#include <string>
#include <vector>

namespace recorte::encode {
namespace {

std::uint32_t sum_of(const std::string& text, std::int64_t offset = 0) {
  return ones_complement_sum(std::as_bytes(std::span(text)), offset);
}

TEST(Checksum, AddsWithTheCarryFedBack) {
  EXPECT_EQ(ones_complement_add(0xffffffffU, 1), 1U);
  EXPECT_EQ(ones_complement_add(1, 2), 3U);
  EXPECT_EQ(sum_of(std::string("\0\0\0\1\0\0\0\2", 8)), 3U);
}

TEST(Checksum, OfPartsAddsUpWhereverTheyBegin) {
  std::mt19937 random(1);
  std::string bytes(1003, '\0');
  for (char& c : bytes) c = static_cast<char>(random());
  const auto whole = sum_of(bytes);
  for (int round = 0; round < 100; ++round) {
    std::uint32_t sum = 0;
    for (std::size_t at = 0; at < bytes.size();) {
      const auto part = bytes.substr(at, 1 + random() % 90);
      sum = ones_complement_add(sum, sum_of(part, static_cast<std::int64_t>(at)));
      at += part.size();
    }
    ASSERT_EQ(sum, whole);
  }
}

TEST(Checksum, TextBringsTheSumToAllOnes) {
  std::mt19937 random(2);
  for (int round = 0; round < 2000; ++round) {
    // As in a card, the value begins at byte 11.
    std::string card = std::string(11, ' ') + std::string(16, '0') + std::string(5, ' ');
    for (std::size_t i = 0; i < 11; ++i) card[i] = static_cast<char>(random());
    const auto text = checksum_text(sum_of(card));
    ASSERT_TRUE(std::ranges::all_of(text, [](unsigned char c) { return std::isalnum(c); })) << text;
    card.replace(11, 16, text);
    ASSERT_EQ(sum_of(card), 0xffffffffU);
  }
}

}  // namespace
}  // namespace recorte::encode
