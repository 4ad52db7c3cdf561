// SPDX-License-Identifier: BSD-3-Clause
#include "core/fits/rice_lanes.hpp"

#if defined(__x86_64__)
#include <immintrin.h>

namespace recorte::fits {
namespace {

#define RECORTE_AVX512 gnu::target("avx2,avx512f,avx512bw,avx512cd,avx512dq,avx512vl")
#define RECORTE_LANES [[RECORTE_AVX512, gnu::always_inline]] inline

/// 64 bits of each stream: the highest 57 are there wherever in a byte they begin.
RECORTE_LANES __m512i peek(__m512i bytes, __m512i bit) {
  const auto order = _mm512_set4_epi32(0x08090a0b, 0x0c0d0e0f, 0x00010203, 0x04050607);
  const auto at = _mm512_add_epi64(bytes, _mm512_srli_epi64(bit, 3));
  const auto word = _mm512_shuffle_epi8(_mm512_i64gather_epi64(at, nullptr, 1), order);
  return _mm512_sllv_epi64(word, _mm512_and_epi64(bit, _mm512_set1_epi64(7)));
}

/// Eight pixels of eight lanes, to eight pixels of one lane each.
RECORTE_LANES void store_transposed(const __m256i (&in)[8], std::int32_t* const (&out)[8],
                                    std::int64_t at) {
  __m256i a[8], b[8];
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    a[2 * i] = _mm256_unpacklo_epi32(in[2 * i], in[2 * i + 1]);
    a[2 * i + 1] = _mm256_unpackhi_epi32(in[2 * i], in[2 * i + 1]);
  }
#pragma GCC unroll 2
  for (int i = 0; i < 8; i += 4) {
    b[i] = _mm256_unpacklo_epi64(a[i], a[i + 2]);
    b[i + 1] = _mm256_unpackhi_epi64(a[i], a[i + 2]);
    b[i + 2] = _mm256_unpacklo_epi64(a[i + 1], a[i + 3]);
    b[i + 3] = _mm256_unpackhi_epi64(a[i + 1], a[i + 3]);
  }
#pragma GCC unroll 4
  for (int i = 0; i < 4; ++i) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out[i] + at),
                        _mm256_permute2x128_si256(b[i], b[i + 4], 0x20));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out[i + 4] + at),
                        _mm256_permute2x128_si256(b[i], b[i + 4], 0x31));
  }
}

/// Eight streams, and where their next pixels go.
struct Eight {
  __m512i bytes, bit, end;
  __m256i last;
  std::int32_t* out[8];
};

/// What a block's splits make of its codes. Of a lane whose pixels are all the same, shifts of 64
/// make every code 0, and it keeps its bit.
struct Splits {
  __mmask8 coded;
  std::int64_t most;  ///< of any lane
  __m512i zeros, rest, low, fixed;
};

RECORTE_LANES Splits splits_of(__m512i split) {
  const auto one = _mm512_set1_epi64(1), none = _mm512_set1_epi64(64);
  Splits out;
  out.coded = _mm512_cmpge_epi64_mask(split, _mm512_setzero_si512());
  out.most = _mm512_reduce_max_epi64(split);
  out.zeros = _mm512_mask_mov_epi64(none, out.coded, split);
  out.rest = _mm512_mask_sub_epi64(none, out.coded, _mm512_set1_epi64(63), split);
  out.low = _mm512_sub_epi64(_mm512_sllv_epi64(one, split), one);
  out.fixed = _mm512_add_epi64(split, one);
  return out;
}

/// The folded differences of eight pixels, kCodes of them out of one word. False where they do not
/// fit; the bit is as it was then.
template <int kCodes>
RECORTE_LANES bool codes(Eight& e, const Splits& s, __m256i (&out)[8]) {
  auto bit = e.bit, longest = _mm512_setzero_si512();
#pragma GCC unroll 8
  for (int g = 0; g < 8; g += kCodes) {
    auto word = peek(e.bytes, bit), used = _mm512_setzero_si512();
#pragma GCC unroll 8
    for (int k = 0; k < kCodes; ++k) {
      const auto zeros = _mm512_lzcnt_epi64(word);
      const auto from_one = _mm512_sllv_epi64(word, zeros);
      const auto low = _mm512_and_epi64(_mm512_srlv_epi64(from_one, s.rest), s.low);
      out[g + k] = _mm512_cvtepi64_epi32(_mm512_or_epi64(low, _mm512_sllv_epi64(zeros, s.zeros)));
      word = _mm512_sllv_epi64(from_one, s.fixed);
      used = _mm512_add_epi64(used, _mm512_add_epi64(zeros, s.fixed));
    }
    bit = _mm512_mask_add_epi64(bit, s.coded, bit, used);
    longest = _mm512_mask_max_epu64(longest, s.coded, longest, used);
  }
  if (_mm512_cmpgt_epu64_mask(longest, _mm512_set1_epi64(57)) != 0) return false;
  e.bit = bit;
  return true;
}

/// Eight pixels of each stream, to `at` of its pixels. False where a difference is too long.
RECORTE_LANES bool eight_pixels(Eight& e, const Splits& s, std::int64_t at) {
  __m256i columns[8];
  if (!(s.most <= 3 && codes<8>(e, s, columns)) && !(s.most <= 9 && codes<4>(e, s, columns)) &&
      !codes<2>(e, s, columns))
    return false;
#pragma GCC unroll 8
  for (int k = 0; k < 8; ++k) {
    const auto sign = _mm256_sub_epi32(_mm256_setzero_si256(),
                                       _mm256_and_si256(columns[k], _mm256_set1_epi32(1)));
    e.last = _mm256_add_epi32(e.last, _mm256_xor_si256(_mm256_srli_epi32(columns[k], 1), sign));
    columns[k] = e.last;
  }
  store_transposed(columns, e.out, at);
  return true;
}

RECORTE_LANES Eight eight_of(std::span<const RiceLane> lanes) {
  alignas(64) std::uint64_t bytes[8], bits[8], ends[8];
  alignas(32) std::uint32_t lasts[8];
  Eight e;
  for (std::size_t i = 0; i < 8; ++i) {
    const auto& stream = *lanes[i].stream;
    bytes[i] = reinterpret_cast<std::uintptr_t>(stream.bytes);
    bits[i] = stream.at.bit;
    ends[i] = stream.end;
    lasts[i] = stream.at.last;
    e.out[i] = lanes[i].out;
  }
  e.bytes = _mm512_load_si512(bytes);
  e.bit = _mm512_load_si512(bits);
  e.end = _mm512_load_si512(ends);
  e.last = _mm256_load_si256(reinterpret_cast<const __m256i*>(lasts));
  return e;
}

RECORTE_LANES void put_back(const Eight& e, std::span<const RiceLane> lanes) {
  alignas(64) std::uint64_t bits[8];
  alignas(32) std::uint32_t lasts[8];
  _mm512_store_si512(bits, e.bit);
  _mm256_store_si256(reinterpret_cast<__m256i*>(lasts), e.last);
  for (std::size_t i = 0; i < 8; ++i) lanes[i].stream->at = {bits[i], lasts[i]};
}

/// A block of kEights times eight streams, to `at` of their pixels. False, and nothing done, where
/// one has ended, or a code is of a kind that is rare.
template <int kEights>
RECORTE_LANES bool block(Eight (&eights)[kEights], const RiceCode& code, std::int64_t at) {
  const auto widths = rice_widths(code.byte_pix);
  const auto head = _mm_cvtsi32_si128(64 - widths.split_bits);
  Splits splits[kEights];
  Eight now[kEights];
  for (int k = 0; k < kEights; ++k) {
    const auto& e = eights[k];
    const auto split =
        _mm512_sub_epi64(_mm512_srl_epi64(peek(e.bytes, e.bit), head), _mm512_set1_epi64(1));
    if ((_mm512_cmpgt_epu64_mask(e.bit, e.end) |
         _mm512_cmpeq_epi64_mask(split, _mm512_set1_epi64(widths.plain)) |
         _mm512_cmpgt_epi64_mask(split, _mm512_set1_epi64(24))) != 0)
      return false;
    splits[k] = splits_of(split);
    now[k] = e;
    now[k].bit = _mm512_add_epi64(e.bit, _mm512_set1_epi64(widths.split_bits));
  }
  // One eight keeps a processor waiting for its words; meanwhile it does something else.
  for (std::int64_t i = 0; i < code.block; i += 8)
    for (int k = 0; k < kEights; ++k)
      if (!eight_pixels(now[k], splits[k], at + i)) return false;
  for (int k = 0; k < kEights; ++k) {
    eights[k].bit = now[k].bit;
    eights[k].last = now[k].last;
  }
  return true;
}

template <int kEights>
RECORTE_LANES std::int64_t unpack(std::span<const RiceLane> lanes, const RiceCode& code,
                                  std::int64_t blocks) {
  Eight eights[kEights];
  for (std::size_t k = 0; k < kEights; ++k) eights[k] = eight_of(lanes.subspan(8 * k, 8));
  std::int64_t done = 0;
  while (done < blocks && block(eights, code, done * code.block)) ++done;
  for (std::size_t k = 0; k < kEights; ++k) put_back(eights[k], lanes.subspan(8 * k, 8));
  for (const auto& lane : lanes) shorten_rice(code, lane.out, done * code.block);
  return done;
}

}  // namespace

[[RECORTE_AVX512]] std::int64_t unpack_rice_eights(std::span<const RiceLane> lanes,
                                                   const RiceCode& code, std::int64_t blocks) {
  return lanes.size() == 8 ? unpack<1>(lanes, code, blocks) : unpack<2>(lanes, code, blocks);
}

}  // namespace recorte::fits
#endif
