// SPDX-License-Identifier: BSD-3-Clause
#include "core/survey/index_survey.hpp"

#include "core/base/io.hpp"
#include "core/fits/remote_file.hpp"
#include "core/survey/draft.hpp"
#include "core/survey/stamps.hpp"
#include "core/survey/tile_table.hpp"
#include "core/table/visit.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace recorte::survey {
namespace {

namespace fs = std::filesystem;

/// Reads what changed since the stamps were made, and counts.
class Reading {
 public:
  Reading(fs::path root, const SurveyFile& survey, const fs::path& index)
      : root_(std::move(root)),
        header_(survey.header),
        rules_(rules_of(survey)),
        file_(index.string() + ".stamps"),
        before_(read_stamps(file_, rules_)) {}

  /// `open` false: only size and time are wanted.
  void take(FileFacts& file, bool open, IndexReport& report) {
    const auto old = before_.files.find(file.path);
    const bool same = old != before_.files.end() && old->second.size == file.size &&
                      old->second.mtime_ns == file.mtime_ns;
    ++(old == before_.files.end() ? report.added : same ? report.unchanged : report.changed);
    if (old != before_.files.end()) ++known_;
    if (!open || !file.problem.empty()) return;
    // What failed is tried again: the disk may have recovered.
    if (same && before_.same_rules && old->second.problem.empty()) {
      file.hdus = std::move(old->second.hdus);
    } else {
      read_facts(root_, header_, file);
    }
  }

  Status finish(const std::vector<FileFacts>& files, IndexReport& report) {
    report.removed = before_.files.size() - known_;
    return write_stamps(file_, rules_, files);
  }

 private:
  fs::path root_;
  HeaderRules header_;
  std::string rules_;
  fs::path file_;
  Stamps before_;
  std::size_t known_ = 0;
};

class Indexer {
 public:
  explicit Indexer(const IndexOptions& options) : options_(options) {}

  Result<IndexReport> run() {
    RECORTE_TRY(prepare());
    RECORTE_TRY(survey_.tiles.empty() ? scan() : tiles());
    count();
    // An unmounted disk or a mistyped pattern must not cost the index that stands.
    if (report_.images == 0) return std::move(report_);
    make_absolute();
    RECORTE_TRY(write_image_index(report_.index, grouping_.images));
    RECORTE_TRY(reading_->finish(files_, report_));
    const auto index = ImageIndex::open(report_.index);
    if (!index) return fail(index.error());
    report_.example = find_example(*index);
    if (draft_) {
      if (report_.example) text_ += draft_example(*report_.example, report_.bands.size());
      RECORTE_TRY(write_file(report_.toml, text_));
      report_.toml_written = true;
    }
    if (options_.seek) {
      auto seek =
          index_seeks(root_, grouping_.images, seek_directory(report_.index), options_.progress);
      if (!seek) return fail(std::move(seek).error());
      report_.seek = std::move(*seek);
    }
    return std::move(report_);
  }

 private:
  Status prepare() {
    if (!good_survey_id(options_.name))
      return fail(ErrorCode::kUsage, "'" + options_.name +
                                         "' cannot be a survey's name; use letters, "
                                         "digits, _, - and .");
    const auto surveys = options_.surveys.empty() ? fs::path(".") : options_.surveys;
    std::error_code error;
    fs::create_directories(surveys, error);
    if (error)
      return fail(ErrorCode::kUnavailable,
                  surveys.string() + " cannot be made: " + error.message());
    report_.toml = surveys / (options_.name + ".toml");
    draft_ = !fs::exists(report_.toml, error);
    if (!draft_ || !options_.plugin.empty()) {
      RECORTE_TRY(obey_file());
      if (survey_.id != options_.name)
        return fail(ErrorCode::kUsage, report_.toml.string() + " has the id '" + survey_.id +
                                           "', but a survey is called after its file; remove the "
                                           "id, or rename the file");
    } else {
      survey_.id = options_.name;
      survey_.index = fs::absolute(surveys) / (options_.name + ".index");
    }
    report_.index = survey_.index;
    return find_root();
  }

  /// The file that an adapter needs, or the one that is there.
  Status obey_file() {
    if (draft_)
      text_ = draft_adapted(options_.plugin, options_.release, report_.toml, options_.directory);
    auto document =
        draft_ ? config::parse_toml(text_, report_.toml) : config::read_toml(report_.toml);
    if (document && options_.complete) document = options_.complete(*document);
    if (!document) return fail(std::move(document).error());
    auto survey = survey_file_of(*document);
    if (!survey) return fail(std::move(survey).error());
    survey_ = std::move(*survey);
    return {};
  }

  Status find_root() {
    const auto& given = options_.directory;
    if (draft_ && given.empty())
      return fail(ErrorCode::kUsage, report_.toml.string() +
                                         " is not there yet; name the directory "
                                         "of the survey's files");
    root_ = given.empty() ? survey_.root : given;
    std::error_code error;
    if (!fs::is_directory(root_, error))
      return fail(
          ErrorCode::kNotFound,
          root_.string() + " is not a directory; name the one that holds the survey's files");
    if (survey_.root_given && !given.empty() && !fs::equivalent(root_, survey_.root, error))
      return fail(ErrorCode::kUsage, report_.toml.string() + " has root " + survey_.root.string() +
                                         ", not " + given.string() + "; change one of the two");
    root_ = fs::canonical(root_, error);
    report_.root = root_;
    if (error) return fail(ErrorCode::kUnavailable, root_.string() + ": " + error.message());
    // Without `root`, whoever reads the index knows only where the TOML lies.
    absolute_ = !draft_ && !survey_.root_given && !fs::equivalent(root_, survey_.root, error);
    reading_.emplace(root_, survey_, report_.index);
    return {};
  }

  Status scan() {
    auto files = list_files(root_);
    if (!files) return fail(files.error());
    files_ = std::move(*files);
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (options_.progress) options_.progress(i, files_.size());
      reading_->take(files_[i], true, report_);
    }
    if (options_.progress) options_.progress(files_.size(), files_.size());
    if (text_.empty() && draft_) RECORTE_TRY(draft());
    grouping_ = group_images(files_, survey_);
    return {};
  }

  /// What is written is what is obeyed: the draft is read back.
  Status draft() {
    text_ = draft_survey(options_.name, report_.toml, root_, files_);
    const auto document = config::parse_toml(text_, report_.toml);
    if (!document) return fail(ErrorCode::kInternal, document.error().message);
    auto survey = survey_file_of(*document);
    if (!survey) return fail(ErrorCode::kInternal, survey.error().message);
    survey_ = std::move(*survey);
    return {};
  }

  Status tiles() {
    const auto table = table::read_table(survey_.tiles);
    if (!table) return fail(table.error());
    auto resolved = resolve_tiles(survey_, root_, *table, options_.progress);
    if (!resolved) return fail(resolved.error());
    grouping_.skipped = std::move(resolved->skipped);
    std::map<std::string, std::size_t> place;
    for (const auto& image : resolved->images) {
      const auto& path = image.planes.front().path;
      const auto [at, added] = place.try_emplace(path, files_.size());
      if (added) {
        files_.push_back(stat_file(root_, path));
        reading_->take(files_.back(), survey_.header.any(), report_);
      }
    }
    for (auto& image : resolved->images) {
      const auto& file = files_[place[image.planes.front().path]];
      if (survey_.header.any()) {
        add_with_header(file, image);
      } else {
        grouping_.images.push_back(std::move(image));
      }
    }
    make_unique(grouping_.images);
    return {};
  }

  /// What the header says, in the band that the tile's file name says, with planes of other files.
  void add_with_header(const FileFacts& file, const ImageRecord& tile) {
    auto found = group_file(file, survey_, tile.band);
    for (auto& image : found.images) {
      for (const auto& plane : tile.planes)
        if (plane.path != file.path) image.planes.push_back(plane);
      grouping_.images.push_back(std::move(image));
    }
    std::move(found.skipped.begin(), found.skipped.end(), std::back_inserter(grouping_.skipped));
  }

  void count() {
    report_.images = grouping_.images.size();
    report_.skipped = std::move(grouping_.skipped);
    std::map<std::string, std::size_t> bands;
    for (const auto& image : grouping_.images) ++bands[image.band];
    report_.bands.assign(bands.begin(), bands.end());
  }

  void make_absolute() {
    if (!absolute_) return;
    for (auto& image : grouping_.images)
      for (auto& plane : image.planes)
        if (!fits::is_remote(plane.path)) plane.path = (root_ / plane.path).string();
  }

  const IndexOptions& options_;
  IndexReport report_;
  SurveyFile survey_;
  fs::path root_;
  bool draft_ = false, absolute_ = false;
  std::optional<Reading> reading_;
  std::vector<FileFacts> files_;
  Grouping grouping_;
  std::string text_;
};

}  // namespace

Result<IndexReport> index_survey(const IndexOptions& options) { return Indexer(options).run(); }

}  // namespace recorte::survey
