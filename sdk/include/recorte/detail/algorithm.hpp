/// The algorithm side of the wrapper.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "survey.hpp"

namespace recorte {

/// A product to declare. Strings must live until Job::declare returns.
struct Output {
  std::uint32_t input = 0;  ///< whose header, and whose pixel grid unless on_target
  recorte_rect rect{};      ///< on that grid
  recorte_role role = RECORTE_IMAGE;
  int bitpix = 0;  ///< 0: as stored
  std::int64_t planes = 1;
  bool colour = false, blank = false;
  std::string_view band = "", name = "";
  std::vector<recorte_pair> cards = {};
  bool on_target = false;
};

class Job {
 public:
  Job(const recorte_host* host, const recorte_job* job) : host_(host), job_(job) {}

  Each<recorte_input> inputs() const { return {job_->inputs, job_->input_count}; }
  Each<recorte_band> bands() const { return {job_->bands, job_->band_count}; }
  bool wants(recorte_role role) const { return (job_->roles >> role & 1U) != 0; }
  Config params() const { return {Host(host_), job_->params}; }
  Call call() const { return Call(job_->call); }
  Host host() const { return Host(host_); }

  void declare(const Output& o) const {
    recorte_output c{};
    c.struct_size = sizeof c;
    c.input = o.input;
    c.role = o.role;
    c.bitpix = o.bitpix;
    c.rect = o.rect;
    c.planes = o.planes;
    c.on_target = o.on_target;
    c.colour = o.colour;
    c.blank = o.blank;
    c.card_count = static_cast<std::uint32_t>(o.cards.size());
    c.cards = o.cards.data();
    c.band = str(o.band);
    c.name = str(o.name);
    detail::check([&](recorte_error* e) { return job_->declare(job_, &c, e); });
  }

  /// The grid that inputs are combined on. Only where the manifest says "combines".
  const recorte_grid& target() const {
    if (job_->target) return *job_->target;
    throw Error(RECORTE_INTERNAL, "no target grid: the manifest does not say \"combines\"");
  }
  /// In run(): which declared output, and which part of it.
  std::uint32_t output() const { return job_->output; }
  const recorte_rect& window() const { return job_->window; }

  /// Pixels of one role; bitpix 0 as stored, RECORTE_F32 or RECORTE_F64 scaled. rect may leave the
  /// image.
  Image read(std::uint32_t input, recorte_role role, const recorte_rect& rect,
             int bitpix = 0) const {
    recorte_image* out = nullptr;
    detail::check(
        [&](recorte_error* e) { return job_->read(job_, input, role, &rect, bitpix, &out, e); });
    return {host_, out};
  }
  /// The same, brought onto the grid of another input or RECORTE_TARGET (see services.h).
  Image resample(std::uint32_t input, recorte_role role, std::uint32_t grid,
                 const recorte_rect& rect, recorte_kernel kernel) const {
    const auto& service = host().service<recorte_resample>(RECORTE_RESAMPLE_V1);
    recorte_image* out = nullptr;
    detail::check([&](recorte_error* e) {
      return service.onto(job_, input, role, grid, &rect, kernel, &out, e);
    });
    return {host_, out};
  }
  /// The inputs of bands()[band], combined on the target grid (see services.h).
  Image mosaic(std::uint32_t band, recorte_role role, const recorte_rect& rect,
               const recorte_mosaic_options& options) const {
    const auto& service = host().service<recorte_mosaic>(RECORTE_MOSAIC_V1);
    recorte_image* out = nullptr;
    detail::check(
        [&](recorte_error* e) { return service.band(job_, band, role, &rect, &options, &out, e); });
    return {host_, out};
  }
  Image make(int bitpix, std::int64_t width, std::int64_t height, std::int64_t planes = 1) const {
    if (auto* image = host_->image_new(host_, job_->call, bitpix, width, height, planes))
      return {host_, image};
    throw Error(RECORTE_RESOURCE, "the image exceeds the memory budget of the task");
  }
  void emit(const Image& image) const {
    detail::check([&](recorte_error* e) { return job_->emit(job_, image.raw(), e); });
  }
  void to_sky(std::uint32_t input, std::span<const double> xy, std::span<double> radec) const {
    detail::check([&](recorte_error* e) {
      return job_->to_sky(job_, input, xy.size() / 2, xy.data(), radec.data(), e);
    });
  }
  void to_pixel(std::uint32_t input, std::span<const double> radec, std::span<double> xy) const {
    detail::check([&](recorte_error* e) {
      return job_->to_pixel(job_, input, radec.size() / 2, radec.data(), xy.data(), e);
    });
  }

 private:
  const recorte_host* host_;
  const recorte_job* job_;
};

/// Derive from this, with a constructor from Config.
class Algorithm {
 public:
  static constexpr const char* interface = RECORTE_ALGORITHM_V1;
  virtual ~Algorithm() = default;
  /// Declares the products.
  virtual void outline(const Job& job) = 0;
  /// Makes the pixels of job.window() of job.output() and emits them.
  virtual void run(const Job& job) = 0;
};

}  // namespace recorte
