// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "core/check/asking.hpp"
#include "core/check/checks.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace recorte::check {
namespace {

constexpr std::size_t kSample = 200;
constexpr double kSlow = 1;  // seconds

std::string milliseconds(double seconds) {
  return number_text(std::round(seconds * 1e6) / 1e3) + " ms";
}

std::string place(double ra, double dec) {
  return "RA " + number_text(ra) + ", Dec " + number_text(dec);
}

/// What is wrong with a source; "".
std::string wrong_with(const cutout::Source& source, const cutout::Survey& survey) {
  if (source.id.empty()) return "a source has no id";
  const auto what = "the source " + source.id + " ";
  if (source.planes.empty()) return what + "has no plane";
  if (source.planes.front().role != RECORTE_IMAGE) return what + "does not name its image first";
  std::set<recorte_role> roles;
  for (const auto& plane : source.planes) {
    if (plane.role < 0 || plane.role >= RECORTE_ROLES)
      return what + "has a plane of the unknown role " + std::to_string(plane.role);
    if (!roles.insert(plane.role).second)
      return what + "has two planes of role " + std::to_string(plane.role);
    if (plane.path.empty() || (plane.path[0] != '/' && plane.path.find("://") == plane.path.npos))
      return what + "names a file that is no absolute path: '" + plane.path + "'";
  }
  if (!survey.bands.empty() &&
      std::ranges::none_of(survey.bands, [&](const auto& b) { return b.name == source.band; }))
    return what + "is of the band '" + source.band + "', which describe() does not name";
  if (!source.s_region.empty())
    if (auto read = sky::parse_s_region(source.s_region); !read)
      return what + "has an s_region that cannot be read: " + read.error().message;
  if (source.t_min > source.t_max) return what + "ends (t_max) before it begins (t_min)";
  for (const double number : {source.t_min, source.t_max, source.exptime, source.zeropoint})
    if (std::isinf(number)) return what + "has an infinite number; NaN is for what is not known";
  return "";
}

/// Every source must be found at a point of it.
std::string missed(const cutout::Survey& survey, const Lying& lying, const sky::Position& at) {
  const Question question{circle(at.ra, at.dec, 1e-6), {lying.source.band}};
  const auto answer = find(survey, question);
  if (!answer.good()) return "at " + place(at.ra, at.dec) + " it gave " + said(answer);
  if (answer.has(lying.source.id)) return "";
  return "the image " + lying.source.id + " is not found at " + place(at.ra, at.dec) +
         ", where its s_region says that it lies";
}

}  // namespace

Verdict survey_opens(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  for (int i = 0; i < 3; ++i) {
    const auto first = Another<cutout::Survey>::open(subject, **survey);
    const auto second = Another<cutout::Survey>::open(subject, **survey);
    if (!first || !second) return not_ok((first ? second : first).error().message);
  }
  return ok();
}

Verdict survey_describes(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  const auto& s = **survey;
  if (s.bands.empty()) return not_ok("describe() names no band");
  std::set<std::string> names;
  for (const auto& band : s.bands) {
    if (band.name.empty() || !names.insert(band.name).second)
      return not_ok("describe() names the band '" + band.name + "' twice, or one without a name");
    if (band.lambda_min > band.lambda_max || band.lambda_min <= 0 || band.lambda_max > 100)
      return not_ok("the wavelengths of the band " + band.name + ", " +
                    number_text(band.lambda_min) + " to " + number_text(band.lambda_max) +
                    ", are no metres");
  }
  for (const auto& plane : s.planes)
    if (std::ranges::find(cutout::kPlaneNames, plane) == cutout::kPlaneNames.end())
      return not_ok("describe() names a plane '" + plane +
                    "'; there are: image, weight, variance, mask");
  if (s.pixel_scale <= 0 || s.pixel_scale > 90)
    return not_ok("a pixel scale of " + number_text(s.pixel_scale) + " degrees cannot be");
  std::vector<std::string> bands;
  for (const auto& band : s.bands) bands.push_back(band.name);
  return ok({"bands: " + join(bands, ", ")});
}

Verdict survey_finds_all(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  const auto all = find(**survey, {whole_sky()});
  if (!all.good() && !all.cut_short) return not_ok("the whole sky gave " + said(all));
  std::set<std::string> ids;
  for (const auto& source : all.sources) {
    if (auto wrong = wrong_with(source, **survey); !wrong.empty()) return not_ok(wrong);
    if (!ids.insert(source.id).second)
      return not_ok("two sources are called " + source.id + "; an id is one image's");
  }
  auto number =
      std::to_string(all.sources.size()) + (all.cut_short ? " images and more" : " images");
  if (all.sources.empty() && subject.place().given) number += ": is the survey empty?";
  return ok({number + ", in " + milliseconds(all.seconds)});
}

Verdict survey_finds_each(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  const auto all = find(**survey, {whole_sky()});
  if (all.sources.empty()) return skipped("it has no image");
  const auto sample = lying(all, kSample);
  for (const auto& one : sample) {
    const auto centre = sky::to_position(one.footprint.cap.centre);
    if (!sky::may_meet(one.footprint, {one.footprint.cap.centre, 1e-9})) continue;  // concave
    if (auto wrong = missed(**survey, one, centre); !wrong.empty()) return not_ok(wrong);
  }
  std::size_t asked = 0;
  const auto step = std::max<std::size_t>(1, all.sources.size() / kSample);
  for (std::size_t i = 0; i < all.sources.size(); i += step, ++asked) {
    const auto& source = all.sources[i];
    Question by_id{whole_sky()};
    by_id.image = source.id;
    const auto answer = find(**survey, by_id);
    if (!answer.good())
      return not_ok("the image " + source.id + ", by its id, gave " + said(answer));
    if (answer.ids() != std::set{source.id})
      return not_ok("asked for the image " + source.id + " alone, it gave " +
                    std::to_string(answer.sources.size()) + " sources, not that one");
  }
  return ok({std::to_string(sample.size()) + " asked for where they lie, " + std::to_string(asked) +
             " by id"});
}

Verdict survey_at_ra_zero(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  for (int dec = -80; dec <= 80; dec += 20)
    for (const double ra : {0.0, 1e-9, 359.9999999})
      if (const auto a = find(**survey, {circle(ra, dec, 0.5)}); !a.good())
        return not_ok(place(ra, dec) + " gave " + said(a));
  std::size_t across = 0;
  for (const auto& one : lying(find(**survey, {whole_sky()}), 20'000)) {
    const auto centre = sky::to_position(one.footprint.cap.centre);
    for (const double ra : {0.0, 1e-7, 359.9999999}) {
      const sky::Position at{ra, centre.dec};
      if (across > kSample || !sky::may_meet(one.footprint, {sky::to_vector(at), 1e-9})) continue;
      ++across;
      if (auto wrong = missed(**survey, one, at); !wrong.empty()) return not_ok(wrong);
    }
  }
  return ok({across ? std::to_string(across) + " points of images there" : "no image lies there"});
}

Verdict survey_at_poles(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  std::size_t there = 0;
  const auto sample = lying(find(**survey, {whole_sky()}), 20'000);
  for (const double dec : {-90.0, -89.9999, 89.9999, 90.0})
    for (const double ra : {0.0, 123.0, 359.0}) {
      for (const double radius : {1e-6, 1.0, 30.0})
        if (const auto a = find(**survey, {circle(ra, dec, radius)}); !a.good())
          return not_ok(place(ra, dec) + " gave " + said(a));
      for (const auto& one : sample) {
        const sky::Position at{ra, dec};
        if (!sky::may_meet(one.footprint, {sky::to_vector(at), 1e-9})) continue;
        ++there;
        if (auto wrong = missed(**survey, one, at); !wrong.empty()) return not_ok(wrong);
      }
    }
  return ok({there ? std::to_string(there) + " points of images there" : "no image lies there"});
}

Verdict survey_is_quick(Subject& subject) {
  const auto survey = subject.survey();
  if (!survey) return subject.not_opened(survey.error());
  std::vector<double> seconds;
  const auto sample = lying(find(**survey, {whole_sky()}), kSample);
  for (int i = 0; i < 200; ++i) {
    sky::Position at{std::fmod(137.5 * i, 360), -85 + 0.85 * i};
    if (!sample.empty() && i % 2 == 0)
      at = sky::to_position(
          sample[static_cast<std::size_t>(i) % sample.size()].footprint.cap.centre);
    seconds.push_back(find(**survey, {circle(at.ra, at.dec, 0.01)}).seconds);
  }
  std::ranges::sort(seconds);
  if (seconds[seconds.size() / 2] > kSlow)
    return not_ok("a search of one place takes " + milliseconds(seconds[seconds.size() / 2]) +
                  ": make an index when the survey is opened, recorte::Footprints say");
  return ok({"a search of one place: " + milliseconds(seconds[seconds.size() / 2]) +
             " in the middle of 200, " + milliseconds(seconds.back()) + " at most"});
}

}  // namespace recorte::check
