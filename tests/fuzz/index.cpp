// SPDX-License-Identifier: BSD-3-Clause
//
// Damaged indexes of images: what is found lies in the index, and what is not damaged is found.
#include "core/survey/image_index.hpp"
#include "memory_file.hpp"
#include "patches.hpp"

#include <filesystem>

namespace recorte::fuzz {
namespace {

std::string good_index() {
  std::vector<survey::ImageRecord> images;
  for (int i = 0; i < 12; ++i) {
    survey::ImageRecord image;
    image.id = "image_" + std::to_string(i);
    image.band = i % 2 == 0 ? "g" : "r";
    image.planes = {{"image", "a/b.fits", 1, "", -1}, {"mask", "a/c.fits", -1, "MASK", 0}};
    const auto ra = 10.0 * i;
    const std::vector<sky::Position> corners{{ra, 0}, {ra + 1, 0}, {ra + 1, 1}, {ra, 1}};
    image.footprint = sky::footprint_of(corners, 0);
    image.width = image.height = 100;
    images.push_back(image);
  }
  const auto path = std::filesystem::temp_directory_path() /
                    ("recorte-fuzz-" + std::to_string(::getpid()) + ".index");
  require(survey::write_image_index(path, images).has_value(), "an index is written");
  auto out = *read_file(path);
  std::filesystem::remove(path);
  return out;
}

}  // namespace

void attempt(std::string_view input) {
  static const auto good = good_index();
  const auto bytes = patched(good, input);
  const MemoryFile file(bytes);
  const auto index = survey::ImageIndex::open(file.path());
  require(index.has_value() || bytes != good, "a good index is opened");
  if (!index) return;
  require(index->size() <= bytes.size() / 100, "no more images than there is room for");
  std::size_t found = 0;
  index->find({{1, 0, 0}, 180}, "", [&](const survey::ImageRecord&) { ++found; });
  require(found == 12 || bytes != good, "all images are found");
  require(found <= 64 * index->size(), "an image is found a few times at most");
  index->find({{0, 1, 0}, 2}, "r",
              [](const survey::ImageRecord& image) { (void)sky::s_region(image.footprint); });
  for (std::uint32_t i = 0; i < index->size(); ++i) (void)index->image(index->at(i).id);
  (void)index->summary();
}

}  // namespace recorte::fuzz
