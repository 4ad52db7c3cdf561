/// The unit that a worker executes: one cutout, or a chunk of neighbouring ones. Plain data,
/// self-contained and serialisable; the sink, a descriptor that the caller opened, travels beside
/// it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/need.hpp"
#include "core/base/error.hpp"
#include "core/cutout/cache_limits.hpp"
#include "core/cutout/request.hpp"
#include "core/sky/pixel_rect.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::cutout {

enum class Lane { kRealTime, kBatch };

/// What a task may use; past it the task fails with the bound's name.
struct Budget {
  std::uint64_t memory = 1ULL << 30;  ///< bytes of pixels held at once
  /// After which the worker is killed; of a task with `log_items`, time of one item.
  std::int64_t wall_ms = 60'000;
  std::int64_t max_pixels = 400'000'000;  ///< of one product plane
  /// After which a task with `log_items` ends behind the item at hand; 0: never.
  std::int64_t slice_ms = 0;
};

struct TaskItem {
  std::uint64_t row = 0;  ///< of the list it came from
  CutoutRequest request;
  /// Only this part of each product (x, y from its own corner): how a very large one is made in
  /// pieces.
  std::optional<sky::PixelRect> window;
};

struct Task {
  std::string id;  ///< for log lines
  std::vector<std::string>
      groups;  ///< that the caller is in: an image's group is known only once found
  Lane lane = Lane::kRealTime;
  Budget budget;
  /// Items go behind what is in the sink already, so that whoever reads it later knows what is
  /// whole (core/cutout/item_log.hpp). One that finds no room ends the task.
  bool log_items = false;
  /// Bytes that one expects it to hold at once, where that is much (schedule/room.hpp); 0: little.
  std::uint64_t memory = 0;
  std::vector<TaskItem> items;
};

/// An image that went into a product.
struct UsedImage {
  std::string id, band, file;
  int hdu = 0;
};

/// What became of one item: an error, or a product at [offset, offset + bytes) of the sink.
struct Outcome {
  std::uint64_t row = 0;
  std::optional<Error> error;
  std::int64_t offset = 0, bytes = 0;
  Format format = Format::kFits;
  std::int64_t width = 0, height = 0;  ///< of the first product plane
  double coverage = 0;                 ///< of the region, [0, 1]
  std::vector<std::string> bands;      ///< that have pixels
  std::vector<UsedImage> images;
  std::vector<std::string> warnings;
  /// Changes whenever the same request could give another product: with the files it was made of,
  /// the survey, the plugins, Recorte itself. Tells nothing of when it was made.
  std::string version;
  std::string adapter, algorithm;  ///< the plugins at work, as "tiles 0.1.0"
  CacheUse cache;
  double seconds = 0;  ///< that a worker spent on it, well or ill
  /// For whoever wants the product, each once, sorted; none where nobody noted it.
  std::vector<account::Need> needs;

  // For manifests; NaN, or "", where it is not known.
  static constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();
  std::string release;
  std::string unit;                                   ///< of the first product plane (BUNIT)
  double pixel_scale = kUnknown;                      ///< of the first product plane, degrees
  double target_x = kUnknown, target_y = kUnknown;    ///< of the region's centre there, from 1
  double masked_fraction = kUnknown;                  ///< of its pixels; only with `log_items`
  double mjd_min = kUnknown, mjd_max = kUnknown;      ///< of all images
  double exposure = kUnknown, zero_point = kUnknown;  ///< of the first plane's: seconds in all, mag
};

struct TaskReport {
  /// One an item, in order; of a task with a slice perhaps of its first items only.
  std::vector<Outcome> outcomes;
};

/// As bytes, for another process of the same program, and back. kInternal where the bytes are
/// broken.
std::string encode(const Task& task);
/// A list of thousands takes a while: kCancelled once `cancelled` says so between two of its items.
Result<Task> decode_task(std::string_view bytes, const std::function<bool()>& cancelled = {});
std::string encode(const TaskReport& report);
Result<TaskReport> decode_report(std::string_view bytes);
/// The same of one outcome, but that kData says that the bytes are broken: it may lie in a file.
std::string encode(const Outcome& outcome);
Result<Outcome> decode_outcome(std::string_view bytes);

}  // namespace recorte::cutout
