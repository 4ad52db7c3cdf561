// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/tile_table.hpp"

#include "core/fits/remote_file.hpp"
#include "core/survey/path_template.hpp"

#include <algorithm>

namespace recorte::survey {
namespace {

class Resolver {
 public:
  Resolver(const SurveyFile& survey, const std::filesystem::path& root, const Table& table,
           PathTemplate names)
      : survey_(survey), table_(table), names_(std::move(names)), globber_(root) {
    const auto fields = names_.fields();
    by_product_ = std::find(fields.begin(), fields.end(), "product") != fields.end();
  }

  Status check() const {
    for (const auto& field : names_.fields())
      if (field != "band" && field != "product" && !table_.column({field}))
        return fail(ErrorCode::kUsage, survey_.file.string() + ": 'path' has {" + field +
                                           "}, which is no column of " + table_.source +
                                           "; there are " + join(table_.columns, ", ") +
                                           ", band, product");
    if (survey_.bands.empty())
      return fail(ErrorCode::kUsage, survey_.file.string() +
                                         ": a survey of tiles lists its bands; add [bands] with "
                                         "g = \"398..548nm\" and the like");
    return {};
  }

  void add(std::size_t row, const std::string& band, const sky::Footprint& footprint) {
    const auto glob = filled(row, band, "image");
    if (!glob) return skip(row, band, glob.error().message);
    auto files = globber_.find(*glob);
    if (files.empty()) return skip(row, band, "no file is called " + *glob);
    if (survey_.keep == SurveyFile::Keep::kNewest) files.erase(files.begin(), files.end() - 1);
    for (const auto& file : files) {
      ImageRecord image;
      image.id = image_id(name_of(file));
      image.band = band;
      image.version = survey_.version;
      image.unit = survey_.unit;
      image.footprint = footprint;
      image.pixel_scale = survey_.pixel_scale.value_or(kNone);
      image.zeropoint = survey_.zeropoint.value_or(kNone);
      add_planes(row, image, file);
      out.images.push_back(std::move(image));
    }
  }

  TileFiles out;

 private:
  /// Of a remote file, what tells it from others of the survey.
  std::string name_of(const std::string& file) const {
    if (!fits::is_remote(file)) return file;
    const auto whole = fits::shown_uri(file);
    const auto host = std::min(whole.find('/', whole.find("://") + 3), whole.size() - 1) + 1;
    const auto literal = std::string_view(survey_.path).substr(0, survey_.path.find('{'));
    const auto begin = literal.rfind('/') + 1;
    return whole.substr(begin > host && whole.starts_with(literal.substr(0, begin)) ? begin : host);
  }

  Result<std::string> filled(std::size_t row, const std::string& band,
                             const std::string& role) const {
    return names_.fill([&](const std::string& field) -> std::string {
      if (field == "band") return band;
      if (field == "product") return product(role);
      return table_.rows[row][*table_.column({field})];
    });
  }

  std::string product(const std::string& role) const {
    for (const auto& plane : survey_.planes)
      if (plane.role == role) return std::get<std::string>(plane.choice);
    return "";
  }

  void add_planes(std::size_t row, ImageRecord& image, const std::string& file) {
    if (survey_.planes.empty()) image.planes.push_back({"image", file, -1, "", -1});
    for (const auto& [role, choice] : survey_.planes) {
      PlaneRecord plane{role, file, -1, "", -1};
      if (by_product_) {
        if (role != "image") {
          const auto glob = filled(row, image.band, role);
          if (!glob) return skip(row, image.band, glob.error().message);
          const auto found = globber_.find(*glob);
          if (found.empty()) {
            skip(row, image.band, "its " + role + " is not there: no file is called " + *glob);
            continue;
          }
          plane.path = found.back();
        }
      } else if (const auto* number = std::get_if<int>(&choice)) {
        plane.hdu = *number;
      } else {
        plane.extname = std::get<std::string>(choice);
      }
      image.planes.push_back(std::move(plane));
    }
  }

  void skip(std::size_t row, const std::string& band, const std::string& reason) {
    out.skipped.push_back(
        {table_.rows[row].front() + " (" + table_.where(row) + "), band " + band, reason});
  }

  const SurveyFile& survey_;
  const Table& table_;
  PathTemplate names_;
  bool by_product_ = false;
  Globber globber_;
};

}  // namespace

Result<TileFiles> resolve_tiles(const SurveyFile& survey, const std::filesystem::path& root,
                                const Table& table,
                                const std::function<void(std::size_t, std::size_t)>& progress) {
  auto names = PathTemplate::parse(survey.path);
  if (!names) return fail(names.error());
  Resolver resolver(survey, root, table, std::move(*names));
  RECORTE_TRY(resolver.check());
  const auto footprints =
      tile_footprints(table, survey.tile_size.value_or(0), survey.tile_margin.value_or(-1));
  if (!footprints) return fail(footprints.error());
  for (std::size_t row = 0; row < table.rows.size(); ++row) {
    if (progress) progress(row, table.rows.size());
    for (const auto& band : survey.bands) resolver.add(row, band.name, (*footprints)[row]);
  }
  if (progress) progress(table.rows.size(), table.rows.size());
  return std::move(resolver.out);
}

}  // namespace recorte::survey
