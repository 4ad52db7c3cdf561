// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/scan.hpp"

#include "core/base/io.hpp"
#include "core/base/text.hpp"
#include "core/fits/file.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

namespace recorte::survey {
namespace {

namespace fs = std::filesystem;

std::size_t suffix_length(std::string_view name) {
  const auto low = lower(name);
  std::string_view rest = low;
  for (const std::string_view packing : {".gz", ".fz", ".bz2"})
    if (rest.ends_with(packing)) {
      rest.remove_suffix(packing.size());
      break;
    }
  for (const std::string_view ending : {".fits", ".fit", ".fts"})
    if (rest.ends_with(ending) && rest.size() > ending.size())
      return name.size() - rest.size() + ending.size();
  return 0;
}

class Walk {
 public:
  explicit Walk(fs::path root) : root_(std::move(root)) {}

  void enter(const std::string& relative) {
    struct stat at {};
    const auto full = root_ / relative;
    if (::stat(full.c_str(), &at) != 0)
      return problem(relative, os_error("cannot be read").message);
    if (!seen_.insert({at.st_dev, at.st_ino}).second)
      return problem(relative, "is a link to a directory that is scanned already");
    std::error_code error;
    std::vector<std::string> names;
    for (fs::directory_iterator entry(full, error), end; !error && entry != end;
         entry.increment(error))
      names.push_back(entry->path().filename().string());
    if (error) problem(relative, "cannot be listed: " + error.message());
    std::sort(names.begin(), names.end());
    for (const auto& name : names) visit(relative.empty() ? name : relative + "/" + name, name);
  }

  std::vector<FileFacts> files;

 private:
  void visit(const std::string& relative, const std::string& name) {
    struct stat at {};
    if (::stat((root_ / relative).c_str(), &at) != 0) {
      if (fits_name(name)) problem(relative, os_error("is a link that leads nowhere").message);
    } else if (S_ISDIR(at.st_mode)) {
      if (!name.starts_with('.')) enter(relative);
    } else if (fits_name(name)) {
      files.push_back(stat_file(root_, relative));
    }
  }
  void problem(const std::string& relative, std::string reason) {
    files.push_back({relative, 0, 0, std::move(reason), {}});
  }

  fs::path root_;
  std::set<std::pair<dev_t, ino_t>> seen_;
};

/// Where the image lies, or why that cannot be said.
void place(const fits::ImageInfo& image, HduFacts& out) {
  const auto wcs = sky::Wcs::parse(image.header.joined());
  if (!wcs) {
    out.no_sky = wcs.error().message;
    return;
  }
  out.pixel_scale = std::sqrt(wcs->scale_x() * wcs->scale_y());
  if (!(out.pixel_scale > 0) || !std::isfinite(out.pixel_scale)) {
    out.no_sky = "its pixels have no size on the sky";
    return;
  }
  out.footprint = sky::footprint_of(*wcs, out.width, out.height);
  if (!(out.footprint.cap.radius >= 0)) out.no_sky = "no pixel of it has a place on the sky";
}

}  // namespace

bool fits_name(std::string_view name) { return suffix_length(name) > 0; }

std::string_view without_fits_suffix(std::string_view name) {
  return name.substr(0, name.size() - suffix_length(name));
}

Result<std::vector<FileFacts>> list_files(const fs::path& root) {
  std::error_code error;
  if (!fs::is_directory(root, error))
    return fail(ErrorCode::kNotFound, root.string() +
                                          " is not a directory; name the one that holds "
                                          "the survey's files");
  Walk walk(root);
  walk.enter("");
  return std::move(walk.files);
}

FileFacts stat_file(const fs::path& root, const std::string& path) {
  FileFacts out;
  out.path = path;
  struct stat at {};
  if (::stat((root / path).c_str(), &at) != 0) {
    out.problem = os_error("cannot be read").message;
  } else if (!S_ISREG(at.st_mode)) {
    out.problem = "is not a regular file";
  } else {
    out.size = at.st_size;
    out.mtime_ns = std::int64_t{at.st_mtim.tv_sec} * 1'000'000'000 + at.st_mtim.tv_nsec;
    if (at.st_size == 0) out.problem = "is empty";
  }
  return out;
}

void read_facts(const fs::path& root, const HeaderRules& rules, FileFacts& file) {
  const auto opened = fits::File::open((root / file.path).string());
  if (!opened) {
    file.problem = opened.error().message;
    return;
  }
  const auto primary = opened->header(0);
  for (const auto& hdu : opened->hdus()) {
    if (!hdu.is_image || hdu.axes.size() < 2 || hdu.axes[0] < 2 || hdu.axes[1] < 2) continue;
    HduFacts facts;
    facts.number = hdu.number;
    // fpack gives this name to images that had none.
    if (hdu.name != "COMPRESSED_IMAGE") facts.extname = hdu.name;
    facts.extver = hdu.version;
    facts.bitpix = hdu.bitpix;
    facts.width = hdu.axes[0];
    facts.height = hdu.axes[1];
    if (const auto image = opened->image(hdu.number)) {
      facts.exttype = upper(image->header.text("EXTTYPE").value_or(""));
      facts.values = header_values(image->header, primary ? *primary : image->header, rules);
      place(*image, facts);
    } else {
      facts.no_sky = image.error().message;
    }
    file.hdus.push_back(std::move(facts));
  }
  if (file.hdus.empty()) file.problem = "holds no image of two axes";
}

}  // namespace recorte::survey
