/// Files that are evidently planes of one exposure, by names that differ in one telling word
/// ("…_ooi_g.fits", "…_oow_g.fits"), and the patterns that say so.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/survey/roles.hpp"
#include "core/survey/scan.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::survey {

struct Sibling {
  std::string of;  ///< the path of the image it belongs to
  Role role;
  std::string product;        ///< the telling word: "oow"
  std::string image_product;  ///< the image's: "ooi"
};

/// By path. A file counts where an image file with all the other words of its name, and of the same
/// size in pixels, lies beside it.
std::map<std::string, Sibling> evident_siblings(const std::vector<FileFacts>& files);

/// The words of a file's name (its directories and FITS endings aside) and what stands between.
struct NameWords {
  std::vector<std::string> words;
  std::string separators;  ///< one less than words
  std::string ending;      ///< ".fits.fz"
};
NameWords name_words(std::string_view path);

/// A pattern, with {field} in the place of word `at`, that all the names have in common; nullopt
/// where they have none.
std::optional<std::string> common_pattern(const std::vector<std::string>& paths, std::size_t at,
                                          std::string_view field);

}  // namespace recorte::survey
