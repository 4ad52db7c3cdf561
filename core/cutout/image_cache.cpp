// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/image_cache.hpp"

#include "core/base/io.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace recorte::cutout {

Result<ImageCache::Stamp> ImageCache::stamp_of(const std::string& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return fail(os_error("cannot open " + path));
  return Stamp{s.st_size, s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec, s.st_ino};
}

Result<ImageCache::Entry*> ImageCache::entry(const std::string& path) {
  auto stamp = stamp_of(path);
  if (!stamp) return fail(std::move(stamp).error());
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& e) { return e.path == path; });
  if (known != entries_.end()) {
    if (known->stamp == *stamp) {
      entries_.splice(entries_.begin(), entries_, known);
      return &entries_.front();
    }
    entries_.erase(known);
  }
  auto file = fits::File::open(path);
  if (!file) return fail(std::move(file).error());
  entries_.push_front({path, *stamp, std::make_shared<fits::File>(std::move(*file)), {}});
  if (entries_.size() > capacity_) entries_.pop_back();
  return &entries_.front();
}

Result<std::shared_ptr<const OpenImage>> ImageCache::open(const std::string& path, int hdu,
                                                          const std::string& extname) {
  auto found = entry(path);
  if (!found) return fail(std::move(found).error());
  auto& e = **found;
  if (hdu < 0 && !extname.empty()) {
    auto named = e.file->find_hdu(extname);
    if (!named) return fail(std::move(named).error());
    hdu = *named;
  }
  auto& slot = e.images[hdu];
  if (slot) return slot;
  auto info = e.file->image(hdu);
  if (!info) return fail(std::move(info).error());
  auto image = std::make_shared<OpenImage>();
  image->file = e.file;
  image->info = std::move(*info);
  if (auto wcs = sky::Wcs::parse(image->info.header.joined())) {
    image->wcs = std::move(*wcs);
  } else {
    image->wcs_error = wcs.error().message;
  }
  slot = std::move(image);
  return slot;
}

}  // namespace recorte::cutout
