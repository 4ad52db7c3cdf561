/// A survey whose images `recorte survey index` has found: an adapter as it is, and what to derive
/// from where images are strange.
///
///   RECORTE_PLUGIN(recorte::provides<recorte::IndexedSurvey>)
///
/// plugin.json then says "survey": { "indexed": true, "defaults": { … } }: the defaults are what
/// the survey's TOML need not say.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "survey.hpp"

#include <array>
#include <chrono>

namespace recorte {

class IndexedSurvey : public Survey {
 public:
  explicit IndexedSurvey(const Config& config)
      : footprints_(Footprints::open(config.host(), config.get("/survey/index"),
                                     config.get("/survey/root"))),
        access_group_(config.get("/survey/access_group", "")),
        public_after_(config.number("/survey/public_after", INFINITY)) {
    about_.title = config.get("/survey/title", config.get("/survey/id"));
    about_.release = config.get("/survey/release", "");
    about_.citation = config.get("/survey/citation", "");
    about_.example_ra = config.number("/example/ra", NAN);
    about_.example_dec = config.number("/example/dec", NAN);
    const auto& all = footprints_.summary();
    about_.pixel_scale = all.pixel_scale;
    for (std::uint32_t i = 0; i < all.band_count; ++i)
      about_.bands.push_back({std::string(view(all.bands[i]))});
    about_.planes.clear();
    constexpr std::array roles{"image", "weight", "variance", "mask"};
    for (unsigned role = 0; role < roles.size(); ++role)
      if ((all.roles >> role & 1U) != 0) about_.planes.emplace_back(roles[role]);
  }

  Description describe() override { return about_; }

  void find(const Query& query, const Sources& out, const Call& call) override {
    const std::chrono::duration<double, std::ratio<86400>> now =
        std::chrono::system_clock::now().time_since_epoch();
    constexpr double kUnixEpoch = 40587;  // MJD
    footprints_.find(query, call, [&](recorte_source& source) {
      source.release = str(about_.release);
      // False while a time is not known.
      const bool old_enough = source.t_max + public_after_ < now.count() + kUnixEpoch;
      if (source.access_group.size == 0 && !old_enough) source.access_group = str(access_group_);
      adapt(source, out);
    });
  }

 protected:
  /// Gives the host an image that the index found, with all that it and the survey's TOML say of
  /// it. Override it to say more, to add planes, or to leave images out. What `source` points at
  /// is borrowed for the call, and may be pointed elsewhere.
  virtual void adapt(recorte_source& source, const Sources& out) { out.add(source); }

  /// What describe() says; a derived constructor may change it.
  Description about_;

 private:
  Footprints footprints_;
  std::string access_group_;
  double public_after_;  ///< days
};

}  // namespace recorte
