// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/provenance.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/base/version.hpp"

#include <filesystem>

namespace recorte::cutout {
namespace {

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

void describe_part(fits::Header& header, const Outline& outline, const Located& located, int hdu,
                   const std::string& file) {
  const auto& info = located.image->info;
  const auto inside = sky::intersection(outline.rect, {0, 0, info.width, info.height});
  const bool padded = inside.area() != outline.rect.area();
  const bool clipped = located.selection.coverage < 1 && !padded;
  if (!outline.band.empty()) header.set_text("RCBAND", outline.band, "band");
  header.set_text("RCPLANE", kPlaneNames[static_cast<std::size_t>(outline.role)],
                  "what the pixels mean");
  if (outline.blank) {
    header.set_text("RCEDGE", "absent", "no image of this band covers the region");
    return;
  }
  header.set_text("RCIMAGE", located.source.id, "image");
  if (!located.source.version.empty())
    header.set_text("RCIMGVER", located.source.version, "its version");
  header.set_text("RCFILE", std::filesystem::path(file).filename().string(), "its file");
  header.set_integer("RCHDU", hdu, "its HDU, 0 is the primary");
  header.set_integer("RCX0", outline.rect.x, "first column in it, from 0");
  header.set_integer("RCY0", outline.rect.y, "first row in it, from 0");
  header.set_text("RCEDGE",
                  padded    ? "padded"
                  : clipped ? "clipped"
                            : "inside",
                  "region at the image's edge");
  header.set_number("RCCOVER", located.selection.coverage, "fraction of the region covered");
}

std::vector<std::pair<std::string, std::string>> png_text(const Provenance& p,
                                                          const std::vector<UsedImage>& images,
                                                          const fits::Header& wcs) {
  std::vector<std::string> sources;
  for (const auto& image : images)
    sources.push_back(image.band + ": " + image.id + " (" +
                      std::filesystem::path(image.file).filename().string() + "[" +
                      std::to_string(image.hdu) + "])");
  std::string cards;
  for (const auto& card : wcs.cards())
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
