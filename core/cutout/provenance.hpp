/// What a product says of its own making: software, plugins, source, request, date.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/task.hpp"
#include "core/fits/header.hpp"

#include <string>
#include <utility>
#include <vector>

namespace recorte::cutout {

/// What is the same for every part of a product.
struct Provenance {
  std::string request;                              ///< canonical
  std::string survey, release, adapter, algorithm;  ///< plugins as "tiles 0.1.0"
  std::vector<std::string> warnings;
  std::int64_t made;  ///< microseconds, UTC
};

/// RCSOFT, RCSURVEY, RCRELEAS, RCADAPT, RCALGO, RCREQ, RCWARN, DATE (docs/reference/headers.md).
void describe_product(fits::Header& header, const Provenance& provenance);
/// RCIMAGE, RCFILE, RCHDU, RCBAND, RCPLANE, RCEDGE, RCCOVER of one part; of one on the target grid
/// the images of its band instead. `hdu`: that of the part's first plane.
void describe_part(fits::Header& header, AlgorithmRun& run, const Outline& outline, int hdu);
/// The same for a picture's text; `wcs` is the header of the picture's grid.
std::vector<std::pair<std::string, std::string>> picture_text(const Provenance& provenance,
                                                              const std::vector<UsedImage>& images,
                                                              const fits::Header& wcs);

}  // namespace recorte::cutout
