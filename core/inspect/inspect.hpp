/// `recorte survey check`: what a survey is like, by asking its adapter for every image and by
/// opening a sample of them; whatever the adapter.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/coverage/coverage.hpp"
#include "core/inspect/remarks.hpp"
#include "core/inspect/speed.hpp"
#include "core/inspect/where.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace recorte::inspect {

struct CheckOptions {
  Where where;
  std::string survey;        ///< its id
  std::size_t sample = 100;  ///< images that are opened
  std::uint64_t seed = 1;
  /// What is being done, how much of it, and of how much.
  std::function<void(const char* what, std::size_t done, std::size_t total)> progress =
      [](const char*, std::size_t, std::size_t) {};
};

struct BandFacts {
  std::map<std::string, std::size_t> units;      ///< and how many images of the sample have them
  double smallest_pixel = 0, largest_pixel = 0;  ///< degrees
  double lowest_zeropoint = 0, highest_zeropoint = 0;  ///< magnitudes; NaN where none is known
};

struct CheckReport {
  std::string survey, plugin;
  std::size_t images = 0;
  bool all = true;  ///< false: there are more, which were not looked at
  std::size_t opened = 0, without_place = 0;
  std::uint64_t seed = 0;
  coverage::SurveyCoverage coverage;           ///< of the images whose place is known
  std::map<std::string, BandFacts> bands;      ///< of the sample
  std::map<std::string, std::size_t> packing;  ///< of the sample: how its pixels are compressed
  std::optional<Speed> speed;                  ///< none where nothing can be cut
  std::vector<Remark> remarks;
  bool good = true;  ///< no trouble
};

/// kNotFound, kUsage, kPlugin: it cannot be served at all.
Result<CheckReport> check_survey(const CheckOptions& options);

}  // namespace recorte::inspect
