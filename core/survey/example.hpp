/// A position to try a survey at: the middle of an image, where as many bands as possible have one.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/survey/image_index.hpp"

#include <optional>
#include <string>
#include <vector>

namespace recorte::survey {

struct Example {
  sky::Position position;          ///< rounded to 1e-4 degrees
  std::vector<std::string> bands;  ///< that cover it, sorted
};

/// nullopt for an index without images.
std::optional<Example> find_example(const ImageIndex& index);

}  // namespace recorte::survey
