// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/parameters.hpp"

#include "core/base/text.hpp"
#include "core/cutout/interval.hpp"
#include "core/cutout/parameter_readers.hpp"

#include <algorithm>
#include <array>

namespace recorte::cutout {
namespace {

using sky::Box;

/// A parameter of the algorithm's own that many algorithms share, by its plain name.
template <const auto& kName>
Status set_own(RequestDraft& draft, std::string_view value) {
  return set_param(draft, std::string(kName) + "=" + std::string(value));
}
std::string own_is_a_param(const CutoutRequest&) { return ""; }
constexpr std::string_view kKernel = "kernel", kCombine = "combine", kConserve = "conserve",
                           kBackground = "background";

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
    Parameter{"format", "FORMAT", "fits|png|jpeg", "FITS to measure, PNG or JPEG to look.", "png",
              false,
              [](RequestDraft& d, std::string_view v) -> Status {
                auto format = one_of(kFormatNames, v, "format");
                if (!format) return fail(std::move(format).error());
                d.request.format = static_cast<Format>(*format);
                return {};
              },
              [](const CutoutRequest& r) {
                return std::string(kFormatNames[static_cast<std::size_t>(r.format)]);
              }},
    Parameter{"rgb", "RGB", "BAND,BAND,...", "The bands shown, from red to blue: two or more.",
              "i,r,g", false, set_rgb, [](const CutoutRequest& r) { return join(r.rgb, ","); }},
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
              "deepest, then the newest), the newest, or all.",
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
    Parameter{
        "polarization", "POL", "STATE,...",
        "Only planes of these polarization states (I, Q, U, V, RR, LL, RL, LR, XX, YY, XY, YX); "
        "an image without such an axis holds I.",
        "I", true, set_polarization,
        [](const CutoutRequest& r) { return join(r.polarizations, ","); }},
    Parameter{"variant", "VARIANT", "NAME",
              "Of several images of one place and time, those of this variant.", "pbcor", false,
              [](RequestDraft& d, std::string_view v) {
                return name_into(d.request.variant, v, "variant");
              },
              [](const CutoutRequest& r) { return r.variant; }},
    Parameter{"blank_outside", "BLANK_OUTSIDE", "true|false",
              "Whether pixels whose centres lie outside a circle, polygon or range become NaN, "
              "BLANK, or transparent.",
              "true", false,
              [](RequestDraft& d, std::string_view v) {
                return set_flag(d.request.blank_outside, v, "choice");
              },
              [](const CutoutRequest& r) { return std::string(r.blank_outside ? "true" : ""); }},
    Parameter{
        "pixscale", "PIXSCALE", "ANGLE",
        "Size of the product's pixels, on an undistorted TAN grid.", "0.5arcsec", false,
        set_pixscale,
        [](const CutoutRequest& r) {
          return r.pixscale > 0 ? extent_text({r.pixscale, Extent::Unit::kDegree}) : std::string();
        }},
    Parameter{"north", "NORTH", "up", "North up and east left, on an undistorted TAN grid.", "up",
              false, set_north,
              [](const CutoutRequest& r) { return std::string(r.north_up ? "up" : ""); }},
    Parameter{"width", "WIDTH", "PIXELS",
              "The most pixels across: a larger product is averaged down.", "800", false,
              [](RequestDraft& d, std::string_view v) {
                return set_count(d.request.width, v, "width", kMostPixels);
              },
              [](const CutoutRequest& r) {
                return r.width > 0 ? std::to_string(r.width) : std::string();
              }},
    Parameter{"height", "HEIGHT", "PIXELS",
              "The most pixels up: a larger product is averaged down.", "600", false,
              [](RequestDraft& d, std::string_view v) {
                return set_count(d.request.height, v, "height", kMostPixels);
              },
              [](const CutoutRequest& r) {
                return r.height > 0 ? std::to_string(r.height) : std::string();
              }},
    Parameter{"kernel", "KERNEL", "nearest|bilinear|lanczos3",
              "How images are resampled onto another grid.", "bilinear", false, set_own<kKernel>,
              own_is_a_param},
    Parameter{
        "combine", "COMBINE", "mean|median|first",
        "What becomes of several images of a pixel: their weighted mean, their median, or the "
        "first that has one.",
        "median", false, set_own<kCombine>, own_is_a_param},
    Parameter{"conserve", "CONSERVE", "auto|flux|surface_brightness",
              "What a pixel of another size keeps; auto goes by the unit.", "flux", false,
              set_own<kConserve>, own_is_a_param},
    Parameter{"background", "BACKGROUND", "none|match",
              "Whether images are levelled where they overlap.", "match", false,
              set_own<kBackground>, own_is_a_param},
    Parameter{"annotate", "ANNOTATE", "MARK,...",
              "What is drawn onto a picture: caption, scalebar, compass, crosshair.",
              "scalebar,compass", false, set_marks,
              [](const CutoutRequest& r) {
                std::vector<std::string> names;
                for (const auto mark : r.marks)
                  names.emplace_back(kMarkNames[static_cast<std::size_t>(mark)]);
                return join(names, ",");
              }},
    Parameter{"caption", "CAPTION", "TEXT",
              "The caption's text; survey, bands and position otherwise.", "M 51", false,
              set_caption, [](const CutoutRequest& r) { return r.caption; }},
    Parameter{"quality", "QUALITY", "1..100", "Quality of a JPEG.", "90", false,
              [](RequestDraft& d, std::string_view v) -> Status {
                std::int64_t quality = 0;
                RECORTE_TRY(set_count(quality, v, "quality", 100));
                d.request.quality = static_cast<int>(quality);
                return {};
              },
              [](const CutoutRequest& r) {
                return r.quality == kDefaultQuality ? std::string() : std::to_string(r.quality);
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
      return fail(ErrorCode::kUsage, "'" + pair + "'" + " is not a name=value pair of a request");
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
