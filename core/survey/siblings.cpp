// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/siblings.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <cctype>

namespace recorte::survey {
namespace {

std::string_view directory_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == path.npos ? std::string_view{} : path.substr(0, slash + 1);
}

/// The path with one word put for another, endings aside: what siblings share.
std::string with_word(std::string_view path, const NameWords& name, std::size_t at,
                      std::string_view word) {
  std::string out(directory_of(path));
  for (std::size_t i = 0; i < name.words.size(); ++i) {
    if (i) out += name.separators[i - 1];
    out += i == at ? word : std::string_view(name.words[i]);
  }
  return out;
}

bool same_size(const FileFacts& a, const FileFacts& b) {
  return !a.hdus.empty() && !b.hdus.empty() && a.hdus[0].width == b.hdus[0].width &&
         a.hdus[0].height == b.hdus[0].height;
}

/// A word that every name of a survey may well have: letters alone.
bool is_letters(std::string_view word) {
  return std::all_of(word.begin(), word.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

}  // namespace

NameWords name_words(std::string_view path) {
  const auto name = path.substr(directory_of(path).size());
  const auto stem = without_fits_suffix(name);
  NameWords out{{""}, "", std::string(name.substr(stem.size()))};
  for (const char c : stem) {
    if (c == '_' || c == '-' || c == '.') {
      out.separators += c;
      out.words.emplace_back();
    } else {
      out.words.back() += c;
    }
  }
  return out;
}

std::map<std::string, Sibling> evident_siblings(const std::vector<FileFacts>& files) {
  // Image files by their name with the telling word blanked.
  struct Image {
    const FileFacts* file;
    std::string product;
  };
  std::map<std::string, Image> images;
  for (const auto& file : files) {
    const auto name = name_words(file.path);
    for (std::size_t i = 0; i < name.words.size(); ++i)
      if (const auto role = role_of_word(name.words[i]); role && role->name == "image")
        images.emplace(with_word(file.path, name, i, "*"), Image{&file, name.words[i]});
  }
  std::map<std::string, Sibling> out;
  for (const auto& file : files) {
    const auto name = name_words(file.path);
    for (std::size_t i = 0; i < name.words.size(); ++i) {
      const auto role = role_of_word(name.words[i]);
      if (!role || role->name == "image") continue;
      const auto found = images.find(with_word(file.path, name, i, "*"));
      if (found == images.end() || !same_size(file, *found->second.file)) continue;
      out[file.path] = {found->second.file->path, *role, name.words[i], found->second.product};
      break;
    }
  }
  return out;
}

std::optional<std::string> common_pattern(const std::vector<std::string>& paths, std::size_t at,
                                          std::string_view field) {
  if (paths.empty()) return {};
  const auto first = name_words(paths.front());
  if (at >= first.words.size()) return {};
  std::vector<bool> same(at, true);
  bool last = at + 1 == first.words.size();
  bool one_ending = true;
  for (const auto& path : paths) {
    const auto name = name_words(path);
    if (name.words.size() <= at || (name.words.size() == at + 1) != last) return {};
    const auto separators = last ? at : at + 1;
    if (name.separators.substr(0, separators) != first.separators.substr(0, separators)) return {};
    for (std::size_t i = 0; i < at; ++i)
      if (name.words[i] != first.words[i] || !is_letters(name.words[i])) same[i] = false;
    one_ending = one_ending && name.ending == first.ending;
  }
  std::string out = "**/";
  for (std::size_t i = 0; i < at; ++i)
    out += (same[i] ? first.words[i] : "*") + first.separators[i];
  out += "{" + std::string(field) + "}";
  if (!last) out += first.separators[at] + std::string("*");
  return out + (one_ending ? first.ending : ".fits*");
}

}  // namespace recorte::survey
