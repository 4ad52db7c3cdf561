// SPDX-License-Identifier: BSD-3-Clause
//
// Rectangles of 200 x 200 pixels anywhere in the first image of a file (float pixels, 200 or more a
// side), read by us and by CFITSIO with its handle kept open. Arguments: FITS files.
#include "core/fits/file.hpp"
#include "core/fits/seek_file.hpp"

#include <benchmark/benchmark.h>
#include <fitsio.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

namespace recorte::fits {
namespace {

constexpr std::int64_t kSide = 200;

/// Another one each time, of ever the same sequence.
class Anywhere {
 public:
  explicit Anywhere(const ImageInfo& image)
      : x_(0, image.width - kSide), y_(0, image.height - kSide) {}
  sky::PixelRect next() { return {x_(random_), y_(random_), kSide, kSide}; }

 private:
  std::mt19937 random_{5};
  std::uniform_int_distribution<std::int64_t> x_, y_;
};

void ours(benchmark::State& state, const std::string& path, const OpenOptions& options) {
  const auto file = File::open(path, options);
  const auto image = file->image(-1);
  Anywhere anywhere(*image);
  std::vector<float> out(kSide * kSide);
  for (auto _ : state)
    if (!file->read(*image, 0, anywhere.next(), -32, out.data(), kSide * 4))
      state.SkipWithError("unreadable");
}

void cfitsio(benchmark::State& state, const std::string& path) {
  Anywhere anywhere(*File::open(path)->image(-1));
  fitsfile* file = nullptr;
  int status = 0, any = 0;
  fits_open_image(&file, path.c_str(), READONLY, &status);
  std::vector<float> out(kSide * kSide);
  for (auto _ : state) {
    const auto rect = anywhere.next();
    long first[] = {rect.x + 1, rect.y + 1}, last[] = {rect.x + kSide, rect.y + kSide};
    long step[] = {1, 1};
    fits_read_subset(file, TFLOAT, first, last, step, nullptr, out.data(), &any, &status);
  }
  if (status != 0) state.SkipWithError("unreadable");
  fits_close_file(file, &status);
}

}  // namespace
}  // namespace recorte::fits

int main(int argc, char** argv) {
  using namespace recorte::fits;
  benchmark::Initialize(&argc, argv);
  const auto seeks =
      std::filesystem::temp_directory_path() / ("recorte-bench-" + std::to_string(::getpid()));
  const OpenOptions nothing_learned{.seek_points = 0};
  OpenOptions indexed = nothing_learned;
  indexed.seek_directory = seeks;
  for (int i = 1; i < argc; ++i) {
    const std::string path = argv[i];
    const auto image = File::open(path).and_then([](const File& file) { return file.image(-1); });
    const auto made = make_seek_files(path, seeks);
    if (!image || image->width < kSide || image->height < kSide || !made) {
      std::fprintf(stderr, "%s: no FITS file with an image of 200 x 200 or more\n", argv[i]);
      return 2;
    }
    const auto name = std::filesystem::path(path).filename().string();
    benchmark::RegisterBenchmark((name + "/ours").c_str(), ours, path, nothing_learned);
    if (!made->names.empty())
      benchmark::RegisterBenchmark((name + "/ours_with_places").c_str(), ours, path, indexed);
    benchmark::RegisterBenchmark((name + "/cfitsio").c_str(), cfitsio, path);
  }
  benchmark::RunSpecifiedBenchmarks();
  std::error_code error;
  std::filesystem::remove_all(seeks, error);
  return 0;
}
