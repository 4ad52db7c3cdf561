// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/parameter_readers.hpp"

#include "core/cutout/interval.hpp"

#include <algorithm>

namespace recorte::cutout {
namespace {

constexpr std::size_t kMostColours = 16;
constexpr std::size_t kLongestCaption = 512;

}  // namespace

std::string quoted(std::string_view value) { return "'" + std::string(value) + "'"; }

Status name_into(std::string& out, std::string_view value, std::string_view what) {
  value = trim(value);
  const auto bad = std::find_if(value.begin(), value.end(), [](unsigned char c) {
    return c <= ' ' || c > '~' || c == '&' || c == '"' || c == '\\';
  });
  if (value.empty() || value.size() > 512 || bad != value.end())
    return fail(ErrorCode::kUsage, quoted(value) + " is not a " + std::string(what) +
                                       "; it is 1 to 512 printable characters without blanks");
  out = value;
  return {};
}

Status set_list(std::vector<std::string>& out, std::string_view value, std::string_view what) {
  for (const auto& part : split(value, ',')) {
    std::string name;
    RECORTE_TRY(name_into(name, part, what));
    if (std::find(out.begin(), out.end(), name) == out.end()) out.push_back(name);
  }
  if (out.empty()) return fail(ErrorCode::kUsage, "an empty list is no " + std::string(what));
  return {};
}

Status set_region(RequestDraft& draft, Result<sky::Stencil> stencil) {
  if (!stencil) return fail(std::move(stencil).error());
  if (draft.region)
    return fail(ErrorCode::kMultiValued, "give one region: circle, polygon or range, once");
  draft.region = std::move(*stencil);
  return {};
}

Status set_size(RequestDraft& draft, std::string_view value) {
  const auto parts = split(value, ',');
  if (parts.empty() || parts.size() > 2)
    return fail(
        ErrorCode::kUsage,
        quoted(value) + " is not a size; write 1arcmin, or 2arcmin,1arcmin for width, height");
  auto width = parse_extent(parts.front());
  if (!width) return fail(std::move(width).error());
  auto height = parse_extent(parts.back());
  if (!height) return fail(std::move(height).error());
  draft.size = std::pair(*width, *height);
  return {};
}

Status set_time(RequestDraft& draft, std::string_view value) {
  auto interval = parse_time_interval(value);
  if (!interval) return fail(std::move(interval).error());
  draft.request.t_min = interval->from;
  draft.request.t_max = interval->to;
  return {};
}

Status set_wavelength(RequestDraft& draft, std::string_view value) {
  auto interval = parse_wavelength_interval(value);
  if (!interval) return fail(std::move(interval).error());
  draft.request.lambda_min = interval->from;
  draft.request.lambda_max = interval->to;
  return {};
}

Status set_planes(RequestDraft& draft, std::string_view value) {
  std::array<bool, kPlaneNames.size()> wanted{};
  for (const auto& part : split(value, ',')) {
    auto plane = one_of(kPlaneNames, part, "plane");
    if (!plane) return fail(std::move(plane).error());
    wanted[*plane] = true;
  }
  auto& planes = draft.request.planes;
  planes.clear();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]) planes.push_back(static_cast<Plane>(i));
  if (planes.empty())
    return fail(ErrorCode::kUsage, "planes is empty; use image, weight, variance, mask");
  return {};
}

Status set_rgb(RequestDraft& draft, std::string_view value) {
  std::vector<std::string> names;
  for (const auto& part : split(value, ','))
    RECORTE_TRY(name_into(names.emplace_back(), part, "band"));
  if (names.size() < 2 || names.size() > kMostColours)
    return fail(ErrorCode::kUsage, quoted(value) + " names " + std::to_string(names.size()) +
                                       " bands; write rgb as i,r,g, from red to blue, two to " +
                                       std::to_string(kMostColours));
  draft.request.rgb = std::move(names);
  return {};
}

Status set_param(RequestDraft& draft, std::string_view value) {
  const auto equals = value.find('=');
  std::string name;
  if (equals == value.npos)
    return fail(ErrorCode::kUsage, quoted(value) + " is not a parameter; write NAME=VALUE");
  RECORTE_TRY(name_into(name, value.substr(0, equals), "parameter name"));
  if (!draft.request.params.emplace(name, trim(value.substr(equals + 1))).second)
    return fail(ErrorCode::kMultiValued, "the parameter " + name + " is given twice");
  return {};
}

Status set_polarization(RequestDraft& draft, std::string_view value) {
  for (const auto& part : split(value, ',')) {
    const std::string state(trim(part));
    if (std::find(kPolarizations.begin(), kPolarizations.end(), state) == kPolarizations.end())
      return fail(ErrorCode::kUsage,
                  quoted(state) + " is no polarization state; use some of " +
                      join({kPolarizations.begin(), kPolarizations.end()}, ", "));
    auto& states = draft.request.polarizations;
    if (std::find(states.begin(), states.end(), state) == states.end()) states.push_back(state);
  }
  return {};
}

Status set_pixscale(RequestDraft& draft, std::string_view value) {
  const auto extent = parse_extent(value);
  if (!extent) return fail(extent.error());
  if (extent->unit != Extent::Unit::kDegree || !(extent->value >= 1e-9 && extent->value <= 10))
    return fail(ErrorCode::kUsage,
                quoted(value) + " is no pixel scale; write an angle above zero such as 0.5arcsec");
  draft.request.pixscale = extent->value;
  return {};
}

Status set_north(RequestDraft& draft, std::string_view value) {
  if (!equal_ignoring_case(trim(value), "up"))
    return fail(ErrorCode::kUsage, quoted(value) + " is no way to lay north; write north=up");
  draft.request.north_up = true;
  return {};
}

Status set_count(std::int64_t& out, std::string_view value, std::string_view what,
                 std::int64_t most) {
  const auto count = to_int(trim(value));
  if (!count || *count < 1 || *count > most)
    return fail(ErrorCode::kUsage, quoted(value) + " is no " + std::string(what) +
                                       "; write a whole number from 1 to " + std::to_string(most));
  out = *count;
  return {};
}

Status set_flag(bool& out, std::string_view value, std::string_view what) {
  const std::array<std::string_view, 2> names{"false", "true"};
  auto chosen = one_of(names, value, what);
  if (!chosen) return fail(std::move(chosen).error());
  out = *chosen == 1;
  return {};
}

Status set_marks(RequestDraft& draft, std::string_view value) {
  std::array<bool, kMarkNames.size()> wanted{};
  for (const auto& part : split(value, ',')) {
    auto mark = one_of(kMarkNames, part, "mark");
    if (!mark) return fail(std::move(mark).error());
    wanted[*mark] = true;
  }
  auto& marks = draft.request.marks;
  marks.clear();
  for (std::size_t i = 0; i < wanted.size(); ++i)
    if (wanted[i]) marks.push_back(static_cast<Mark>(i));
  return {};
}

Status set_caption(RequestDraft& draft, std::string_view value) {
  if (value.size() > kLongestCaption)
    return fail(ErrorCode::kUsage, "the caption has " + std::to_string(value.size()) +
                                       " bytes; it may have " + std::to_string(kLongestCaption));
  draft.request.caption = trim(value);
  return {};
}

}  // namespace recorte::cutout
