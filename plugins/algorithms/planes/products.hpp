/// What the algorithms that give planes share: the products on the target grid, and those of a band
/// that no image has.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <recorte/sdk.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace planes {

using recorte::Error;
using recorte::Job;
using recorte::view;

inline bool has(const recorte_input& input, recorte_role role) {
  return (input.roles >> role & 1U) != 0;
}

/// Of each band, the planes asked for, as stored, made of all its images; of a band without images,
/// an image plane of nothing (`blank`). RECORTE_NOT_FOUND where some of its images lack a plane.
inline std::vector<recorte::Output> on_target(const Job& job) {
  std::vector<recorte::Output> out;
  const auto& rect = job.target().rect;
  for (const auto& band : job.bands()) {
    const auto name = view(band.name);
    const auto first = std::ranges::find(
        job.inputs(), name, [](const recorte_input& input) { return view(input.source->band); });
    if (first == job.inputs().end()) {
      if (job.wants(RECORTE_IMAGE))
        out.push_back(
            {.rect = rect, .bitpix = RECORTE_F32, .blank = true, .band = name, .on_target = true});
      continue;
    }
    const auto number = static_cast<std::uint32_t>(first - job.inputs().begin());
    for (recorte_role role = 0; role < RECORTE_ROLES; ++role) {
      if (!job.wants(role)) continue;
      for (const auto& input : job.inputs())
        if (view(input.source->band) == name && !has(input, role))
          throw Error(RECORTE_NOT_FOUND, "the image " + std::string(view(input.source->id)) +
                                             " lacks one of the planes; leave it out of planes");
      out.push_back({.input = number, .rect = rect, .role = role, .band = name, .on_target = true});
    }
  }
  return out;
}

/// The window of a product of nothing: NaN.
inline void emit_nothing(const Job& job) {
  auto image = job.make(RECORTE_F32, job.window().width, job.window().height);
  for (std::int64_t y = 0; y < image.height(); ++y)
    std::ranges::fill(image.row<float>(y), std::numeric_limits<float>::quiet_NaN());
  job.emit(image);
}

}  // namespace planes
