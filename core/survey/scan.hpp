/// What lies on disk: every FITS file below a directory, and what each one's image HDUs are, by
/// their headers alone. Neutral facts; which of them make an image is decided in group.hpp.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/sky/footprint.hpp"
#include "core/survey/header_values.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace recorte::survey {

struct HduFacts {
  int number = 0;  ///< 0 is the primary
  std::string extname;
  int extver = 1;
  std::string exttype;  ///< EXTTYPE of the LSST stack: IMAGE, MASK, VARIANCE
  int bitpix = 0;
  std::int64_t width = 0, height = 0;
  std::string no_sky;  ///< why it has no place on the sky; "" where it has one
  sky::Footprint footprint;
  double pixel_scale = 0;  ///< degrees
  HeaderValues values;
};

struct FileFacts {
  std::string path;  ///< relative to the root
  std::int64_t size = 0, mtime_ns = 0;
  std::string problem;         ///< why nothing could be read; "" where it could
  std::vector<HduFacts> hdus;  ///< images of at least two axes longer than one pixel
};

/// A name that ends as FITS files do: .fits, .fit, .fts, then perhaps .gz, .fz or .bz2; any case.
bool fits_name(std::string_view name);
/// Without those endings.
std::string_view without_fits_suffix(std::string_view name);

/// Every file so called below `root`, sorted, each with its size and time; what cannot be followed
/// (broken links, loops, pipes) has its problem set. kNotFound where root is no directory.
Result<std::vector<FileFacts>> list_files(const std::filesystem::path& root);

/// One file's size and time, or its problem.
FileFacts stat_file(const std::filesystem::path& root, const std::string& path);

/// Opens the file and fills in `hdus`, or `problem`.
void read_facts(const std::filesystem::path& root, const HeaderRules& rules, FileFacts& file);

}  // namespace recorte::survey
