// SPDX-License-Identifier: BSD-3-Clause
#include "core/demo/demo_sky.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/demo/tile_file.hpp"

namespace recorte::demo {

Status make_demo_sky(const std::filesystem::path& directory) {
  std::error_code problem;
  std::filesystem::create_directories(directory, problem);
  if (problem) {
    return fail(ErrorCode::kUnavailable, "cannot make the directory " + directory.string() + ": " +
                                             problem.message() + "; name one that can be written");
  }
  const auto scene = make_scene();
  for (int tile = 0; tile < static_cast<int>(kTiles.size()); ++tile) {
    const auto wcs = sky::Wcs::parse(join(wcs_cards(kTiles[tile]), ""));
    if (!wcs) return fail(wcs.error());
    for (int band = 0; band < static_cast<int>(kBands.size()); ++band) {
      const auto exposure = expose(render_light(*wcs, band, scene), tile, band);
      const auto bytes = tile_file(tile, band, exposure);
      if (!bytes) return fail(bytes.error());
      RECORTE_TRY(write_file(directory / file_name(kTiles[tile], kBands[band]), *bytes));
    }
  }
  return {};
}

}  // namespace recorte::demo
