/// The image HDUs of one file, sorted into exposures: each an image and the planes that go with it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/survey/scan.hpp"

#include <string>
#include <utility>
#include <vector>

namespace recorte::survey {

struct Exposure {
  const HduFacts* image;
  std::string label;  ///< tells it from the others of its file: "ccd07", "SCI,2", "3"
  std::vector<std::pair<std::string, const HduFacts*>> planes;  ///< role and HDU
};

struct Exposures {
  std::vector<Exposure> found;
  std::vector<std::pair<const HduFacts*, std::string>> skipped;  ///< with the reason
};

/// By `rules` (EXTNAME or HDU number) where there are any, else by EXTTYPE, else by well-known
/// EXTNAMEs; an HDU that neither names is an image. A plane goes with the image of its EXTVER, else
/// with the nearest before it, and must be of its size. Pointers are into `file`.
Exposures exposures_of(const FileFacts& file, const std::vector<PlaneRule>& rules);

/// "HDU 2 (error)".
std::string hdu_name(const HduFacts& hdu);

}  // namespace recorte::survey
