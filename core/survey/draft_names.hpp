/// What the names of a survey's files tell as a whole: siblings by product, bands that the headers
/// get wrong.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/survey/scan.hpp"

#include <string>
#include <utility>
#include <vector>

namespace recorte::survey {

struct NameFindings {
  std::string pattern, pattern_why;  ///< "" where every file is an image of its own
  std::vector<std::pair<std::string, std::string>> planes;  ///< role and product, the image first
  std::string question;  ///< where siblings are evident and a pattern for them is not
};

NameFindings look_at_names(const std::vector<FileFacts>& files);

}  // namespace recorte::survey
