// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/survey/check.hpp"

#include "core/base/text.hpp"
#include "core/command/survey/progress.hpp"
#include "core/command/tools/tools.hpp"

#include <nlohmann/json.hpp>
#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace recorte::command {
namespace {

using coverage::short_text;
using inspect::CheckReport;
using nlohmann::ordered_json;

void line(const std::string& head, const std::string& text) {
  std::printf("%-11s %s\n", head.c_str(), text.c_str());
}

std::string plural(std::size_t count, const std::string& what) {
  return std::to_string(count) + " " + what + (count == 1 ? "" : "s");
}

/// "0.263", "0.26 to 0.27".
std::string range_text(double low, double high) {
  const auto text = [](double value) { return number_text(std::round(value * 1e4) / 1e4); };
  return text(low) + (text(low) == text(high) ? "" : " to " + text(high));
}

std::string units_text(const inspect::BandFacts& band) {
  std::vector<std::string> out;
  for (const auto& [unit, count] : band.units) out.push_back(unit.empty() ? "no unit" : unit);
  return join(out, " or ");
}

void print_bands(const CheckReport& report) {
  for (const auto& band : report.coverage.bands) {
    auto text =
        short_text(band.sky.held.area()) + " square degrees, " + plural(band.images, "image");
    if (const auto known = report.bands.find(band.band); known != report.bands.end()) {
      const auto& facts = known->second;
      text += ", " + range_text(3600 * facts.smallest_pixel, 3600 * facts.largest_pixel) +
              " arcsec a pixel, in " + units_text(facts);
      if (!std::isnan(facts.lowest_zeropoint))
        text += ", zero point " + range_text(facts.lowest_zeropoint, facts.highest_zeropoint);
    }
    line("  " + band.band, text);
  }
}

void print_remark(const inspect::Remark& remark, bool colour) {
  const auto* word = remark.trouble ? (colour ? "\033[31mFAIL\033[0m  " : "FAIL  ") : "note  ";
  std::printf("%s%s: %zu\n", word, remark.what.c_str(), remark.count);
  for (const auto& example : remark.examples) std::printf("        %s\n", example.c_str());
  if (remark.count > remark.examples.size())
    std::printf("        and %zu more\n", remark.count - remark.examples.size());
  std::printf("      remedy: %s\n", remark.remedy.c_str());
}

ordered_json number_or_null(double value) {
  return std::isfinite(value) ? ordered_json(value) : ordered_json();
}

ordered_json bands_json(const CheckReport& report) {
  auto out = ordered_json::object();
  for (const auto& band : report.coverage.bands)
    out[band.band] = {{"images", band.images}, {"area", band.sky.held.area()}};
  for (const auto& [name, facts] : report.bands)
    out[name].update(
        {{"pixel_scale", {facts.smallest_pixel, facts.largest_pixel}},
         {"units", facts.units},
         {"zeropoint",
          {number_or_null(facts.lowest_zeropoint), number_or_null(facts.highest_zeropoint)}}});
  return out;
}

}  // namespace

void print(const CheckReport& report) {
  const bool colour = ::isatty(STDOUT_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
  line("survey", report.survey + ", served by " + report.plugin + ": " +
                     plural(report.images, "image") + (report.all ? "" : ", and more"));
  if (!report.coverage.bands.empty())
    line("coverage", short_text(report.coverage.sky.held.area()) + " square degrees");
  print_bands(report);
  if (report.without_place > 0)
    line("", plural(report.without_place, "image") + " whose place the survey does not say");
  if (report.opened > 0)
    line("opened",
         std::to_string(report.opened) + " of " + std::to_string(report.images) +
             (report.opened < report.images ? ", chosen by seed " + std::to_string(report.seed) +
                                                  "; --sample N opens more, --all opens all"
                                            : ""));
  std::vector<std::string> packing;
  for (const auto& [how, count] : report.packing)
    packing.push_back(how + " (" + std::to_string(count) + ")");
  if (!packing.empty()) line("compression", join(packing, ", "));
  if (const auto& speed = report.speed)
    line("speed", short_text(speed->cold) + " stamps a second from the disk, " +
                      short_text(speed->warm) + " with files open, by one worker (" +
                      std::to_string(speed->stamps) + " of " + std::to_string(inspect::kStampSide) +
                      " x " + std::to_string(inspect::kStampSide) + " pixels)");
  for (const auto& remark : report.remarks) print_remark(remark, colour);
  if (report.good)
    std::printf("%s\n",
                colour ? "\033[32mok\033[0m    nothing is wrong" : "ok    nothing is wrong");
}

void print_json(const CheckReport& report) {
  auto remarks = ordered_json::array();
  for (const auto& remark : report.remarks)
    remarks.push_back({{"trouble", remark.trouble},
                       {"what", remark.what},
                       {"count", remark.count},
                       {"examples", remark.examples},
                       {"remedy", remark.remedy}});
  ordered_json out{{"survey", report.survey},
                   {"plugin", report.plugin},
                   {"ok", report.good},
                   {"images", report.images},
                   {"all", report.all},
                   {"area", report.coverage.sky.held.area()},
                   {"images_without_place", report.without_place},
                   {"bands", bands_json(report)},
                   {"opened", report.opened},
                   {"seed", report.seed},
                   {"compression", report.packing},
                   {"speed", nullptr},
                   {"remarks", std::move(remarks)}};
  if (const auto& speed = report.speed)
    out["speed"] = {{"stamps", speed->stamps}, {"cold", speed->cold}, {"warm", speed->warm}};
  std::printf("%s\n", out.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

int check_survey(const inspect::CheckOptions& options, bool json) {
  auto wanted = options;
  wanted.progress = show_progress;
  const auto report = inspect::check_survey(wanted);
  if (!report) return complain(report.error());
  json ? print_json(*report) : print(*report);
  return report->good ? 0 : 1;
}

}  // namespace recorte::command
