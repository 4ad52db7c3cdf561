/// How the values of request parameters are read: each into a draft, with an error that names the
/// value and what would do.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/text.hpp"
#include "core/cutout/parameters.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::cutout {

inline constexpr std::int64_t kMostPixels = 65'536;  ///< of a width or height that is asked for

std::string quoted(std::string_view value);  ///< between apostrophes

/// The number of the name, whatever its case.
template <std::size_t N>
Result<std::size_t> one_of(const std::array<std::string_view, N>& names, std::string_view value,
                           std::string_view what) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < N; ++i) {
    if (!names[i].empty() && equal_ignoring_case(names[i], trim(value))) return i;
    if (!names[i].empty()) known.emplace_back(names[i]);
  }
  return fail(ErrorCode::kUsage,
              "unknown " + std::string(what) + " " + quoted(value) + "; use " + join(known, ", "));
}

/// A name that is safe in a path, a URL and a FITS card.
Status name_into(std::string& out, std::string_view value, std::string_view what);
Status set_list(std::vector<std::string>& out, std::string_view value, std::string_view what);
Status set_region(RequestDraft& draft, Result<sky::Stencil> stencil);
Status set_size(RequestDraft& draft, std::string_view value);
Status set_time(RequestDraft& draft, std::string_view value);
Status set_wavelength(RequestDraft& draft, std::string_view value);
Status set_planes(RequestDraft& draft, std::string_view value);
Status set_rgb(RequestDraft& draft, std::string_view value);
Status set_param(RequestDraft& draft, std::string_view value);
Status set_polarization(RequestDraft& draft, std::string_view value);
Status set_pixscale(RequestDraft& draft, std::string_view value);
Status set_north(RequestDraft& draft, std::string_view value);
Status set_count(std::int64_t& out, std::string_view value, std::string_view what,
                 std::int64_t most);
Status set_flag(bool& out, std::string_view value, std::string_view what);
Status set_marks(RequestDraft& draft, std::string_view value);
Status set_caption(RequestDraft& draft, std::string_view value);

}  // namespace recorte::cutout
