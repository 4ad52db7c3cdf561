// SPDX-License-Identifier: BSD-3-Clause
//
// The fast decoders of Rice's code against a plain one, on streams with everything in them, whole
// and damaged.
#include "core/fits/rice_lanes.hpp"
#include "rice_streams.hpp"

#include <gtest/gtest.h>

#include <array>

namespace recorte::fits {
namespace {

using namespace recorte::test;

const std::vector<RiceCode> kCodes{{32, 4}, {16, 4}, {32, 2}, {16, 2}, {32, 1}, {16, 1}};

/// Eight streams by lanes, block by block by the other where lanes stop.
std::vector<std::optional<Pixels>> unrice_abreast(std::vector<Bytes> streams, const RiceCode& code,
                                                  std::size_t pixels) {
  std::array<RiceStream, kRiceLanes> at;
  std::vector<Pixels> out(kRiceLanes, Pixels(pixels));
  std::array<RiceLane, kRiceLanes> lanes;
  for (std::size_t i = 0; i < kRiceLanes; ++i) {
    const auto size = streams[i].size();
    streams[i].resize(size + kRicePadding, static_cast<std::uint8_t>(37 * i));
    at[i] = rice_stream(streams[i].data(), size, code);
    lanes[i] = {&at[i], out[i].data()};
  }
  std::vector<std::optional<Pixels>> found(kRiceLanes);
  for (std::int64_t done = 0; done < std::ssize(out[0]);) {
    const auto left = std::ssize(out[0]) - done;
    const auto blocks = unpack_rice_lanes(lanes, code, left / code.block);
    done += blocks * code.block;
    const auto next = std::min(code.block, std::ssize(out[0]) - done);
    for (std::size_t i = 0; i < kRiceLanes; ++i) {
      if (!unpack_rice(at[i], code, out[i].data() + done, next, Simd::kScalar)) return found;
      lanes[i].out = out[i].data() + done + next;
    }
    done += next;
  }
  for (std::size_t i = 0; i < kRiceLanes; ++i) found[i] = out[i];
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

TEST(RiceDecoders, LanesGiveWhatOneStreamGives) {
  if (simd() < Simd::kAvx512) GTEST_SKIP() << "this machine has no AVX-512";
  std::mt19937 random(7);
  int failed = 0;
  for (int n = 0; n < 600; ++n) {
    const auto& code = kCodes[static_cast<std::size_t>(n) % kCodes.size()];
    const std::size_t pixels = 1 + random() % 1000;
    std::vector<Bytes> streams;
    for (std::size_t i = 0; i < kRiceLanes; ++i)
      streams.push_back(any_stream(random, code, pixels));
    if (n % 5 == 0) {
      auto& bad = streams[random() % streams.size()];
      bad.resize(random() % bad.size());
    }
    bool whole = true;
    for (const auto& bytes : streams) whole = whole && unrice_plainly(bytes, code, pixels);
    const auto found = unrice_abreast(streams, code, pixels);
    failed += !whole;
    for (std::size_t i = 0; i < kRiceLanes; ++i)
      ASSERT_EQ(found[i], whole ? unrice_plainly(streams[i], code, pixels) : std::nullopt) << n;
  }
  EXPECT_GT(failed, 50);
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
