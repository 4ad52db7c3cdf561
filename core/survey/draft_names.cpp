// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/draft_names.hpp"

#include "core/base/text.hpp"
#include "core/survey/bands.hpp"
#include "core/survey/group.hpp"
#include "core/survey/pattern.hpp"
#include "core/survey/siblings.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace recorte::survey {
namespace {

std::size_t place_of(const std::string& path, const std::string& word) {
  const auto words = name_words(path).words;
  return static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
}

/// Every file must match, and its product must be the word that gave it away.
bool fits(const std::string& text, std::size_t at, const std::vector<std::string>& paths) {
  const auto pattern = Pattern::parse(text);
  return pattern && std::all_of(paths.begin(), paths.end(), [&](const std::string& path) {
           const auto match = pattern->match(path);
           return match && match->field("product") == name_words(path).words.at(at);
         });
}

NameFindings siblings_of(const std::vector<std::string>& paths,
                         const std::map<std::string, Sibling>& siblings) {
  NameFindings out;
  const auto& [path, first] = *siblings.begin();
  const auto at = place_of(path, first.product);
  const auto pattern = common_pattern(paths, at, "product");
  std::map<std::string, std::string> products;  // by role
  bool clear = pattern && fits(*pattern, at, paths);
  for (const auto& [unused, sibling] : siblings) {
    clear = clear && sibling.image_product == first.image_product;
    if (!sibling.role.name.empty())
      products.try_emplace(std::string(sibling.role.name), sibling.product);
  }
  if (!clear) {
    out.question = image_id(path) + " looks like a sibling of " + image_id(first.of) +
                   ". Which pattern = \"**/…{product}…\" and planes = { image = … } say so?";
    return out;
  }
  out.pattern = *pattern;
  out.planes.emplace_back("image", first.image_product);
  out.planes.insert(out.planes.end(), products.begin(), products.end());
  return out;
}

/// One and the same band in every header, and as many different ones as files in their names: the
/// header was copied, and the names are right.
NameFindings copied_headers(const std::vector<const FileFacts*>& files,
                            const std::vector<std::string>& paths) {
  NameFindings out;
  std::set<std::string> headers, named;
  std::set<std::size_t> places;
  for (const auto* file : files) {
    const auto band = band_of_path(file->path);
    const auto words = name_words(file->path).words;
    const auto at = std::find_if(words.begin(), words.end(), [&](const std::string& word) {
      return band && band_of_word(word) == *band;
    });
    if (at == words.end()) return out;
    places.insert(static_cast<std::size_t>(at - words.begin()));
    named.insert(*band);
    for (const auto& hdu : file->hdus) headers.insert(band_of_filter(hdu.values.band).value_or(""));
  }
  if (headers.size() != 1 || headers.begin()->empty() || named.size() < 2 || places.size() != 1)
    return out;
  const auto pattern = common_pattern(paths, *places.begin(), "band");
  if (!pattern) return out;
  out.pattern = *pattern;
  out.pattern_why = "every header says " + *headers.begin() + ", the names say " +
                    join({named.begin(), named.end()}, ", ") + ": are the names right?";
  return out;
}

}  // namespace

NameFindings look_at_names(const std::vector<FileFacts>& files) {
  std::vector<const FileFacts*> images;
  std::vector<std::string> paths;
  for (const auto& file : files) {
    if (file.hdus.empty()) continue;
    images.push_back(&file);
    paths.push_back(file.path);
  }
  if (images.empty()) return {};
  const auto siblings = evident_siblings(files);
  if (!siblings.empty()) return siblings_of(paths, siblings);
  return copied_headers(images, paths);
}

}  // namespace recorte::survey
