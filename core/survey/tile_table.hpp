/// Surveys that come with a list of their tiles: where each lies, from the table, and its files,
/// from a template. No FITS file is opened for it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/table.hpp"
#include "core/survey/group.hpp"

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace recorte::survey {

/// Where each row's tile lies, in the order of the rows. Columns: corners `rall decll raur decur`
/// (lower left, upper right; RA may pass 360 or wrap) or `ra1 dec1 … ra4 dec4`; limits `ra1 ra2
/// dec1 dec2`; else a centre (`ra dec`, `ra_cent dec_cent`, …) and a size (column `size` or
/// `tile_size`, else `size` here), all in degrees. Each is grown by `margin` degrees, or by 2 % of
/// its size where that is negative. kUsage names file, line and column.
Result<std::vector<sky::Footprint>> tile_footprints(const Table& table, double size, double margin);

/// One file of one tile in one band, with what the table knows of it as an image record: its
/// footprint, its band, its planes (each by EXTNAME or HDU number, or in its own file by
/// {product}).
struct TileFiles {
  std::vector<ImageRecord> images;
  std::vector<Skipped> skipped;  ///< a tile and band whose file is not there
};

/// Resolves survey.path for every row and band against the disk. Paths are relative to `root`.
Result<TileFiles> resolve_tiles(const SurveyFile& survey, const std::filesystem::path& root,
                                const Table& table,
                                const std::function<void(std::size_t, std::size_t)>& progress);

}  // namespace recorte::survey
