// SPDX-License-Identifier: BSD-3-Clause
#include <recorte/sdk.hpp>

#include <array>
#include <chrono>

namespace {

constexpr std::array<std::string_view, RECORTE_ROLES> kRoles{"image", "weight", "variance", "mask"};
constexpr double kUnixEpochMjd = 40587;

double mjd_now() {
  const std::chrono::duration<double, std::ratio<86400>> days =
      std::chrono::system_clock::now().time_since_epoch();
  return kUnixEpochMjd + days.count();
}

/// Any survey whose images `recorte survey index` has found: the index answers, this adapter adds
/// what the survey's TOML says of all of them.
class Tiles : public recorte::Survey {
 public:
  explicit Tiles(const recorte::Config& config)
      : footprints_(recorte::Footprints::open(config.host(), config.get("/survey/index"),
                                              config.get("/survey/root"))),
        access_group_(config.get("/survey/access_group", "")) {
    about_.title = config.get("/survey/title", config.get("/survey/id"));
    about_.release = config.get("/survey/release", "");
    about_.citation = config.get("/survey/citation", "");
    about_.example_ra = config.number("/example/ra", NAN);
    about_.example_dec = config.number("/example/dec", NAN);
    public_after_ = config.number("/survey/public_after", INFINITY);
    const auto& all = footprints_.summary();
    about_.pixel_scale = all.pixel_scale;
    for (std::uint32_t i = 0; i < all.band_count; ++i)
      about_.bands.push_back({std::string(recorte::view(all.bands[i]))});
    about_.planes.clear();
    for (unsigned role = 0; role < RECORTE_ROLES; ++role)
      if ((all.roles >> role & 1U) != 0) about_.planes.emplace_back(kRoles[role]);
  }

  recorte::Description describe() override { return about_; }

  void find(const recorte::Query& query, const recorte::Sources& out,
            const recorte::Call& call) override {
    const double now = mjd_now();
    footprints_.find(query, call, [&](recorte_source& source) {
      source.release = recorte::str(about_.release);
      const bool old_enough =
          source.t_max + public_after_ < now;  // false while a time is not known
      if (source.access_group.size == 0 && !old_enough)
        source.access_group = recorte::str(access_group_);
      out.add(source);
    });
  }

 private:
  recorte::Footprints footprints_;
  recorte::Description about_;
  std::string access_group_;
  double public_after_ = INFINITY;  ///< days
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Tiles>)
