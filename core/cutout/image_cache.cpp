// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/image_cache.hpp"

#include "core/cutout/inherited.hpp"
#include "core/fits/cutout_header.hpp"

#include <algorithm>

namespace recorte::cutout {

Result<FileStamp> ImageCache::stamp_of(const std::string& path) const {
  if (!fits::is_remote(path)) {
    auto stamp = file_stamp(path);
    if (!stamp) return fail(stamp.error().code, "cannot open " + stamp.error().message);
    return stamp;
  }
  if (remote_) return remote_->stamp(path);
  return fail(ErrorCode::kUnsupported, fits::shown_uri(path) + " is no file of this machine");
}

Result<fits::File> ImageCache::open_file(const std::string& path) const {
  const fits::OpenOptions options{.decoded_tiles = limits_.decoded_tiles,
                                  .seek_points = limits_.seek_points,
                                  .seek_directory = seek_directory_};
  if (!fits::is_remote(path)) return fits::File::open(path, options);
  auto file = remote_->open(path);
  if (!file) return fail(std::move(file).error());
  return fits::File::open(std::move(*file), fits::shown_uri(path), options);
}

Result<ImageCache::Entry*> ImageCache::entry(const std::string& path) {
  const auto known = std::find_if(entries_.begin(), entries_.end(),
                                  [&](const Entry& e) { return e.path == path; });
  auto stamp = stamp_of(path);
  if (known != entries_.end()) {
    if (stamp && known->stamp == *stamp) {
      entries_.splice(entries_.begin(), entries_, known);
      if (entries_.front().file->held() > 0) let_go();  // of what was read since
      return &entries_.front();
    }
    drop(known);
  }
  if (!stamp) return fail(std::move(stamp).error());
  auto file = open_file(path);
  if (!file) return fail(std::move(file).error());
  entries_.push_front({path, *stamp, std::make_shared<fits::File>(std::move(*file)), {}});
  let_go();
  return &entries_.front();
}

void ImageCache::let_go() {
  const auto memory_of = [](const Entry& e) { return e.file->unpacked() + e.file->held(); };
  std::int64_t unpacked = 0;
  for (const auto& e : entries_) unpacked += memory_of(e);
  // The oldest first; of those that are too large together, what takes nothing stays.
  for (auto at = entries_.end(); at != std::next(entries_.begin());) {
    const auto one = std::prev(at);
    const auto bytes = memory_of(*one);
    const bool goes = entries_.size() > std::max<std::size_t>(1, limits_.open_files) ||
                      (unpacked > limits_.unpacked && bytes > 0);
    if (!goes) {
      at = one;
      continue;
    }
    unpacked -= bytes;
    drop(one);
  }
}

void ImageCache::drop(std::list<Entry>::iterator entry) {
  const auto counts = entry->file->tile_counts();
  use_.tiles_found += counts.hits;
  use_.tiles_unpacked += counts.misses;
  entries_.erase(entry);
}

CacheUse ImageCache::use() const {
  auto out = use_;
  for (const auto& entry : entries_) {
    const auto counts = entry.file->tile_counts();
    out.tiles_found += counts.hits;
    out.tiles_unpacked += counts.misses;
  }
  return out;
}

Result<std::shared_ptr<const OpenImage>> ImageCache::open(const std::string& path, int hdu,
                                                          const std::string& extname,
                                                          const Cards& cards) {
  auto found = entry(path);
  if (!found) return fail(std::move(found).error());
  auto& e = **found;
  if (hdu < 0 && !extname.empty()) {
    auto named = e.file->find_hdu(extname);
    if (!named) return fail(std::move(named).error());
    hdu = *named;
  }
  auto& slot = e.images[{hdu, cards}];
  if (slot) {
    ++use_.images_found;
    return slot;
  }
  ++use_.images_opened;
  auto info = e.file->image(hdu);
  if (!info) return fail(std::move(info).error());
  RECORTE_TRY(give(cards, info->header));
  auto image = std::make_shared<OpenImage>();
  image->file = e.file;
  image->stamp = e.stamp;
  image->info = std::move(*info);
  image->carried = fits::carried(image->info.header);
  if (image->info.hdu.number > 0 && e.file->hdus().front().axes.empty())
    if (const auto primary = e.file->header(0))
      image->carried = inherited(image->carried, *primary);
  if (auto wcs = sky::Wcs::parse(image->info.header.joined())) {
    image->wcs = std::move(*wcs);
  } else {
    image->wcs_error = wcs.error().message;
  }
  // Axes that only the header knows (FIRST's cutouts say FREQ and STOKES of two-axis images).
  auto lengths = image->info.hdu.axes;
  while (image->info.header.has("CTYPE" + std::to_string(lengths.size() + 1))) lengths.push_back(1);
  if (lengths.size() > 2) {
    if (auto axes = sky::plane_axes(image->info.header.joined(), lengths))
      image->plane_axes = std::move(*axes);
    else  // axes that say nothing
      for (std::size_t i = 2; i < lengths.size(); ++i)
        image->plane_axes.push_back({sky::PlaneAxis::Kind::kOther, "", lengths[i], {}, {}});
  }
  slot = std::move(image);
  return slot;
}

}  // namespace recorte::cutout
