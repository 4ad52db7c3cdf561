// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/provenance.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/base/version.hpp"
#include "core/fits/remote_file.hpp"

#include <filesystem>

namespace recorte::cutout {
namespace {

constexpr std::size_t kMostNamed = 9999;

/// Without directories.
std::string file_name(const SourcePlane* plane) {
  return plane ? std::filesystem::path(fits::shown_uri(plane->path)).filename().string() : "";
}

std::string software() { return "Recorte " + std::string(version()); }

}  // namespace

void describe_product(fits::Header& header, const Provenance& p) {
  header.set_text("DATE", fits_date(p.made), "UTC date of this file");
  header.set_text("RCSOFT", software(), "made by");
  header.set_text("RCSURVEY", p.survey, "survey");
  if (!p.release.empty()) header.set_text("RCRELEAS", p.release, "release");
  header.set_text("RCADAPT", p.adapter, "survey plugin");
  header.set_text("RCALGO", p.algorithm, "algorithm plugin");
  header.set_text("RCREQ", p.request);
  if (!p.warnings.empty()) header.set_text("RCWARN", join(p.warnings, "; "));
}

void describe_part(fits::Header& header, AlgorithmRun& run, const Outline& outline, int hdu) {
  if (!outline.band.empty()) header.set_text("RCBAND", outline.band, "band");
  header.set_text("RCPLANE", kPlaneNames[static_cast<std::size_t>(outline.role)],
                  "what the pixels mean");
  if (outline.blank) {
    header.set_text("RCEDGE", "absent", "no image of this band covers the region");
    return;
  }
  const auto& located = run.location().images[outline.input];
  const auto* plane = located.source.plane(outline.role);
  const auto images = run.images_of(outline);
  if (images.size() == 1) {
    header.set_text("RCIMAGE", located.source.id, "image");
    if (!located.source.version.empty())
      header.set_text("RCIMGVER", located.source.version, "its version");
    header.set_text("RCFILE", file_name(plane), "its file");
    header.set_integer("RCHDU", hdu, "its HDU, 0 is the primary");
  } else {
    header.set_integer("RCIMAGES", std::ssize(images), "images that were combined");
    for (std::size_t i = 0; i < images.size() && i < kMostNamed; ++i) {
      const auto& one = run.location().images[images[i]].source;
      header.set_text("RCIM" + std::to_string(i + 1),
                      one.id + " (" + file_name(one.plane(outline.role)) + ")");
    }
  }
  const auto& info = located.image->info;
  const bool own_grid = !outline.on_target || run.target()->input == outline.input;
  if (own_grid && images.size() == 1) {
    header.set_integer("RCX0", outline.rect.x, "first column in it, from 0");
    header.set_integer("RCY0", outline.rect.y, "first row in it, from 0");
  }
  const double coverage =
      images.size() == 1 ? located.selection.coverage : run.coverage_of(outline);
  const auto inside = sky::intersection(outline.rect, {0, 0, info.width, info.height});
  const bool padded = outline.on_target ? run.keeps_size() : inside.area() != outline.rect.area();
  header.set_text("RCEDGE",
                  coverage >= 1 ? "inside"
                  : padded      ? "padded"
                                : "clipped",
                  "region at the image's edge");
  header.set_number("RCCOVER", coverage, "fraction of the region covered");
}

std::vector<std::pair<std::string, std::string>> picture_text(const Provenance& p,
                                                              const std::vector<UsedImage>& images,
                                                              const fits::Header& wcs) {
  std::vector<std::string> sources;
  for (const auto& image : images)
    sources.push_back(image.band + ": " + image.id + " (" +
                      std::filesystem::path(image.file).filename().string() + "[" +
                      std::to_string(image.hdu) + "])");
  std::string cards;
  for (const auto card : wcs.cards())
    cards += std::string(card.substr(0, card.find_last_not_of(' ') + 1)) + "\n";
  return {{"Software", software()},
          {"Creation Time", iso_time(p.made)},
          {"Source", join(sources, "; ")},
          {"Survey", p.survey + (p.release.empty() ? "" : " " + p.release)},
          {"Adapter", p.adapter},
          {"Algorithm", p.algorithm},
          {"Request", p.request},
          {"WCS", cards}};
}

}  // namespace recorte::cutout
