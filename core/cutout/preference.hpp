/// Which of several images of one band answer: their order, and how many of them it takes to cover
/// the region (docs/explanation/which-image-answers.md).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/locate.hpp"

#include <string>
#include <vector>

namespace recorte::cutout {

/// Best first. kBest: by coverage, depth, time; kLatest: among those that cover as much, by time.
void order(std::vector<Located>& images, Epochs epochs);

/// Removes what is not needed of ordered images: all but the first, or, with `how_many` kEnough,
/// those that add nothing to the ones before. `epochs`: only images exposed at the same time as the
/// first may add to it. Returns the fraction of the region that is covered by what stays.
double keep_needed(std::vector<Located>& images, const CutoutRequest& request, HowMany how_many,
                   bool epochs);

/// Says that an image covers only part of the region, where it does.
void warn_of_gap(const Located& best, std::vector<std::string>& warnings);

}  // namespace recorte::cutout
