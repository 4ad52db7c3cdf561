// SPDX-License-Identifier: BSD-3-Clause
//
// The fast decoders of Rice's code against a plain one, on streams with everything in them, whole
// and damaged.
#include "core/fits/rice_abreast.hpp"
#include "rice_streams.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace recorte::fits {
namespace {

using namespace recorte::test;

const std::vector<RiceCode> kCodes{{32, 4}, {16, 4}, {32, 2}, {16, 2}, {32, 1}, {16, 1}};

/// Several streams at once. Nothing where one ends early.
std::vector<std::optional<Pixels>> unrice_abreast(std::vector<Bytes> streams, const RiceCode& code,
                                                  std::size_t pixels, Simd simd) {
  std::vector<RiceStream> at;
  std::vector<Pixels> out(streams.size(), Pixels(pixels));
  std::vector<RiceLane> lanes;
  at.reserve(streams.size());
  for (std::size_t i = 0; i < streams.size(); ++i) {
    const auto size = streams[i].size();
    streams[i].resize(size + kRicePadding, static_cast<std::uint8_t>(37 * i));
    at.push_back(rice_stream(streams[i].data(), size, code));
    lanes.push_back({&at[i], out[i].data()});
  }
  const bool good = unpack_rice_abreast(lanes, code, static_cast<std::int64_t>(pixels), simd);
  std::vector<std::optional<Pixels>> found(streams.size());
  for (std::size_t i = 0; i < streams.size(); ++i)
    if (!at[i].ends_early()) found[i] = out[i];
  EXPECT_EQ(good, std::ranges::all_of(found, [](const auto& one) { return one.has_value(); }));
  return found;
}

TEST(RiceDecoders, GiveWhatThePlainOneGives) {
  std::mt19937 random(3);
  for (int n = 0; n < 600; ++n) {
    const auto& code = kCodes[static_cast<std::size_t>(n) % kCodes.size()];
    const std::size_t pixels = 1 + random() % 1000;
    const auto bytes = any_stream(random, code, pixels);
    const auto plain = unrice_plainly(bytes, code, pixels);
    ASSERT_TRUE(plain);
    for (const auto level : levels())
      ASSERT_EQ(unrice(bytes, code, pixels, level), plain) << n << ' ' << static_cast<int>(level);
  }
}

TEST(RiceDecoders, FindTheSameEnd) {
  std::mt19937 random(5);
  for (int n = 0; n < 600; ++n) {
    const auto& code = kCodes[static_cast<std::size_t>(n) % kCodes.size()];
    const std::size_t pixels = 1 + random() % 500;
    auto bytes = any_stream(random, code, pixels);
    if (n % 2 == 0)
      bytes.resize(random() % (bytes.size() + 1));
    else if (!bytes.empty())
      bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
    const auto plain = unrice_plainly(bytes, code, pixels);
    for (const auto level : levels()) ASSERT_EQ(unrice(bytes, code, pixels, level), plain) << n;
  }
}

// Of any number of streams; some are cut short or damaged, which is nothing to the others.
TEST(RiceDecoders, AbreastGiveWhatOneStreamGives) {
  std::mt19937 random(7);
  int failed = 0;
  for (int n = 0; n < 1200; ++n) {
    const auto& code = kCodes[static_cast<std::size_t>(n) % kCodes.size()];
    const std::size_t pixels = 1 + random() % 1200;
    std::vector<Bytes> streams(1 + random() % kRiceEights);
    for (auto& bytes : streams) bytes = any_stream(random, code, pixels);
    auto& bad = streams[random() % streams.size()];
    if (n % 5 == 0) bad.resize(random() % bad.size());
    if (n % 5 == 1) bad[random() % bad.size()] ^= static_cast<std::uint8_t>(1 + random() % 255);
    std::vector<std::optional<Pixels>> plain;
    for (const auto& bytes : streams) plain.push_back(unrice_plainly(bytes, code, pixels));
    failed += std::ranges::any_of(plain, [](const auto& one) { return !one; });
    for (const auto level : levels()) {
      const auto size = std::min(streams.size(), rice_abreast(level));
      const auto found = unrice_abreast({streams.begin(), streams.begin() + std::ptrdiff_t(size)},
                                        code, pixels, level);
      for (std::size_t i = 0; i < size; ++i)
        ASSERT_EQ(found[i], plain[i]) << n << ' ' << static_cast<int>(level) << ' ' << i;
    }
  }
  EXPECT_GT(failed, 200);
}

TEST(RiceDecoders, GoOnFromAnyBlock) {
  std::mt19937 random(9);
  const RiceCode code{16, 4};
  auto bytes = any_stream(random, code, 320);
  const auto whole = *unrice(bytes, code, 320, Simd::kScalar);
  const auto size = bytes.size();
  bytes.resize(size + kRicePadding);
  auto stream = rice_stream(bytes.data(), size, code);
  Pixels first(160), second(100);
  ASSERT_TRUE(unpack_rice(stream, code, first.data(), 160));
  auto later = rice_stream(bytes.data(), size, code);
  later.at = stream.at;
  ASSERT_TRUE(unpack_rice(later, code, second.data(), 100));  // ends inside a block
  EXPECT_TRUE(std::equal(first.begin(), first.end(), whole.begin()));
  EXPECT_TRUE(std::equal(second.begin(), second.end(), whole.begin() + 160));
}

}  // namespace
}  // namespace recorte::fits
