// SPDX-License-Identifier: BSD-3-Clause
#include "core/inspect/image_check.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/cutout/locate.hpp"
#include "core/fits/layout.hpp"
#include "core/fits/source.hpp"
#include "core/inspect/sources.hpp"
#include "core/survey/bands.hpp"
#include "core/survey/header_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

namespace recorte::inspect {
namespace {

using cutout::OpenImage;
using cutout::Source;

constexpr std::array<std::string_view, RECORTE_ROLES> kRoles{"image", "weight", "variance", "mask"};
constexpr double kArcsecond = 1 / 3600.0;
/// Of a pixel: nobody's images are finer, or coarser, than these.
constexpr double kFinest = 1e-4 * kArcsecond, kCoarsest = 5;
constexpr double kLooseFootprint = 4;  ///< times the image's radius
constexpr double kEarliest = -3000;    ///< MJD, 1850: before any plate
constexpr double kUnixEpochMjd = 40587;
constexpr double kDayMicros = 86'400e6;

std::string name_of(const std::string& path) {
  return std::filesystem::path(path).filename().string();
}

std::string degrees_text(double degrees) { return number_text(std::round(degrees * 1e6) / 1e6); }

class Check {
 public:
  Check(const Source& source, const survey::SurveyFile& rules, cutout::ImageCache& cache,
        Remarks& remarks)
      : source_(source), rules_(rules), cache_(cache), remarks_(remarks) {}

  std::optional<ImageFacts> run() {
    const auto& plane = *source_.plane(RECORTE_IMAGE);
    const auto image = open(plane);
    if (!image) return {};
    facts_.band = source_.band;
    file_ = name_of(plane.path) + ", HDU " + std::to_string(image->info.hdu.number);
    if (!read_end(*image)) return {};
    if (!check_sky(*image)) return {};
    check_header(*image);
    for (const auto& other : source_.planes)
      if (&other != &plane) check_plane(other, *image);
    facts_.packing = packing_of(*image);
    facts_.whole = image->file->unpacked() > 0;
    return facts_;
  }

 private:
  std::shared_ptr<const OpenImage> open(const cutout::SourcePlane& plane) {
    auto image = cutout::open_plane_of(cache_, source_, plane);
    if (image) return std::move(*image);
    const auto& error = image.error();
    if (error.code == ErrorCode::kNotFound)
      remarks_.trouble("file is not there", "bring them back, or index the survey again",
                       error.message);
    else if (error.code == ErrorCode::kUsage)
      remarks_.trouble("file lacks an HDU that the survey names",
                       "look at 'planes', and index again", error.message);
    else
      remarks_.trouble("file cannot be read",
                       "copy them again from where they came from, or remove them", error.message);
    return nullptr;
  }

  /// A file that ends early has its header, and lacks its last rows.
  bool read_end(const OpenImage& image) {
    const auto& info = image.info;
    const auto width = std::min<std::int64_t>(info.width, 64);
    std::vector<float> pixels(static_cast<std::size_t>(width));
    const sky::PixelRect corner{info.width - width, info.height - 1, width, 1};
    const auto read = image.file->read(info, info.planes - 1, corner, -32, pixels.data(),
                                       width * static_cast<std::int64_t>(sizeof(float)));
    if (read) return true;
    remarks_.trouble("image cannot be read to its end",
                     "copy them again from where they came from, or remove them",
                     read.error().message);
    return false;
  }

  bool check_sky(const OpenImage& image) {
    if (!image.wcs) {
      remarks_.trouble("image has no place on the sky that can be read",
                       "mend their headers, or leave them out by 'pattern'",
                       file_ + ": " + image.wcs_error);
      return false;
    }
    const auto& wcs = *image.wcs;
    const auto& info = image.info;
    facts_.pixel_scale = std::sqrt(wcs.scale_x() * wcs.scale_y());
    if (!(facts_.pixel_scale >= kFinest && facts_.pixel_scale <= kCoarsest)) {
      remarks_.trouble("image has pixels of a size that cannot be",
                       "mend CDELT, CD or PC in their headers",
                       file_ + ": " + number_text(facts_.pixel_scale) + " degrees");
      return false;
    }
    const sky::Pixel middle{static_cast<double>(info.width - 1) / 2,
                            static_cast<double>(info.height - 1) / 2};
    facts_.centre = wcs.to_sky(middle);
    const auto back = wcs.to_pixel(facts_.centre);
    // An all-sky map may have nothing in its middle.
    if (!std::isnan(facts_.centre.ra) && !(std::hypot(back.x - middle.x, back.y - middle.y) < 0.5))
      remarks_.trouble("image has a WCS that does not lead back to where it came from",
                       "look at CD, PC and the distortion terms in their headers",
                       file_ + ": the middle, (" + number_text(middle.x) + ", " +
                           number_text(middle.y) + "), comes back as (" + number_text(back.x) +
                           ", " + number_text(back.y) + ")");
    check_footprint(image);
    return true;
  }

  void check_footprint(const OpenImage& image) {
    const auto declared = footprint_of(source_);
    if (!declared) {
      if (source_.s_region.empty()) return;
      return remarks_.trouble("image has a footprint that is none", "mend the survey's adapter",
                              source_.id + ": " + source_.s_region);
    }
    const auto found = sky::footprint_of(*image.wcs, image.info.width, image.info.height);
    const double tolerance = 3 * facts_.pixel_scale;
    double off = 0;
    for (const auto& corner : corners(image))
      if (!sky::may_meet(*declared, {corner, tolerance}))
        off = std::max(off, sky::separation(corner, declared->cap.centre) - declared->cap.radius);
    if (off > tolerance)
      remarks_.trouble("image lies off the footprint that the survey says it has",
                       "index the survey again; or mend the table of tiles, or the adapter",
                       file_ + ": by " + degrees_text(off) + " degrees");
    else if (declared->cap.radius > kLooseFootprint * found.cap.radius)
      remarks_.note("image has a footprint much larger than it is",
                    "no harm but time: they are opened for positions that they do not cover",
                    file_ + ": " + degrees_text(declared->cap.radius) +
                        " degrees, and they reach " + degrees_text(found.cap.radius));
  }

  static std::vector<sky::Vector> corners(const OpenImage& image) {
    std::vector<sky::Vector> out;
    const auto w = static_cast<double>(image.info.width - 1);
    const auto h = static_cast<double>(image.info.height - 1);
    for (const auto& pixel : {sky::Pixel{0, 0}, {w, 0}, {w, h}, {0, h}}) {
      const auto at = image.wcs->to_sky(pixel);
      if (!std::isnan(at.ra + at.dec)) out.push_back(sky::to_vector(at));
    }
    return out;
  }

  void check_header(const OpenImage& image) {
    const auto primary = image.file->header(0);
    const auto said = survey::header_values(image.info.header,
                                            primary ? *primary : image.info.header, rules_.header);
    if (const auto band = survey::band_of_filter(said.band)) {
      const auto listed = rules_.listed_band(*band).value_or(*band);
      const auto raw = rules_.listed_band(said.band).value_or(said.band);
      if (!equal_ignoring_case(listed, source_.band) && !equal_ignoring_case(raw, source_.band))
        remarks_.note(
            "image is in another band by its header",
            "if the header is right, set [band_aliases] or 'pattern', and index again",
            file_ + ": " + said.band + " in the header, " + source_.band + " in the survey");
    }
    facts_.unit = source_.unit.empty() ? said.unit : source_.unit;
    facts_.zeropoint = std::isnan(source_.zeropoint) ? said.zeropoint : source_.zeropoint;
    if (image.info.header.has("BUNIT") && !source_.unit.empty() && said.unit != source_.unit)
      remarks_.note(
          "image has another unit by its header", "look at 'unit' in the survey's file",
          file_ + ": " + said.unit + " in the header, " + source_.unit + " in the survey");
    const auto exposure = image.info.header.number("EXPTIME");
    if (exposure && *exposure <= 0)
      remarks_.note("image has no exposure time above zero", "set exptime in [header]",
                    file_ + ": EXPTIME = " + number_text(*exposure));
    check_times();
  }

  void check_times() {
    const double now = kUnixEpochMjd + static_cast<double>(now_micros()) / kDayMicros;
    const auto& [begin, end] = std::pair{source_.t_min, source_.t_max};
    if (begin < kEarliest || end > now)
      remarks_.note("image was taken at a time that cannot be", "set t_min and t_max in [header]",
                    file_ + ": MJD " + number_text(begin) + " to " + number_text(end));
    else if (begin > end)
      remarks_.note("image ended before it began", "set t_min and t_max in [header]",
                    file_ + ": MJD " + number_text(begin) + " to " + number_text(end));
  }

  void check_plane(const cutout::SourcePlane& plane, const OpenImage& image) {
    const auto other = open(plane);
    if (!other) return;
    const auto& a = image.info;
    const auto& b = other->info;
    if (a.width == b.width && a.height == b.height) return;
    const auto role = plane.role >= 0 && plane.role < RECORTE_ROLES
                          ? std::string(kRoles[static_cast<std::size_t>(plane.role)])
                          : "plane";
    remarks_.trouble("image has a plane of another size",
                     "look at 'planes' and 'pattern': the two may not belong together",
                     file_ + ": " + std::to_string(a.width) + " x " + std::to_string(a.height) +
                         ", and the " + role + " in " + name_of(plane.path) + " " +
                         std::to_string(b.width) + " x " + std::to_string(b.height));
  }

  /// Of a compressed image, what its table says, which an image's header does not.
  static std::string packing_of(const OpenImage& image) {
    if (image.file->unpacked() > 0) return "whole file";
    if (!image.info.hdu.compressed) return "none";
    const auto file = fits::Source::open(image.file->path(), false);
    const auto places = file ? fits::hdu_places(*file) : Result<std::vector<fits::HduPlace>>{};
    const auto number = static_cast<std::size_t>(image.info.hdu.number);
    if (!places || number >= places->size()) return "tiles";
    const auto table = fits::read_header(*file, (*places)[number]);
    const auto type = table ? table->text("ZCMPTYPE").value_or("tiles") : "tiles";
    return type == "RICE_ONE" ? "RICE_1" : type;  // two names of one
  }

  const Source& source_;
  const survey::SurveyFile& rules_;
  cutout::ImageCache& cache_;
  Remarks& remarks_;
  ImageFacts facts_;
  std::string file_;  ///< and its HDU, for remarks
};

}  // namespace

std::optional<ImageFacts> check_image(const Source& source, const survey::SurveyFile& rules,
                                      cutout::ImageCache& cache, Remarks& remarks) {
  return Check(source, rules, cache, remarks).run();
}

}  // namespace recorte::inspect
