// SPDX-License-Identifier: BSD-3-Clause
#include "columns.hpp"

#include <recorte/draft/table.hpp>

#include <deque>
#include <map>
#include <optional>

namespace {

constexpr int kMostTold = 10;  ///< rows that are not served, each by itself

/// The images listed in a table with the columns of ObsCore: one row an image.
class ObsCore : public recorte::Survey {
 public:
  explicit ObsCore(const recorte::Config& config)
      : host_(config.host()),
        root_(config.get("/survey/root")),
        band_column_(obscore::lower(config.get("/obscore/band", ""))),
        extname_(config.get("/obscore/extname", "")),
        group_(config.get("/obscore/group", "")) {
    const auto table = config.get("/survey/index");
    about_.title = config.get("/survey/title", config.get("/survey/id"));
    about_.release = config.get("/survey/release", "");
    about_.citation = config.get("/survey/citation", "");
    about_.example_ra = config.number("/example/ra", NAN);
    about_.example_dec = config.number("/example/dec", NAN);
    recorte::read_table(
        host_, table, [&](const recorte::Row& row) { take(row); },
        [&](std::string_view place, std::string_view why) { pass_over(place, std::string(why)); });
    if (unserved_ > kMostTold)
      host_.log(RECORTE_WARN, std::to_string(unserved_) + " rows of " + table + " are not served");
    if (sources_.empty())
      throw recorte::Error(RECORTE_INVALID, "no row of " + table + " can be served" +
                                                (first_.empty() ? "" : ": " + first_));
    footprints_.emplace(recorte::Footprints::of(host_, sources_));  // which copies
    sources_.clear();
    texts_.clear();
  }

  recorte::Description describe() override { return about_; }

  void find(const recorte::Query& query, const recorte::Sources& out,
            const recorte::Call& call) override {
    footprints_->find(query, call, [&](const recorte_source& source) { out.add(source); });
  }

 private:
  void take(const recorte::Row& row) {
    try {
      add(row);
    } catch (const recorte::Error& e) {
      if (e.code != RECORTE_INVALID) throw;
      pass_over(row.place(), e.what());
    }
  }

  void pass_over(std::string_view place, const std::string& why) {
    const auto told = std::string(place) + " is not served: " + why;
    if (first_.empty()) first_ = told;
    if (unserved_++ < kMostTold) host_.log(RECORTE_WARN, told);
  }

  void add(const recorte::Row& row) {
    obscore::check_kind(row);
    const bool everybodys = obscore::is_public(row);
    if (!everybodys && group_.empty())
      obscore::refuse(
          "it is not public, and the survey's file names no group for such (obscore.group)");
    const auto file = obscore::file_of(row, root_);
    const auto band = obscore::band_of(row, band_column_);
    const auto region = obscore::region_of(row, host_);
    auto id = row.text("obs_publisher_did");
    if (id.empty()) id = row.text("obs_id");
    if (id.empty()) id = row.text("access_url");
    sources_.push_back({.id = kept(id),
                        .band = kept(band),
                        .planes = {{.uri = kept(file), .extname = extname_}},
                        .release = about_.release,
                        .unit = kept(row.text("o_unit")),
                        .access_group = everybodys ? std::string_view() : group_,
                        .s_region = kept(region),
                        .t_min = row.number("t_min"),
                        .t_max = row.number("t_max"),
                        .exptime = row.number("t_exptime")});
    describe_band(band, row.number("em_min"), row.number("em_max"));
    about_.pixel_scale = std::fmax(about_.pixel_scale, row.number("s_pixel_scale") / 3600);
    if (std::isnan(about_.example_ra)) {
      about_.example_ra = row.number("s_ra");
      about_.example_dec = row.number("s_dec");
    }
  }

  /// The text, until the index has copied it.
  std::string_view kept(std::string_view text) { return texts_.emplace_back(text); }

  /// A band is as wide as its images together.
  void describe_band(const std::string& name, double em_min, double em_max) {
    const auto known = std::ranges::find(about_.bands, name, &recorte::Description::Band::name);
    if (known == about_.bands.end()) {
      about_.bands.push_back({name, em_min, em_max});
      return;
    }
    known->lambda_min = std::fmin(known->lambda_min, em_min);
    known->lambda_max = std::fmax(known->lambda_max, em_max);
  }

  recorte::Host host_;
  std::string root_, band_column_, extname_, group_;
  recorte::Description about_;
  std::vector<recorte::Source> sources_;  ///< while the table is read
  std::deque<std::string> texts_;
  std::optional<recorte::Footprints> footprints_;
  int unserved_ = 0;
  std::string first_;  ///< of them, why
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<ObsCore>)
