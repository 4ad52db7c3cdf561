// SPDX-License-Identifier: BSD-3-Clause
#include "core/bundle/contents.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/bundle/sums.hpp"

#include <algorithm>
#include <array>

namespace recorte::bundle {
namespace {

namespace fs = std::filesystem;

/// What documents at the head of a project begin with, in capitals.
constexpr std::array<std::string_view, 8> kDocuments{"README", "LICENSE", "LICENCE",   "COPYING",
                                                     "NOTICE", "CHANGES", "CHANGELOG", "CITATION"};

bool is_licence(std::string_view name) {
  const auto word = upper(name);
  return word.starts_with("LICEN") || word.starts_with("COPYING");
}

std::vector<fs::path> sorted(std::vector<fs::path> paths) {
  std::ranges::sort(paths);
  return paths;
}

std::vector<fs::path> items(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& item : fs::directory_iterator(directory, error)) out.push_back(item.path());
  return sorted(std::move(out));
}

/// The plugins among the libraries below a directory.
void libraries_below(const fs::path& directory, std::vector<fs::path>& out) {
  std::error_code error;
  for (const auto& item : items(directory)) {
    const auto name = item.filename().string();
    if (fs::is_symlink(item, error) || name.starts_with('.') || name == "CMakeFiles") continue;
    if (fs::is_directory(item, error)) libraries_below(item, out);
    if (item.extension() == ".so" && plugin::read_manifest(item)) out.push_back(item);
  }
}

Result<fs::path> library_of(const fs::path& directory) {
  std::vector<fs::path> here;
  for (const auto& item : items(directory))
    if (item.extension() == ".so") here.push_back(item);
  if (here.empty())
    for (const auto& item : items(directory))
      if (item.filename().string().starts_with("build")) libraries_below(item, here);
  if (here.size() == 1) return here[0];
  if (here.empty())
    return fail(ErrorCode::kNotFound, "there is no plugin in " + directory.string() +
                                          ", nor in a build directory in it; build it first "
                                          "(cmake --build), or name its library");
  std::vector<std::string> names;
  for (const auto& path : here) names.push_back(path.string());
  return fail(ErrorCode::kUsage, "there are several libraries in " + directory.string() +
                                     "; name the one that is meant: " + join(names, ", "));
}

Status add(Contents& out, const fs::path& file, std::string name) {
  RECORTE_TRY(check_member_name(name));
  std::error_code error;
  if (fs::is_symlink(file, error) || !fs::is_regular_file(file, error))
    return fail(ErrorCode::kData, file.string() + " is no file; a bundle holds files alone");
  auto bytes = read_file(file, kMostBytes);
  if (!bytes) return fail(std::move(bytes).error());
  out.members.push_back({std::move(name), std::move(*bytes)});
  return {};
}

Status add_documents(Contents& out, const fs::path& project) {
  for (const auto& item : items(project)) {
    const auto name = item.filename().string();
    const auto word = upper(name);
    if (std::ranges::any_of(kDocuments, [&](auto begin) { return word.starts_with(begin); }))
      RECORTE_TRY(add(out, item, name));
  }
  std::error_code error;
  std::vector<fs::path> docs;
  for (const auto& item : fs::recursive_directory_iterator(project / "docs", error))
    if (!item.is_directory(error) || item.is_symlink(error)) docs.push_back(item.path());
  for (const auto& item : sorted(std::move(docs)))
    RECORTE_TRY(add(out, item, item.lexically_relative(project).generic_string()));
  return {};
}

}  // namespace

Result<Contents> gather(const fs::path& place) {
  std::error_code error;
  const bool project = fs::is_directory(place, error);
  const auto library = project ? library_of(place) : Result<fs::path>(place);
  if (!library) return fail(library.error());
  auto manifest = plugin::read_manifest(*library);
  if (!manifest) return fail(std::move(manifest).error());
  Contents out{*std::move(manifest), {}, {}};
  RECORTE_TRY(add(out, fs::canonical(*library), out.manifest.id + ".so"));
  out.members.push_back({"plugin.json", out.manifest.text});
  RECORTE_TRY(add_documents(
      out, project ? place : fs::absolute(*library).lexically_normal().parent_path()));
  const auto lacks = [&](const char* name, auto&& is_one) {
    if (std::ranges::none_of(out.members, is_one)) out.lacks.emplace_back(name);
  };
  lacks("README.md", [](const Member& m) { return upper(m.name).starts_with("README"); });
  lacks("LICENSE", [](const Member& m) { return is_licence(m.name); });
  std::size_t bytes = 0;
  for (const auto& member : out.members) bytes += member.bytes.size();
  if (bytes > kMostBytes || out.members.size() > kMostMembers)
    return fail(ErrorCode::kTooLarge, "a bundle holds at most " + std::to_string(kMostMembers) +
                                          " files and " + std::to_string(kMostBytes >> 20) +
                                          " MiB, not " + std::to_string(out.members.size()) +
                                          " and " + std::to_string(bytes >> 20) + " MiB");
  return out;
}

}  // namespace recorte::bundle
