// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/regrid.hpp"
#include "core/cutout/services/services.hpp"

namespace recorte::cutout {
namespace {

Result<plugin::ImageRef> onto(AlgorithmRun& run, std::size_t input, recorte_role role,
                              std::uint32_t grid, const sky::PixelRect& rect,
                              recorte_kernel kernel) {
  const auto& images = run.location().images;
  const bool target = grid == RECORTE_TARGET;
  if (input >= images.size() || (target ? !run.target() : grid >= images.size()))
    return fail(ErrorCode::kPlugin, "resample: there is no such input");
  if (!sane(rect))
    return fail(ErrorCode::kPlugin, "resample: the rectangle asked for makes no sense");
  if (kernel < RECORTE_NEAREST || kernel > RECORTE_LANCZOS3)
    return fail(ErrorCode::kPlugin, "resample: there is no such kernel");
  const auto& wcs = target ? run.target()->wcs : *images[grid].image->wcs;
  return regrid(run, input, role, wcs, rect, {static_cast<image::Kernel>(kernel), false});
}

}  // namespace

const recorte_resample* resample_service() {
  static constexpr recorte_resample table{
      sizeof(recorte_resample), 0,
      [](const recorte_job* job, std::uint32_t input, recorte_role role, std::uint32_t grid,
         const recorte_rect* rect, recorte_kernel kernel, recorte_image** out,
         recorte_error* err) -> recorte_status {
        return plugin::serve_plugin(err, [&]() -> Status {
          auto image = onto(AlgorithmRun::of(job), input, role, grid,
                            {rect->x, rect->y, rect->width, rect->height}, kernel);
          if (!image) return fail(std::move(image).error());
          *out = image->release();
          return {};
        });
      }};
  return &table;
}

}  // namespace recorte::cutout
