// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/parameter_readers.hpp"
#include "core/cutout/parameters.hpp"

#include <algorithm>

namespace recorte::cutout {
namespace {

/// What only pictures have.
Status check_picture(const CutoutRequest& r) {
  if (!is_picture(r.format) && (!r.marks.empty() || !r.caption.empty()))
    return fail(ErrorCode::kUsage,
                "annotate and caption are for pictures; ask for format=png or jpeg");
  if (r.format != Format::kJpeg && r.quality != kDefaultQuality)
    return fail(ErrorCode::kUsage, "quality is for format=jpeg; leave it out");
  return {};
}

}  // namespace

Status RequestDraft::set(std::string_view name, std::string_view value) {
  const auto* row = find_parameter(name);
  if (!row) {
    std::vector<std::string> names;
    for (const auto& known : parameters()) names.emplace_back(known.name);
    const auto near = did_you_mean(name, names);
    return fail(ErrorCode::kUsage, "unknown parameter " + quoted(name) +
                                       (near.empty() ? "; use one of " + join(names, ", ")
                                                     : "; did you mean " + near + "?"));
  }
  if (!row->repeatable) {
    if (std::find(given_.begin(), given_.end(), row->name) != given_.end())
      return fail(ErrorCode::kMultiValued,
                  "the parameter " + std::string(row->name) + " is given twice");
    given_.push_back(row->name);
  }
  return row->set(*this, value);
}

Result<CutoutRequest> RequestDraft::finish() const {
  auto out = request;
  if (out.survey.empty())
    return fail(ErrorCode::kUsage, "the survey is missing; name one with survey");
  const bool stamp = ra || dec || size;
  if (stamp && region)
    return fail(ErrorCode::kUsage,
                "give either ra, dec and size, or one of circle, polygon, range");
  if (region) {
    out.stencil = *region;
  } else if (!stamp && !out.image.empty()) {
    out.stencil = sky::Range{};
  } else {
    if (!ra || !dec || !size)
      return fail(ErrorCode::kUsage, std::string("the ") +
                                         (!ra    ? "ra"
                                          : !dec ? "dec"
                                                 : "size") +
                                         " is missing; give ra, dec and size, or one of circle, "
                                         "polygon, range");
    auto box = sky::make_box({*ra, *dec}, size->first, size->second);
    if (!box) return fail(std::move(box).error());
    out.stencil = *box;
  }
  RECORTE_TRY(check_picture(out));
  // Words are to be seen.
  if (!out.caption.empty() &&
      std::find(out.marks.begin(), out.marks.end(), Mark::kCaption) == out.marks.end())
    out.marks.insert(out.marks.begin(), Mark::kCaption);
  if (is_picture(out.format) && out.planes != std::vector{Plane::kImage})
    return fail(ErrorCode::kUsage,
                "a picture shows the image plane only; leave planes out, or ask for format=fits");
  for (const auto& band : out.rgb)
    if (!out.bands.empty() &&
        std::find(out.bands.begin(), out.bands.end(), band) == out.bands.end())
      return fail(ErrorCode::kUsage, "rgb names the band " + band + ", which bands leaves out");
  return out;
}

}  // namespace recorte::cutout
