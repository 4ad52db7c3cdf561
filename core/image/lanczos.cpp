// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/lanczos.hpp"

#include <cmath>
#include <numbers>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Every path multiplies and adds in one order, and no multiplication is fused with an addition
// (CMakeLists.txt).
namespace recorte::image {
namespace {

constexpr std::size_t kTaps = kLanczosTaps;
constexpr int kSteps = 64;

/// Of one step: weight = c[0] + t (c[1] + t (c[2] + t c[3])), t from 0 to 1.
struct alignas(64) Cubic {
  double c[4][8];  ///< the last two are 0
};

/// 3 sin(πt) sin(πt/3) / (πt)² for t = f + 2, …, f - 3, normalised.
std::array<double, kTaps> formula(double f) {
  std::array<double, kTaps> out{};
  double sum = 0;
  for (std::size_t i = 0; i < kTaps; ++i) {
    const double a = std::numbers::pi * (f + 2 - static_cast<double>(i));
    out[i] = a == 0 ? 1 : 3 * std::sin(a) * std::sin(a / 3) / (a * a);
    sum += out[i];
  }
  if (f == 0 || f == 1) return {0, 0, 1 - f, f, 0, 0};  // as the sines are not, exactly
  for (auto& w : out) w /= sum;
  return out;
}

/// Through the values at a third and two thirds of each step, too.
std::array<Cubic, kSteps + 1> make_table() {
  std::array<Cubic, kSteps + 1> out{};
  for (int k = 0; k <= kSteps; ++k) {
    auto& step = out[static_cast<std::size_t>(k)];
    const auto at = [&](int third) { return formula((k + third / 3.0) / kSteps); };
    const auto a = at(0);
    if (k == kSteps) {
      for (std::size_t i = 0; i < kTaps; ++i) step.c[0][i] = a[i];
      break;
    }
    const auto [b, c, d] = std::array{at(1), at(2), at(3)};
    for (std::size_t i = 0; i < kTaps; ++i) {
      step.c[0][i] = a[i];
      step.c[1][i] = (-11 * a[i] + 18 * b[i] - 9 * c[i] + 2 * d[i]) / 2;
      step.c[2][i] = (18 * a[i] - 45 * b[i] + 36 * c[i] - 9 * d[i]) / 2;
      step.c[3][i] = (-9 * a[i] + 27 * b[i] - 27 * c[i] + 9 * d[i]) / 2;
    }
  }
  return out;
}

const Cubic* table() {
  static const auto made = make_table();
  return made.data();
}

struct Step {
  const Cubic* cubic;
  double t;
};
inline Step step_of(const Cubic* table, double fraction) {
  const double place = fraction * kSteps;
  const auto k = static_cast<int>(place);
  return {table + k, place - k};
}

std::array<double, kTaps> weights(const Cubic* table, double fraction) {
  const auto [cubic, t] = step_of(table, fraction);
  std::array<double, kTaps> out;
  for (std::size_t i = 0; i < kTaps; ++i)
    out[i] = ((cubic->c[3][i] * t + cubic->c[2][i]) * t + cubic->c[1][i]) * t + cubic->c[0][i];
  return out;
}

void sums_scalar(std::span<const Spot> spots, std::int64_t row_length, float* out) {
  const auto* cubics = table();
  for (const auto& spot : spots) {
    const auto wx = weights(cubics, spot.fx);
    const auto wy = weights(cubics, spot.fy);
    const float* row = spot.corner;
    std::array<double, kTaps> column;
    for (std::size_t i = 0; i < kTaps; ++i) column[i] = wy[0] * static_cast<double>(row[i]);
    for (std::size_t j = 1; j < kTaps; ++j) {
      row += row_length;
      for (std::size_t i = 0; i < kTaps; ++i) column[i] += wy[j] * static_cast<double>(row[i]);
    }
    for (std::size_t i = 0; i < kTaps; ++i) column[i] *= wx[i];
    const auto& c = column;
    *out++ = static_cast<float>(((c[0] + c[4]) + c[2]) + ((c[1] + c[5]) + c[3]));
  }
}

#if defined(__x86_64__)

/// Products 0 1, 2 3 and 4 5 added as in sums_scalar().
inline float sum_of(__m128d a, __m128d b, __m128d c) {
  const __m128d s = _mm_add_pd(_mm_add_pd(a, c), b);
  return static_cast<float>(_mm_cvtsd_f64(s) + _mm_cvtsd_f64(_mm_unpackhi_pd(s, s)));
}

/// Four lanes, and two.
struct Six {
  __m256d a;
  __m128d b;
};
[[gnu::target("avx2"), gnu::always_inline]] inline Six load_six(const double* p) {
  return {_mm256_load_pd(p), _mm_load_pd(p + 4)};
}
[[gnu::target("avx2"), gnu::always_inline]] inline Six load_six(const float* p) {
  const auto last = _mm_castsi128_ps(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(p + 4)));
  return {_mm256_cvtps_pd(_mm_loadu_ps(p)), _mm_cvtps_pd(last)};
}
/// v t + w
[[gnu::target("avx2"), gnu::always_inline]] inline Six times_plus(const Six& v, double t,
                                                                  const Six& w) {
  return {_mm256_add_pd(_mm256_mul_pd(v.a, _mm256_set1_pd(t)), w.a),
          _mm_add_pd(_mm_mul_pd(v.b, _mm_set1_pd(t)), w.b)};
}
[[gnu::target("avx2"), gnu::always_inline]] inline Six weights_avx2(const Cubic* table,
                                                                    double fraction) {
  const auto [cubic, t] = step_of(table, fraction);
  auto out = times_plus(load_six(cubic->c[3]), t, load_six(cubic->c[2]));
  out = times_plus(out, t, load_six(cubic->c[1]));
  return times_plus(out, t, load_six(cubic->c[0]));
}

[[gnu::target("avx2")]] void sums_avx2(std::span<const Spot> spots, std::int64_t row_length,
                                       float* out) {
  const auto* cubics = table();
  for (const auto& spot : spots) {
    const auto wx = weights_avx2(cubics, spot.fx);
    const auto up = weights_avx2(cubics, spot.fy);
    alignas(32) double wy[kTaps];
    _mm256_store_pd(wy, up.a);
    _mm_store_pd(wy + 4, up.b);
    const float* row = spot.corner;
    const auto first = load_six(row);
    Six column{_mm256_mul_pd(first.a, _mm256_set1_pd(wy[0])),
               _mm_mul_pd(first.b, _mm_set1_pd(wy[0]))};
    for (std::size_t j = 1; j < kTaps; ++j) {
      row += row_length;
      column = times_plus(load_six(row), wy[j], column);
    }
    column = {_mm256_mul_pd(column.a, wx.a), _mm_mul_pd(column.b, wx.b)};
    *out++ = sum_of(_mm256_castpd256_pd128(column.a), _mm256_extractf128_pd(column.a, 1), column.b);
  }
}

#endif

}  // namespace

std::array<double, kLanczosTaps> lanczos3_weights(double fraction) {
  return weights(table(), fraction);
}

void lanczos3_sums(std::span<const Spot> spots, std::int64_t row_length, float* out, Simd level) {
#if defined(__x86_64__)
  // AVX-512 gained a twelfth on the machine measured: too little for code of its own.
  if (level >= Simd::kAvx2) return sums_avx2(spots, row_length, out);
#endif
  return sums_scalar(spots, row_length, out);
}

}  // namespace recorte::image
