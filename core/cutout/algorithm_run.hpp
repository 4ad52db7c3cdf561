/// One run of an algorithm over located images: the host side of recorte_job. It gives pixels and
/// mappings, and takes the products' outlines and pixels.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/cutout/blank.hpp"
#include "core/cutout/catalogue.hpp"
#include "core/cutout/locate.hpp"
#include "core/cutout/target.hpp"
#include "core/cutout/watch.hpp"
#include "core/plugin/config.hpp"
#include "core/plugin/host.hpp"

#include <any>
#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace recorte::cutout {

/// Whether a plugin may ask for these pixels: there are some, and so near that sums of the numbers
/// do not overflow.
bool sane(const sky::PixelRect& rect);

/// A product that the algorithm declared; owned.
struct Outline {
  std::size_t input = 0;
  recorte_role role = RECORTE_IMAGE;
  int bitpix = 0;  ///< resolved: never 0
  sky::PixelRect rect;
  std::int64_t planes = 1;
  bool colour = false, blank = false;
  bool on_target = false;  ///< rect is on the target grid, not the input's
  bool as_stored = false;  ///< the pixels are not scaled
  std::string band, name;
  std::vector<std::pair<std::string, std::string>> cards;
};

class AlgorithmRun {
 public:
  /// `target`: the grid of an algorithm that combines.
  AlgorithmRun(const Algorithm& algorithm, const Location& location, const CutoutRequest& request,
               nlohmann::json params, ImageCache& cache, plugin::Call& call, const Watch& watch,
               std::optional<Target> target = {});
  AlgorithmRun(const AlgorithmRun&) = delete;
  AlgorithmRun& operator=(const AlgorithmRun&) = delete;

  /// Asks what will be made. kPlugin where the outlines make no sense, naming the plugin.
  Result<std::vector<Outline>> outline();
  /// Makes rows of one declared output: `window` is a part of its rect.
  Result<plugin::ImageRef> run(std::size_t output, const sky::PixelRect& window);

  /// The opened plane of an input; kNotFound where the image has none.
  Result<std::shared_ptr<const OpenImage>> plane(std::size_t input, recorte_role role);
  /// Pixels of a plane, outside ones NaN or `blank_of` the plane.
  Result<plugin::ImageRef> read(std::size_t input, recorte_role role, const sky::PixelRect& rect,
                                int bitpix);
  /// What stands outside an integer image: its BLANK, or a value that its pixels in `rect` do not
  /// have.
  Result<std::int64_t> blank_of(std::size_t input, recorte_role role, const sky::PixelRect& rect);

  /// Planes along the third axis and beyond that are read of an input's plane.
  Result<PlaneChoice> planes_of(std::size_t input, recorte_role role);
  /// The grid of an outline: the target's, or its input's own.
  const sky::Wcs& wcs_of(const Outline& outline) const;

  /// The inputs that go into an outline: one, or, on the target grid, those of its band.
  std::vector<std::size_t> images_of(const Outline& outline) const;
  /// The fraction of the region that these cover together.
  double coverage_of(const Outline& outline) const;
  /// Whether products are as large as asked for, wherever images end.
  bool keeps_size() const { return keeps_size_; }

  /// Every plane that was opened so far.
  std::vector<const OpenImage*> opened() const;

  const Location& location() const { return location_; }
  const std::optional<Target>& target() const { return target_; }
  /// What a service keeps between calls of one run.
  std::any& kept(const std::string& service) { return kept_[service]; }
  const recorte_job* job() const { return &job_; }
  plugin::Call& call() { return call_; }

  static AlgorithmRun& of(const recorte_job* job) { return *static_cast<AlgorithmRun*>(job->ctx); }

 private:
  struct Plane {
    std::shared_ptr<const OpenImage> image;
    int cube_plane = -1;
    PlaneChoice choice;
    std::optional<std::int64_t> blank;
  };
  struct Input {
    std::array<std::optional<Plane>, RECORTE_ROLES> planes;
    std::unique_ptr<SourceView> source;
    std::string unit;
  };
  Result<Plane*> open_plane(std::size_t input, recorte_role role);
  Result<Outline> resolve(const recorte_output& output);
  Result<std::vector<BlankArea>> areas_of(std::size_t input, recorte_role role,
                                          const sky::PixelRect& rect);
  void describe_inputs();
  void fill_job(const CutoutRequest& request);
  /// The grid of an input or of RECORTE_TARGET; null for a number that is neither.
  const sky::Wcs* grid(std::uint32_t input) const;
  std::string who() const;

  const Algorithm& algorithm_;
  const Location& location_;
  ImageCache& cache_;
  plugin::Call& call_;
  const Watch& watch_;
  std::optional<Target> target_;
  std::map<std::string, std::any> kept_;
  recorte_config params_;
  std::vector<double> vertices_;
  recorte_region region_{};
  std::vector<Input> inputs_;
  std::vector<recorte_input> c_inputs_;
  std::vector<recorte_band> c_bands_;
  std::vector<const recorte_input*> input_pointers_;
  std::vector<const recorte_band*> band_pointers_;
  recorte_grid c_target_{};
  recorte_job job_{};
  std::vector<Outline> outlines_;
  plugin::ImageRef emitted_;
  bool keeps_size_ = false;
};

}  // namespace recorte::cutout
