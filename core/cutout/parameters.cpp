// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/parameters.hpp"

#include "core/base/text.hpp"
#include "core/cutout/interval.hpp"

#include <algorithm>
#include <array>

namespace recorte::cutout {
namespace {

using sky::Box;

std::string quoted(std::string_view value) { return "'" + std::string(value) + "'"; }

/// A name that is safe in a path, a URL and a FITS card.
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
  if (names.size() != 3)
    return fail(ErrorCode::kUsage, quoted(value) +
                                       " does not name three bands; write rgb as i,r,g "
                                       "for red, green, blue");
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

const Box* box_of(const CutoutRequest& r) { return std::get_if<Box>(&r.stencil); }

template <class Kind>
std::string region_of(const CutoutRequest& r) {
  return std::holds_alternative<Kind>(r.stencil) ? sky::stencil_numbers(r.stencil) : "";
}

constexpr std::array kTable{
    Parameter{"survey", "ID", "ID", "The survey, by its id.", "demo", false,
              [](RequestDraft& d, std::string_view v) {
                return name_into(d.request.survey, v, "survey id");
              },
              [](const CutoutRequest& r) { return r.survey; }},
    Parameter{"release", "", "NAME", "A release of it; the survey's default otherwise.", "dr2",
              false,
              [](RequestDraft& d, std::string_view v) {
                return name_into(d.request.release, v, "release");
              },
              [](const CutoutRequest& r) { return r.release; }},
    Parameter{"image", "", "ID",
              "One image by its id, instead of the one that covers the region best; without a "
              "region, the whole image.",
              "demo_T0001_g", false,
              [](RequestDraft& d, std::string_view v) {
                return name_into(d.request.image, v, "image id");
              },
              [](const CutoutRequest& r) { return r.image; }},
    Parameter{"ra", "", "ANGLE",
              "Right ascension of the centre, ICRS: degrees, or hours as 10:00:24.", "150.1", false,
              [](RequestDraft& d, std::string_view v) -> Status {
                auto ra = parse_ra(v);
                if (!ra) return fail(std::move(ra).error());
                d.ra = *ra;
                return {};
              },
              [](const CutoutRequest& r) {
                return box_of(r) ? number_text(box_of(r)->centre.ra) : std::string();
              }},
    Parameter{"dec", "", "ANGLE", "Declination of the centre, ICRS: degrees, or +02:12:00.", "2.2",
              false,
              [](RequestDraft& d, std::string_view v) -> Status {
                auto dec = parse_dec(v);
                if (!dec) return fail(std::move(dec).error());
                d.dec = *dec;
                return {};
              },
              [](const CutoutRequest& r) {
                return box_of(r) ? number_text(box_of(r)->centre.dec) : std::string();
              }},
    Parameter{"size", "", "SIZE",
              "Size of the stamp around ra, dec, with its unit (deg, arcmin, arcsec, px); or "
              "width,height.",
              "1arcmin", false, set_size,
              [](const CutoutRequest& r) {
                const auto* box = box_of(r);
                if (!box) return std::string();
                const auto width = extent_text(box->width);
                return box->width == box->height ? width : width + "," + extent_text(box->height);
              }},
    Parameter{
        "circle", "CIRCLE", "\"RA DEC RADIUS\"", "A circle, in degrees: every pixel it touches.",
        "150.1 2.2 0.01", false,
        [](RequestDraft& d, std::string_view v) { return set_region(d, sky::parse_circle(v)); },
        region_of<sky::Circle>},
    Parameter{
        "polygon", "POLYGON", "\"RA DEC RA DEC RA DEC ...\"",
        "A polygon of great-circle edges, in degrees, counter-clockwise as seen on the sky.",
        "150.2 2.2 150.1 2.2 150.15 2.3", false,
        [](RequestDraft& d, std::string_view v) { return set_region(d, sky::parse_polygon(v)); },
        region_of<sky::Polygon>},
    Parameter{
        "range", "POS", "\"RA RA DEC DEC\"", "Limits of RA and of Dec, in degrees.",
        "150.1 150.2 2.2 2.3", false,
        [](RequestDraft& d, std::string_view v) { return set_region(d, sky::parse_range(v)); },
        region_of<sky::Range>},
    Parameter{
        "bands", "FILTER", "NAME,...", "The bands, by name; all of the survey's otherwise.",
        "g,r,i", true,
        [](RequestDraft& d, std::string_view v) { return set_list(d.request.bands, v, "band"); },
        [](const CutoutRequest& r) { return join(r.bands, ","); }},
    Parameter{"wavelength", "BAND", "\"FROM TO\"",
              "Only bands that have wavelengths between two, metres.", "4e-7 5.5e-7", false,
              set_wavelength,
              [](const CutoutRequest& r) {
                return interval_text({r.lambda_min, r.lambda_max});
              }},
    Parameter{"planes", "PLANES", "NAME,...", "What comes along: image, weight, variance, mask.",
              "image,weight,mask", false, set_planes,
              [](const CutoutRequest& r) {
                if (r.planes == std::vector{Plane::kImage}) return std::string();
                std::vector<std::string> names;
                for (const auto plane : r.planes)
                  names.emplace_back(kPlaneNames[static_cast<std::size_t>(plane)]);
                return join(names, ",");
              }},
    Parameter{
        "algorithm", "ALGORITHM", "ID",
        "How pixels are made: cut, lupton, or another plugin; the format's default otherwise.",
        "cut", false,
        [](RequestDraft& d, std::string_view v) {
          return name_into(d.request.algorithm, v, "algorithm");
        },
        [](const CutoutRequest& r) { return r.algorithm; }},
    Parameter{"format", "FORMAT", "fits|png", "FITS to measure, PNG to look.", "png", false,
              [](RequestDraft& d, std::string_view v) -> Status {
                auto format = one_of(kFormatNames, v, "format");
                if (!format) return fail(std::move(format).error());
                d.request.format = static_cast<Format>(*format);
                return {};
              },
              [](const CutoutRequest& r) {
                return std::string(kFormatNames[static_cast<std::size_t>(r.format)]);
              }},
    Parameter{"rgb", "RGB", "BAND,BAND,BAND", "The bands shown red, green and blue.", "i,r,g",
              false, set_rgb, [](const CutoutRequest& r) { return join(r.rgb, ","); }},
    Parameter{
        "edges", "", "pad|trim",
        "Where an image ends inside a stamp: pad with NaN or BLANK to the full size, or trim.",
        "trim", false,
        [](RequestDraft& d, std::string_view v) -> Status {
          auto edges = one_of(kEdgesNames, v, "rule for edges");
          if (!edges) return fail(std::move(edges).error());
          d.request.edges = static_cast<Edges>(*edges);
          return {};
        },
        [](const CutoutRequest& r) { return std::string(r.edges == Edges::kPad ? "" : "trim"); }},
    Parameter{"epochs", "EPOCHS", "best|latest|all",
              "Which of several images of a band answers: the one that covers most (then the "
              "deepest, then "
              "the newest), the newest, or all.",
              "latest", false,
              [](RequestDraft& d, std::string_view v) -> Status {
                auto epochs = one_of(kEpochsNames, v, "choice of epochs");
                if (!epochs) return fail(std::move(epochs).error());
                d.request.epochs = static_cast<Epochs>(*epochs);
                return {};
              },
              [](const CutoutRequest& r) {
                return std::string(kEpochsNames[static_cast<std::size_t>(r.epochs)]);
              }},
    Parameter{"time", "TIME", "\"FROM TO\"",
              "Only images exposed between two times, MJD or ISO, UTC.", "58000 58100.5", false,
              set_time,
              [](const CutoutRequest& r) {
                return interval_text({r.t_min, r.t_max});
              }},
    Parameter{"param", "PARAM", "NAME=VALUE", "A parameter of the algorithm's own.", "Q=8", true,
              set_param, [](const CutoutRequest&) { return std::string(); }},
};

}  // namespace

std::span<const Parameter> parameters() { return kTable; }

const Parameter* find_parameter(std::string_view name) {
  for (const auto& row : kTable)
    if (equal_ignoring_case(row.name, name)) return &row;
  return nullptr;
}

Status RequestDraft::set(std::string_view name, std::string_view value) {
  const auto* row = find_parameter(name);
  if (!row) {
    std::vector<std::string> names;
    for (const auto& known : kTable) names.emplace_back(known.name);
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
  if (out.format == Format::kPng && out.planes != std::vector{Plane::kImage})
    return fail(ErrorCode::kUsage,
                "a picture shows the image plane only; leave planes out, or ask for format=fits");
  for (const auto& band : out.rgb)
    if (!out.bands.empty() &&
        std::find(out.bands.begin(), out.bands.end(), band) == out.bands.end())
      return fail(ErrorCode::kUsage, "rgb names the band " + band + ", which bands leaves out");
  return out;
}

bool wants_whole_image(const CutoutRequest& request) {
  const auto* range = std::get_if<sky::Range>(&request.stencil);
  return !request.image.empty() && range && *range == sky::Range{};
}

std::string canonical(const CutoutRequest& request) {
  std::string out;
  auto add = [&](std::string_view name, const std::string& value) {
    if (value.empty()) return;
    if (!out.empty()) out += '&';
    out += std::string(name) + "=" + url_encode(value);
  };
  for (const auto& row : kTable) add(row.name, row.get(request));
  for (const auto& [name, value] : request.params) add("param", name + "=" + value);
  return out;
}

Result<CutoutRequest> parse_canonical(std::string_view text) {
  RequestDraft draft;
  for (const auto& pair : split(text, '&')) {
    const auto equals = pair.find('=');
    const auto value =
        equals == pair.npos ? std::nullopt : url_decode(std::string_view(pair).substr(equals + 1));
    if (!value)
      return fail(ErrorCode::kUsage, quoted(pair) + " is not a name=value pair of a request");
    RECORTE_TRY(draft.set(pair.substr(0, equals), *value));
  }
  return draft.finish();
}

std::string parameters_markdown() {
  std::string out =
      "# Request parameters\n\nGenerated from the table in `core/cutout/parameters.cpp`; the test\n"
      "`cutout/Parameters.ReferencePageIsCurrent` keeps it so.\n\n"
      "| parameter | command line | SODA | value | meaning | example "
      "|\n|---|---|---|---|---|---|\n";
  for (const auto& row : kTable) {
    std::string syntax(row.syntax);
    for (auto at = syntax.find('|'); at != syntax.npos; at = syntax.find('|', at + 2))
      syntax.insert(at, "\\");
    out += "| `" + std::string(row.name) + "` | `--" + std::string(row.name) + "` | " +
           (row.soda.empty() ? "" : "`" + std::string(row.soda) + "`") + " | `" + syntax + "` | " +
           std::string(row.help) + (row.repeatable ? " May be repeated." : "") + " | `" +
           std::string(row.example) + "` |\n";
  }
  return out;
}

}  // namespace recorte::cutout
