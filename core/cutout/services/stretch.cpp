// SPDX-License-Identifier: BSD-3-Clause
#include "core/image/stretch.hpp"

#include "core/cutout/services/services.hpp"
#include "core/plugin/host.hpp"

namespace recorte::cutout {

const recorte_stretch* stretch_service() {
  static constexpr recorte_stretch table{
      sizeof(recorte_stretch), 0,
      [](recorte_curve curve, double black, double white, double softness, std::uint64_t n,
         const float* in, std::uint8_t* out) {
        image::stretch(static_cast<image::Curve>(curve), black, white, softness, {in, n}, {out, n});
      },
      [](const float* samples, std::uint64_t n, double low, double high, double* black,
         double* white, recorte_error* err) -> recorte_status {
        return plugin::serve_plugin(err, [&]() -> Status {
          const auto limits = image::percentiles({samples, n}, low, high);
          if (!limits) return fail(ErrorCode::kUsage, "no pixel here has a value");
          *black = limits->first;
          *white = limits->second;
          return {};
        });
      },
      [](const float* samples, std::uint64_t n, double contrast, double* black, double* white,
         recorte_error* err) -> recorte_status {
        return plugin::serve_plugin(err, [&]() -> Status {
          const auto limits = image::zscale({samples, n}, contrast);
          if (!limits) return fail(ErrorCode::kUsage, "no pixel here has a value");
          *black = limits->first;
          *white = limits->second;
          return {};
        });
      }};
  return &table;
}

}  // namespace recorte::cutout
