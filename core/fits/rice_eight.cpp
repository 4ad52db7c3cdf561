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

struct State {
  __m512i bytes, bit;
  __m256i last;
};

/// A block whose differences are so short that kCodes of them fit a word. False where they do not;
/// the state is as it was then. However broken the bytes are, it reads past a stream's end by less
/// than kRicePadding: 32 codes of at most 64 + 1 + 24 bits.
template <int kCodes>
RECORTE_LANES bool block(State& state, __m512i bit, __m512i split, __mmask8 coded,
                         std::int32_t* const (&out)[8], std::int64_t at, std::int64_t pixels) {
  const auto one = _mm512_set1_epi64(1);
  const auto low = _mm512_sub_epi64(_mm512_set1_epi64(64), split);
  const auto fixed = _mm512_add_epi64(split, one);
  auto longest = _mm512_setzero_si512();
  auto last = state.last;
  for (std::int64_t i = 0; i < pixels; i += 8) {
    __m256i columns[8];
#pragma GCC unroll 8
    for (int g = 0; g < 8; g += kCodes) {
      const auto before = bit;
      auto word = peek(state.bytes, bit);
#pragma GCC unroll 4
      for (int k = 0; k < kCodes; ++k) {
        const auto zeros = _mm512_lzcnt_epi64(word);
        word = _mm512_sllv_epi64(word, _mm512_add_epi64(zeros, one));
        const auto code = _mm512_maskz_or_epi64(coded, _mm512_sllv_epi64(zeros, split),
                                                _mm512_srlv_epi64(word, low));
        word = _mm512_sllv_epi64(word, split);
        bit = _mm512_mask_add_epi64(bit, coded, bit, _mm512_add_epi64(zeros, fixed));
        const auto folded = _mm512_cvtepi64_epi32(code);
        const auto sign = _mm256_sub_epi32(_mm256_setzero_si256(),
                                           _mm256_and_si256(folded, _mm256_set1_epi32(1)));
        last = _mm256_add_epi32(last, _mm256_xor_si256(_mm256_srli_epi32(folded, 1), sign));
        columns[g + k] = last;
      }
      longest = _mm512_max_epu64(longest, _mm512_sub_epi64(bit, before));
    }
    store_transposed(columns, out, at + i);
  }
  if (_mm512_cmpgt_epu64_mask(longest, _mm512_set1_epi64(57)) != 0) return false;
  state.bit = bit;
  state.last = last;
  return true;
}

}  // namespace

[[RECORTE_AVX512]] std::int64_t unpack_rice_eight(std::span<const RiceLane, kRiceEight> lanes,
                                                  const RiceCode& code, std::int64_t blocks) {
  alignas(64) std::uint64_t bytes[8], bits[8], ends[8];
  alignas(32) std::uint32_t lasts[8];
  std::int32_t* out[8];
  for (int i = 0; i < 8; ++i) {
    const auto& lane = lanes[static_cast<std::size_t>(i)];
    bytes[i] = reinterpret_cast<std::uintptr_t>(lane.stream->bytes);
    bits[i] = lane.stream->at.bit;
    ends[i] = lane.stream->end;
    lasts[i] = lane.stream->at.last;
    out[i] = lane.out;
  }
  State state{_mm512_load_si512(bytes), _mm512_load_si512(bits),
              _mm256_load_si256(reinterpret_cast<const __m256i*>(lasts))};
  const auto end = _mm512_load_si512(ends);
  const auto widths = rice_widths(code.byte_pix);
  const auto head = _mm_cvtsi32_si128(64 - widths.split_bits);
  const auto plain = _mm512_set1_epi64(widths.plain);
  std::int64_t done = 0;
  for (; done < blocks; ++done) {
    if (_mm512_cmpgt_epu64_mask(state.bit, end) != 0) break;
    const auto split = _mm512_sub_epi64(_mm512_srl_epi64(peek(state.bytes, state.bit), head),
                                        _mm512_set1_epi64(1));
    const auto coded = _mm512_cmpge_epi64_mask(split, _mm512_setzero_si512());
    const auto some = _mm512_max_epi64(split, _mm512_setzero_si512());
    const auto bit = _mm512_add_epi64(state.bit, _mm512_set1_epi64(widths.split_bits));
    const auto at = done * code.block;
    if (_mm512_cmpeq_epi64_mask(split, plain) != 0) break;
    bool good = false;
    if (_mm512_cmpgt_epi64_mask(some, _mm512_set1_epi64(9)) == 0)
      good = block<4>(state, bit, some, coded, out, at, code.block);
    else if (_mm512_cmpgt_epi64_mask(some, _mm512_set1_epi64(24)) == 0)
      good = block<2>(state, bit, some, coded, out, at, code.block);
    if (!good) break;
  }
  _mm512_store_si512(bits, state.bit);
  _mm256_store_si256(reinterpret_cast<__m256i*>(lasts), state.last);
  for (int i = 0; i < 8; ++i) {
    auto& stream = *lanes[static_cast<std::size_t>(i)].stream;
    stream.at.bit = bits[i];
    stream.at.last = lasts[i];
    shorten_rice(code, out[i], done * code.block);
  }
  return done;
}

}  // namespace recorte::fits
#endif
