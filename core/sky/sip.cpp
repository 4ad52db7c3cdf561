// SPDX-License-Identifier: BSD-3-Clause
#include "core/sky/sip.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace recorte::sky {
namespace {

struct Value {
  double f, du, dv;
};

/// The polynomial and its derivatives by Horner's rule: outer in u, inner in v.
Value evaluate(const Sip::Polynomial& p, double u, double v) {
  Value sum{0, 0, 0};
  for (int i = p.order; i >= 0; --i) {
    double f = 0;
    double dv = 0;
    for (int j = p.order - i; j >= 0; --j) {
      dv = dv * v + f;
      f = f * v + p.terms[i * (p.order + 1) + j];
    }
    sum.du = sum.du * u + sum.f;
    sum.f = sum.f * u + f;
    sum.dv = sum.dv * u + dv;
  }
  return sum;
}

}  // namespace

Sip::Sip(Polynomial a, Polynomial b, double x0, double y0)
    : a_(std::move(a)), b_(std::move(b)), x0_(x0), y0_(y0) {}

void Sip::distort(std::span<double> xy) const {
  for (std::size_t i = 0; i + 1 < xy.size(); i += 2) {
    const double u = xy[i] - x0_;
    const double v = xy[i + 1] - y0_;
    xy[i] += evaluate(a_, u, v).f;
    xy[i + 1] += evaluate(b_, u, v).f;
  }
}

void Sip::undo(std::span<double> xy) const {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  for (std::size_t i = 0; i + 1 < xy.size(); i += 2) {
    const double target_u = xy[i] - x0_;
    const double target_v = xy[i + 1] - y0_;
    const double tolerance = 1e-11 * (1 + std::abs(target_u) + std::abs(target_v));
    double u = target_u;
    double v = target_v;
    bool converged = false;
    for (int turn = 0; turn < 30 && !converged && std::isfinite(u + v); ++turn) {
      const Value a = evaluate(a_, u, v);
      const Value b = evaluate(b_, u, v);
      const double ru = u + a.f - target_u;
      const double rv = v + b.f - target_v;
      const double determinant = (1 + a.du) * (1 + b.dv) - a.dv * b.du;
      u -= ((1 + b.dv) * ru - a.dv * rv) / determinant;
      v -= ((1 + a.du) * rv - b.du * ru) / determinant;
      converged = std::abs(ru) + std::abs(rv) < tolerance;
    }
    xy[i] = converged ? u + x0_ : kNaN;
    xy[i + 1] = converged ? v + y0_ : kNaN;
  }
}

}  // namespace recorte::sky
