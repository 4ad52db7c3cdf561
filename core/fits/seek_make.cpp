// SPDX-License-Identifier: BSD-3-Clause
//
// Streams are decoded once, whole, several abreast, and only for where their steps begin.
#include "core/fits/layout.hpp"
#include "core/fits/rice_tiles.hpp"
#include "core/fits/seek_file.hpp"
#include "core/fits/seek_points.hpp"
#include "core/fits/tile_row.hpp"

#include <algorithm>
#include <limits>

namespace recorte::fits {
namespace {

constexpr std::int64_t kBatch = 1024;  // tiles
constexpr std::int64_t kStep = SeekPoints::kStep;
// A block is three bits at least, 256 pixels three bytes: of a file that promises more, none is
// made.
constexpr std::int64_t kMostOfFile = 8;

/// Pixels of a tile, which may be cut off at the image's far sides.
std::int64_t pixels_of(const TileTable& table, std::int64_t number) {
  std::int64_t out = 1;
  for (std::size_t i = 0; i < table.axes.size(); ++i) {
    const auto across = (table.axes[i] - 1) / table.tile[i] + 1;
    const auto index = number % across;
    number /= across;
    out *= std::min(table.tile[i], table.axes[i] - index * table.tile[i]);
  }
  return out;
}

/// The places of tiles `first` to `end`. False where one of them is broken: then some are there.
bool learn(const Source& source, const TileTable& table, std::int64_t first, std::int64_t end,
           SeekPoints& points) {
  TileRows rows(source, table);
  RiceTiles tiles(source, table, points, 0);
  bool good = true;
  for (auto number = first; number < end; ++number) {
    const auto pixels = pixels_of(table, number);
    const auto row = rows.row(number, pixels);
    good = good && row;
    if (!row || row->packed != TileRow::Packed::kAsTable) continue;
    RicePart part{number, pixels, row->offset, row->size, {}, 0, 0, (pixels - 1) / kStep * kStep,
                  1,      nullptr};
    if (part.count > 0) good = tiles.add(part) && good;
  }
  return tiles.read() && good;
}

std::vector<SeekEntry> entries_of(const Source& source, const SeekSubject& subject) {
  const auto each = subject.entries_a_tile();
  std::vector<SeekEntry> out(static_cast<std::size_t>(subject.tiles() * each));
  const auto take = [&](std::int64_t first, std::int64_t end) {
    SeekPoints points(std::numeric_limits<std::int64_t>::max());
    const bool good = learn(source, subject.table, first, end, points);
    for (auto number = first; number < end; ++number)
      std::ranges::copy(points.learned(number), out.begin() + number * each);
    return good;
  };
  for (std::int64_t first = 0; first < subject.tiles(); first += kBatch) {
    const auto end = std::min(first + kBatch, subject.tiles());
    if (take(first, end)) continue;
    // One that is broken ends the others with it: each on its own, then.
    for (auto number = first; number < end; ++number) take(number, number + 1);
  }
  return out;
}

}  // namespace

Result<SeekReport> make_seek_files(const std::string& fits_file,
                                   const std::filesystem::path& directory) {
  SeekReport out;
  const auto source = Source::open(fits_file);
  if (!source) return fail(source.error());
  if (source->unpacked()) return out;
  const auto named = [&](Error error) {
    error.message = fits_file + ": " + error.message;
    return error;
  };
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error)
    return fail(ErrorCode::kUnavailable,
                "cannot make " + directory.string() + ": " + error.message());
  const auto stamp = source->stamp();
  if (!stamp) return fail(named(stamp.error()));
  const auto places = hdu_places(*source);
  if (!places) return fail(named(places.error()));
  for (const auto& place : *places) {
    if (!place.hdu.compressed || place.hdu.axes.size() < 2) continue;
    const auto table = tile_table(*source, place);
    // What cannot be read says so to whoever asks for its pixels.
    if (!table || table->code != TileTable::Code::kRice) continue;
    const SeekSubject subject{*stamp, place.hdu.number, *table};
    const auto bytes = subject.tiles() * subject.entries_a_tile() * std::int64_t{sizeof(SeekEntry)};
    if (bytes == 0 || bytes / kMostOfFile > source->size()) continue;
    if (!SeekFile::open(directory, subject)) {
      const auto entries = entries_of(*source, subject);
      RECORTE_TRY(write_seek_file(directory, subject, entries));
      ++out.written;
    }
    out.names.push_back(subject.name());
    out.bytes +=
        static_cast<std::int64_t>(std::filesystem::file_size(directory / subject.name(), error));
  }
  return out;
}

}  // namespace recorte::fits
