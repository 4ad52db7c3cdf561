// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/seek_index.hpp"

#include "core/fits/remote_file.hpp"
#include "core/fits/seek_file.hpp"

#include <set>
#include <string>

namespace recorte::survey {

namespace fs = std::filesystem;

fs::path seek_directory(const fs::path& index) { return index.string() + ".seek"; }

Result<SeekSummary> index_seeks(const fs::path& root, const std::vector<ImageRecord>& images,
                                const fs::path& directory,
                                const std::function<void(std::size_t, std::size_t)>& progress) {
  std::set<std::string> paths, names;
  for (const auto& image : images)
    for (const auto& plane : image.planes)
      if (!fits::is_remote(plane.path)) paths.insert((root / plane.path).string());
  SeekSummary out;
  std::size_t done = 0;
  for (const auto& path : paths) {
    if (progress) progress(done++, paths.size());
    auto made = fits::make_seek_files(path, directory);
    if (!made) {
      // A full disk will not become less full; a broken file is its own matter.
      if (made.error().code != ErrorCode::kData && made.error().code != ErrorCode::kNotFound)
        return fail(std::move(made).error());
      out.failed.push_back({path, made.error().message});
      continue;
    }
    out.files += std::ssize(made->names);
    out.written += made->written;
    out.bytes += made->bytes;
    names.insert(made->names.begin(), made->names.end());
  }
  if (progress) progress(paths.size(), paths.size());
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error))
    if (entry.path().extension() == ".seek" && !names.contains(entry.path().filename().string()))
      out.removed += fs::remove(entry.path(), error);
  return out;
}

}  // namespace recorte::survey
