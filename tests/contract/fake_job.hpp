/// A job on made-up images, for testing an algorithm without files: pixel (x, y) of input i and
/// role r, as 16-bit integers, is 1000 i + 100 r + 10 y + x.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/plugin/config.hpp"
#include "core/plugin/host.hpp"
#include "core/plugin/known.hpp"

#include <deque>
#include <string>
#include <vector>

namespace recorte::plugin {

class FakeJob {
 public:
  struct Declared {
    recorte_output output;
    std::string band;
  };

  FakeJob(const Host& host, std::vector<std::string> bands, std::uint32_t roles)
      : host_(host), names_(bands.begin(), bands.end()), params_(nlohmann::json::object()) {
    for (const auto& name : names_) bands_.emplace_back(band_of(name));
    for (const auto& band : bands_) band_pointers_.push_back(&band);
    job_.struct_size = sizeof job_;
    job_.call = call_.raw();
    job_.params = &params_;
    job_.roles = roles;
    job_.ctx = this;
    job_.declare = [](const recorte_job* job, const recorte_output* output, recorte_error*) {
      of(job).declared.push_back(
          {*known(output), std::string(output->band.data, output->band.size)});
      return recorte_status{RECORTE_OK};
    };
    job_.read = read;
    job_.emit = [](const recorte_job* job, recorte_image* image, recorte_error*) {
      of(job).emitted = share(image);
      return recorte_status{RECORTE_OK};
    };
  }

  void add(const std::string& band, std::uint32_t roles, recorte_rect region,
           std::int64_t planes = 1) {
    names_.push_back(band);
    auto& source = sources_.emplace_back();
    source.struct_size = sizeof source;
    source.band = str(names_.back());
    auto& input = inputs_.emplace_back();
    input.struct_size = sizeof input;
    input.roles = roles;
    input.source = &source;
    input.width = input.height = 100;
    input.planes = planes;
    input.region = region;
  }

  /// A target grid, of which the region selects `rect`.
  void combine(recorte_rect rect) {
    target_.struct_size = sizeof target_;
    target_.rect = rect;
    job_.target = &target_;
  }

  /// The job, for outline(), or for run() of a window of a declared output.
  const recorte_job* raw(std::uint32_t output = 0, recorte_rect window = {}) {
    input_pointers_.clear();
    for (const auto& input : inputs_) input_pointers_.push_back(&input);
    job_.inputs = input_pointers_.data();
    job_.input_count = static_cast<std::uint32_t>(inputs_.size());
    job_.bands = band_pointers_.data();
    job_.band_count = static_cast<std::uint32_t>(bands_.size());
    job_.output = output;
    job_.window = window;
    return &job_;
  }

  std::vector<Declared> declared;
  ImageRef emitted;

 private:
  static FakeJob& of(const recorte_job* job) { return *static_cast<FakeJob*>(job->ctx); }
  static recorte_band band_of(const std::string& name) {
    recorte_band band{};
    band.struct_size = sizeof band;
    band.name = str(name);
    band.lambda_min = 4e-7;
    band.lambda_max = 5e-7;
    return band;
  }
  static recorte_str str(const std::string& text) { return {text.data(), text.size()}; }

  static recorte_status read(const recorte_job* job, uint32_t input, recorte_role role,
                             const recorte_rect* rect, int32_t, recorte_image** out,
                             recorte_error*) {
    const auto* host = of(job).host_.table();
    *out = host->image_new(host, job->call, RECORTE_I16, rect->width, rect->height, 1);
    auto* to = static_cast<std::int16_t*>((*out)->pixels);
    for (std::int64_t y = 0; y < rect->height; ++y)
      for (std::int64_t x = 0; x < rect->width; ++x)
        *to++ =
            static_cast<std::int16_t>(1000 * input + 100 * role + 10 * (rect->y + y) + rect->x + x);
    return RECORTE_OK;
  }

  const Host& host_;
  std::deque<std::string> names_;
  recorte_config params_;
  Call call_{{}};
  std::vector<recorte_band> bands_;
  std::deque<recorte_source> sources_;
  std::vector<recorte_input> inputs_;
  std::vector<const recorte_band*> band_pointers_;
  std::vector<const recorte_input*> input_pointers_;
  recorte_grid target_{};
  recorte_job job_{};
};

}  // namespace recorte::plugin
