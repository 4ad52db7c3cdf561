// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/deflate.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <utility>
#include <vector>

namespace recorte::encode {
namespace {

static_assert(std::endian::native == std::endian::little);

constexpr std::size_t kSymbols = 286;  // bytes, the end of the block, lengths of runs
constexpr std::size_t kEnd = 256;
constexpr unsigned kLongestCode = 14;  // so that four fit into what a put() takes
constexpr std::size_t kLongestRun = 258;
constexpr std::size_t kShortestRun = 16;
constexpr std::size_t kStep = 4;  // from one place where a run is looked for to the next

using Counts = std::array<std::uint32_t, kSymbols>;
using Lengths = std::array<std::uint8_t, kSymbols>;

struct Code {
  std::uint16_t bits = 0;
  std::uint16_t length = 0;
};

/// Bytes [begin, end) that each equal the one a pixel before.
struct Run {
  std::size_t begin, end;
};

std::uint64_t eight(const std::uint8_t* at) {
  std::uint64_t out;
  std::memcpy(&out, at, sizeof out);
  return out;
}

/// Whether kShortestRun bytes each equal the one a pixel before.
bool repeats(const std::uint8_t* at, std::size_t pixel) {
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < kShortestRun; i += 8) others |= eight(at + i) ^ eight(at + i - pixel);
  return others == 0;
}

/// Runs of kShortestRun bytes or more; one in the middle of noise may be seen kStep - 1 bytes late.
std::vector<Run> runs_in(std::span<const std::uint8_t> bytes, std::size_t pixel) {
  std::vector<Run> out;
  const auto* p = bytes.data();
  for (auto i = pixel; i + kShortestRun <= bytes.size();) {
    if (!repeats(p + i, pixel)) {
      i += kStep;
      continue;
    }
    auto end = i + kShortestRun;
    while (end + 8 <= bytes.size() && eight(p + end) == eight(p + end - pixel)) end += 8;
    while (end < bytes.size() && p[end] == p[end - pixel]) ++end;
    out.push_back({i, end});
    i = end;
  }
  return out;
}

/// Calls literals(begin, end) and run(length, 3 to kLongestRun) in the order of the bytes.
template <class Literals, class RunOf>
void each_part(std::size_t size, std::span<const Run> runs, Literals&& literals, RunOf&& run) {
  std::size_t at = 0;
  for (const auto& [begin, end] : runs) {
    literals(at, begin);
    for (auto left = end - begin; left > 0;) {
      auto length = std::min(left, kLongestRun);
      if (left > length && left - length < 3) length -= 3;
      run(length);
      left -= length;
    }
    at = end;
  }
  literals(at, size);
}

struct RunSymbol {
  std::size_t symbol;
  unsigned extra;  ///< bits after the code: `value`
  std::size_t value;
};

/// RFC 1951, section 3.2.5.
RunSymbol run_symbol(std::size_t length) {
  if (length == kLongestRun) return {285, 0, 0};
  const auto v = length - 3;
  if (v < 8) return {257 + v, 0, 0};
  const auto extra = static_cast<unsigned>(std::bit_width(v)) - 3;
  return {257 + 4 * extra + (v >> extra), extra, v & ((std::size_t{1} << extra) - 1)};
}

Counts count(std::span<const std::uint8_t> bytes, std::span<const Run> runs) {
  Counts out{};
  std::array<std::array<std::uint32_t, 256>, 4> four{};  // equal neighbours do not wait for another
  each_part(
      bytes.size(), runs,
      [&](std::size_t i, std::size_t end) {
        for (; i + 4 <= end; i += 4)
#pragma GCC unroll 4
          for (std::size_t k = 0; k < 4; ++k) ++four[k][bytes[i + k]];
        for (; i < end; ++i) ++out[bytes[i]];
      },
      [&](std::size_t length) { ++out[run_symbol(length).symbol]; });
  for (const auto& part : four)
    for (std::size_t i = 0; i < part.size(); ++i) out[i] += part[i];
  ++out[kEnd];
  ++out[0];  // two symbols at least: a code of one is not complete
  return out;
}

/// Huffman's lengths; 0 for a symbol that does not occur.
Lengths huffman(const Counts& counts, unsigned& longest) {
  struct Node {
    std::uint64_t weight;
    std::size_t symbol;  ///< of a leaf; the parent, once it is known
  };
  std::vector<Node> nodes;
  nodes.reserve(2 * kSymbols);
  for (std::size_t s = 0; s < kSymbols; ++s)
    if (counts[s] > 0) nodes.push_back({counts[s], s});
  std::ranges::stable_sort(nodes, {}, &Node::weight);
  const auto leaves = nodes.size();
  std::vector<std::size_t> symbols, parent(2 * leaves - 1);
  for (const auto& node : nodes) symbols.push_back(node.symbol);
  // Leaves and joined nodes are each in the order of their weights.
  std::size_t leaf = 0, joined = leaves;
  const auto lightest = [&] {
    const bool is_leaf =
        leaf < leaves && (joined == nodes.size() || nodes[leaf].weight <= nodes[joined].weight);
    const auto found = is_leaf ? leaf++ : joined++;
    parent[found] = nodes.size();
    return nodes[found].weight;
  };
  while (nodes.size() < 2 * leaves - 1) {
    const auto a = lightest();
    nodes.push_back({a + lightest(), 0});
  }
  Lengths out{};
  std::vector<unsigned> depth(nodes.size(), 0);
  longest = 0;
  for (auto i = nodes.size() - 1; i-- > 0;) {
    depth[i] = depth[parent[i]] + 1;
    if (i < leaves) out[symbols[i]] = static_cast<std::uint8_t>(depth[i]);
    longest = std::max(longest, depth[i]);
  }
  return out;
}

/// … of kLongestCode bits at most: rare symbols count for more until it is so.
Lengths lengths_of(Counts counts) {
  for (;;) {
    unsigned longest = 0;
    auto out = huffman(counts, longest);
    if (longest <= kLongestCode) return out;
    for (auto& c : counts) c = (c + 1) / 2;
  }
}

std::uint16_t reversed(std::uint32_t code, unsigned length) {
  std::uint16_t out = 0;
  for (unsigned i = 0; i < length; ++i, code >>= 1)
    out = static_cast<std::uint16_t>(out << 1 | (code & 1));
  return out;
}

/// RFC 1951, section 3.2.2.
std::array<Code, kSymbols> codes_of(const Lengths& lengths) {
  std::array<std::uint32_t, kLongestCode + 2> next{};
  for (const auto length : lengths)
    if (length > 0) ++next[length + 1U];
  for (std::size_t i = 1; i < next.size(); ++i) next[i] = (next[i] + next[i - 1]) << (i > 1);
  std::array<Code, kSymbols> out;
  for (std::size_t s = 0; s < kSymbols; ++s)
    if (const auto length = lengths[s]; length > 0)
      out[s] = {reversed(next[length]++, length), length};
  return out;
}

/// Where bits go: a copy of it in registers does not wait for what it writes.
struct Bits {
  std::uint8_t* to;
  std::uint64_t bits;  ///< that are in no byte yet
  unsigned count;      ///< of them: under 8 between calls of put()

  /// At most 56; there must be eight bytes of room.
  void put(std::uint64_t more, unsigned length) {
    bits |= more << count;
    count += length;
    std::memcpy(to, &bits, sizeof bits);
    to += count / 8;
    bits >>= count / 8 * 8;
    count %= 8;
  }
};

/// The codes of bytes, one after another.
Bits put_all(Bits to, const std::array<Code, kSymbols>& codes,
             std::span<const std::uint8_t> bytes) {
  std::size_t i = 0;
  for (; i + 4 <= bytes.size(); i += 4) {
    const auto a = codes[bytes[i]], b = codes[bytes[i + 1]];
    const auto c = codes[bytes[i + 2]], d = codes[bytes[i + 3]];
    const auto ab = a.bits | std::uint64_t{b.bits} << a.length;
    const auto cd = c.bits | std::uint64_t{d.bits} << c.length;
    const unsigned half = a.length + b.length;
    to.put(ab | cd << half, half + c.length + d.length);
  }
  for (; i < bytes.size(); ++i) to.put(codes[bytes[i]].bits, codes[bytes[i]].length);
  return to;
}

}  // namespace

void Deflate::block(std::span<const std::uint8_t> bytes, bool last) {
  const auto runs = runs_in(bytes, pixel_);
  const auto counts = count(bytes, runs);
  const auto lengths = lengths_of(counts);
  const auto codes = codes_of(lengths);
  // The header takes 17 + 19 * 3 + 290 * 4 bits, put() writes 8 bytes beyond; a run has 6 bits
  // more.
  std::size_t bits = 256 * 8;
  for (std::size_t s = 0; s < kSymbols; ++s)
    bits += std::size_t{counts[s]} * (lengths[s] + (s > kEnd ? 6U : 0U));
  out_.resize(size_ + bits / 8);

  auto* const begin = reinterpret_cast<std::uint8_t*>(out_.data());
  Bits to{begin + size_, bits_, count_};
  to.put((last ? 1U : 0U) | 2U << 1, 3);
  to.put((kSymbols - 257) | (pixel_ - 1) << 5 | 15U << 10, 14);
  // The lengths are written in four bits each: all of 0 to 15 have codes of that length, those of
  // repetitions (the first three) none.
  for (int i = 0; i < 19; ++i) to.put(i < 3 ? 0 : 4, 3);
  for (const auto length : lengths) to.put(reversed(length, 4), 4);
  // One distance, a pixel, in one bit.
  for (std::size_t i = 1; i <= pixel_; ++i) to.put(reversed(i == pixel_ ? 1 : 0, 4), 4);

  each_part(
      bytes.size(), runs,
      [&](std::size_t i, std::size_t end) { to = put_all(to, codes, bytes.subspan(i, end - i)); },
      [&](std::size_t length) {
        const auto [symbol, extra, value] = run_symbol(length);
        to.put(codes[symbol].bits | value << codes[symbol].length,
               codes[symbol].length + extra + 1U);
      });
  to.put(codes[kEnd].bits, codes[kEnd].length);
  if (last) to.put(0, (8 - to.count) % 8);
  size_ = static_cast<std::size_t>(to.to - begin);
  bits_ = to.bits;
  count_ = to.count;
}

std::string Deflate::take() {
  out_.resize(size_);
  size_ = 0;
  return std::exchange(out_, {});
}

}  // namespace recorte::encode
