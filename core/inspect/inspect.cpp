// SPDX-License-Identifier: BSD-3-Clause
#include "core/inspect/inspect.hpp"

#include "core/base/text.hpp"
#include "core/config/document.hpp"
#include "core/cutout/cutter.hpp"
#include "core/inspect/image_check.hpp"
#include "core/inspect/sample.hpp"
#include "core/inspect/sources.hpp"
#include "core/plugin/registry.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace recorte::inspect {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kStamps = 32;
/// Of the survey's other images of a band, and magnitudes.
constexpr double kOtherScale = 3, kOtherZeropoint = 5;

class Inspection {
 public:
  explicit Inspection(const CheckOptions& options)
      : options_(options),
        cutter_(options.where.surveys, plugin::Registry::scan(options.where.plugins)) {}

  Result<CheckReport> run() {
    auto survey = cutter_.catalogue().survey(options_.survey, {});
    if (!survey) return fail(std::move(survey).error());
    auto sources = sources_of(**survey);
    if (!sources) return fail(std::move(sources).error());
    images_ = std::move(sources->images);
    report_.survey = options_.survey;
    report_.plugin = (*survey)->plugin;
    report_.images = images_.size();
    report_.all = sources->all;
    report_.seed = options_.seed;
    if (images_.empty()) {
      remarks_.trouble("survey has no image", "index the survey, or see what its adapter looks for",
                       options_.survey);
    } else {
      cover(**survey);
      look_for_files();
      open_sample();
      compare();
      RECORTE_TRY(time());
    }
    report_.remarks = remarks_.all();
    report_.good = !remarks_.any_trouble();
    return std::move(report_);
  }

 private:
  void cover(const cutout::Survey& survey) {
    const auto places = places_of(images_);
    report_.without_place = images_.size() - places.size();
    report_.coverage = coverage::survey_coverage(
        places, bands_of(survey),
        [&](std::size_t done, std::size_t total) { options_.progress("coverage", done, total); });
    std::set<std::string> there;
    for (const auto& image : images_) there.insert(image.band);
    for (const auto& band : survey.bands)
      if (!there.contains(band.name))
        remarks_.note("band has no image", "remove them from [bands], or index again", band.name);
    if (report_.without_place == images_.size())
      remarks_.note("survey says no footprints, so that its coverage is not known",
                    "an adapter that gives s_region is asked less and tells more",
                    images_.front().id);
  }

  /// All of them, not the sample only: to ask for a file costs nearly nothing.
  void look_for_files() {
    std::set<std::string> asked;
    for (std::size_t i = 0; i < images_.size(); ++i) {
      options_.progress("files", i, images_.size());
      for (const auto& plane : images_[i].planes) {
        if (plane.path.find("://") != std::string::npos || !asked.insert(plane.path).second)
          continue;
        std::error_code error;
        if (fs::exists(plane.path, error)) continue;
        missing_.insert(images_[i].id);
        remarks_.trouble("file is not there", "bring them back, or index the survey again",
                         plane.path + (error ? ": " + error.message() : ""));
      }
    }
    options_.progress("files", images_.size(), images_.size());
  }

  /// What the survey's file says to those who read headers; nothing where it is not that of an
  /// indexed survey.
  survey::SurveyFile rules() const {
    const auto document = config::read_toml(options_.where.surveys / (options_.survey + ".toml"));
    if (!document) return {};
    return survey::survey_file_of(*document).value_or(survey::SurveyFile{});
  }

  void open_sample() {
    cutout::ImageCache cache({.open_files = 4});
    const auto rules = this->rules();
    const auto numbers = sample_of(images_, options_.sample, options_.seed);
    report_.opened = numbers.size();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      options_.progress("images", i, numbers.size());
      const auto& image = images_[numbers[i]];
      if (missing_.contains(image.id)) continue;
      if (auto facts = check_image(image, rules, cache, remarks_)) {
        ++report_.packing[facts->packing];
        if (facts->whole)
          remarks_.note("file is unpacked whole for the smallest cutout",
                        "gunzip them, or compress them by tiles (fpack), and cutouts are many "
                        "times as fast",
                        image.plane(RECORTE_IMAGE)->path);
        if (spots_.size() < kStamps && !std::isnan(facts->centre.ra))
          spots_.push_back({&image, facts->centre});
        facts_.emplace_back(image.id, std::move(*facts));
      }
    }
    options_.progress("images", numbers.size(), numbers.size());
  }

  /// Images of a band with each other.
  void compare() {
    std::set<std::string> bands;
    for (const auto& [id, facts] : facts_) bands.insert(facts.band);
    for (const auto& band : bands) compare_band(band);
  }

  void compare_band(const std::string& band) {
    auto& out = report_.bands[band];
    std::vector<double> scales, zeropoints;
    for (const auto& [id, facts] : facts_) {
      if (facts.band != band) continue;
      ++out.units[facts.unit];
      scales.push_back(facts.pixel_scale);
      if (!std::isnan(facts.zeropoint)) zeropoints.push_back(facts.zeropoint);
    }
    std::ranges::sort(scales);
    std::ranges::sort(zeropoints);
    out.smallest_pixel = scales.front();
    out.largest_pixel = scales.back();
    out.lowest_zeropoint = zeropoints.empty() ? NAN : zeropoints.front();
    out.highest_zeropoint = zeropoints.empty() ? NAN : zeropoints.back();
    const double usual = scales[scales.size() / 2];
    for (const auto& [id, facts] : facts_)
      if (facts.band == band &&
          (facts.pixel_scale > kOtherScale * usual || facts.pixel_scale * kOtherScale < usual))
        remarks_.note("image has pixels of another size than most of its band",
                      "if they are not meant, leave them out by 'pattern'",
                      id + ": " + number_text(facts.pixel_scale * 3600) +
                          " arcsec, and usual are " + number_text(usual * 3600));
    if (out.units.size() > 1) {
      std::string list;
      for (const auto& [unit, count] : out.units)
        list += (list.empty() ? "" : ", ") + std::to_string(count) + " in " +
                (unit.empty() ? "no unit" : unit);
      remarks_.note("band has images of several units",
                    "mosaics and pictures need one; set 'unit' where headers do not say it",
                    band + ": " + list);
    }
    if (zeropoints.empty())
      remarks_.note("band has no zero point",
                    "set 'zeropoint', or its keyword in [header], so that mosaics keep magnitudes",
                    band);
    else if (zeropoints.back() - zeropoints.front() > kOtherZeropoint)
      remarks_.note(
          "band has zero points far apart", "look at zeropoint in [header]",
          band + ": " + number_text(zeropoints.front()) + " to " + number_text(zeropoints.back()));
  }

  Status time() {
    if (spots_.empty()) return {};
    options_.progress("stamps", 0, 2);
    auto speed = measure_speed(options_.where, options_.survey, spots_);
    options_.progress("stamps", 2, 2);
    if (!speed) return fail(std::move(speed).error());
    for (const auto& why : speed->failed)
      remarks_.trouble("image cannot be cut", "see what is said of them", why);
    report_.speed = std::move(*speed);
    return {};
  }

  const CheckOptions& options_;
  cutout::Cutter cutter_;
  std::vector<cutout::Source> images_;
  std::set<std::string> missing_;  ///< images of which a file is not there
  std::vector<std::pair<std::string, ImageFacts>> facts_;
  std::vector<Spot> spots_;
  Remarks remarks_;
  CheckReport report_;
};

}  // namespace

Result<CheckReport> check_survey(const CheckOptions& options) { return Inspection(options).run(); }

}  // namespace recorte::inspect
