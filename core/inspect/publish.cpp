// SPDX-License-Identifier: BSD-3-Clause
#include "core/inspect/publish.hpp"

#include "core/coverage/files.hpp"
#include "core/cutout/cutter.hpp"
#include "core/inspect/sources.hpp"
#include "core/plugin/registry.hpp"

namespace recorte::inspect {

Result<bool> publish_coverage(const Where& where, const std::string& survey,
                              const std::function<void(std::size_t, std::size_t)>& progress) {
  cutout::Cutter cutter(where.surveys, plugin::Registry::scan(where.plugins));
  const auto opened = cutter.catalogue().survey(survey, {});
  if (!opened) return fail(opened.error());
  auto sources = sources_of(**opened);
  if (!sources) return fail(std::move(sources).error());
  std::erase_if(sources->images,
                [&](const cutout::Source& image) { return !is_for_all(**opened, image); });
  const auto places = places_of(sources->images);
  const auto directory = coverage::directory_of(where.surveys, survey);
  if (places.empty()) {
    std::error_code error;
    for (const auto* name :
         {coverage::kPictureFile, coverage::kMocFitsFile, coverage::kMocJsonFile})
      std::filesystem::remove(directory / name, error);
    return false;
  }
  RECORTE_TRY(coverage::write_files(
      directory, coverage::survey_coverage(places, bands_of(**opened), progress), survey));
  return true;
}

}  // namespace recorte::inspect
