/// An algorithm's products, made by the real host as a worker makes them.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/check/subject.hpp"
#include "core/cutout/algorithm_run.hpp"
#include "core/cutout/image_cache.hpp"

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace recorte::check {

struct Recipe {
  double ra = 0, dec = 0;  ///< ICRS degrees
  std::string size = "96px";
  std::map<std::string, std::string> params = {};
  std::int64_t rows = 0;  ///< of a window; 0: the whole product
  std::uint64_t memory = 1ULL << 30;
  std::function<bool()> cancelled = {};
  void* self = nullptr;  ///< another instance; nullptr: the algorithm's own
};

struct Made {
  std::vector<cutout::Outline> outlines;
  std::vector<std::string> pixels;  ///< of each product, as bytes
  std::uint64_t held = 0;           ///< bytes of images that were not released
  double outline_s = 0, run_s = 0;
  std::int64_t count = 0;  ///< pixels in all
};

/// The images of a place, located once, so that products can be made of them again and again, by
/// one thread.
class Bench {
 public:
  static Result<Bench> at(Subject& subject, const Recipe& recipe);
  Result<Made> make(Subject& subject, const Recipe& recipe);

 private:
  Bench() : cache_(std::make_unique<cutout::ImageCache>(cutout::CacheLimits{})) {}
  std::unique_ptr<cutout::ImageCache> cache_;
  cutout::CutoutRequest request_;
  cutout::Location location_;
  const cutout::Survey* survey_ = nullptr;
  const cutout::Algorithm* algorithm_ = nullptr;
};

/// Both at once.
Result<Made> make(Subject& subject, const Recipe& recipe);
/// A place that the survey of images has everything of.
Result<Recipe> example(Subject& subject);

}  // namespace recorte::check
