// SPDX-License-Identifier: BSD-3-Clause
//
// A survey and an algorithm that use all of ABI 1.0, as the wrapper of the day of the freeze has
// it.
#include <recorte/sdk.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace {

using recorte::Error;
using recorte::Job;
using recorte::str;
using recorte::view;

/// The index of another survey; or, without one, two images that are made up.
class Archive : public recorte::Survey {
 public:
  explicit Archive(const recorte::Config& config) : footprints_(open(config)) {
    about_.title = config.get("/survey/title", "Frozen");
    about_.release = "1";
    about_.pixel_scale = footprints_.summary().pixel_scale;
    for (std::uint32_t i = 0; i < footprints_.summary().band_count; ++i)
      about_.bands.push_back({std::string(view(footprints_.summary().bands[i])), 4e-7, 5e-7});
    about_.planes = {"image", "mask"};
  }

  recorte::Description describe() override { return about_; }

  void find(const recorte::Query& query, const recorte::Sources& out,
            const recorte::Call& call) override {
    footprints_.find(query, call, [&](recorte_source& source) {
      static const recorte_pair card{str("FROZEN"), str("'1.0'")};
      source.release = str("1");
      source.cards = &card;
      source.card_count = 1;
      if (query.wants(view(source.band))) out.add(source);
    });
  }

 private:
  static recorte::Footprints open(const recorte::Config& config) {
    if (const auto index = config.find("/survey/index"))
      return recorte::Footprints::open(config.host(), *index, config.get("/survey/root"));
    config.host().log(RECORTE_INFO, "two images are made up");
    std::vector<recorte::Source> made;
    for (const char* band : {"g", "r"}) {
      recorte::Source source;
      source.id = band;
      source.band = band;
      source.planes = {{.uri = "/archive/image.fits", .hdu = 1},
                       {.uri = "/archive/mask.fits", .role = RECORTE_MASK, .extname = "MSK"}};
      source.unit = "nJy";
      source.access_group = "team";
      source.s_region = "CIRCLE ICRS 10 -20 0.5";
      source.t_min = 55000;
      source.t_max = 55001;
      source.exptime = 90;
      source.zeropoint = 31.4;
      source.variant = "deep";
      source.pairs = {{str("obs_id"), str("7")}};
      made.push_back(source);
    }
    return recorte::Footprints::of(config.host(), made);
  }

  recorte::Footprints footprints_;
  recorte::Description about_;
};

/// For each band the mean of its images times a factor; then the first image's own pixels and mask.
class Mean : public recorte::Algorithm {
 public:
  explicit Mean(const recorte::Config& config) { config.host().log(RECORTE_DEBUG, "opened"); }

  void outline(const Job& job) override {
    if (job.inputs().empty()) throw Error(RECORTE_NO_COVERAGE, "no image meets the region");
    for (const auto& band : job.bands())
      job.declare({.input = first_of(job, view(band.name)),
                   .rect = job.target().rect,
                   .bitpix = RECORTE_F32,
                   .band = view(band.name),
                   .name = view(band.name),
                   .cards = {{str("MEANOF"), str("'images'")}},
                   .on_target = true});
    const auto& input = job.inputs()[0];
    for (const auto role : {RECORTE_IMAGE, RECORTE_MASK})
      if ((input.roles >> role & 1U) != 0)
        job.declare({.input = 0, .rect = input.region, .role = role, .name = "OWN"});
  }

  void run(const Job& job) override {
    job.call().checkpoint();
    job.call().progress(0.5, "half");
    const auto bands = static_cast<std::uint32_t>(job.bands().size());
    if (job.output() < bands) return job.emit(mean(job, job.output()));
    job.emit(job.read(0, job.output() == bands ? RECORTE_IMAGE : RECORTE_MASK, job.window()));
  }

 private:
  static std::uint32_t first_of(const Job& job, std::string_view band) {
    const auto found = std::ranges::find(
        job.inputs(), band, [](const recorte_input& i) { return view(i.source->band); });
    if (found == job.inputs().end()) throw Error(RECORTE_NOT_FOUND, "a band has no image");
    return static_cast<std::uint32_t>(found - job.inputs().begin());
  }

  static recorte::Image mean(const Job& job, std::uint32_t band) {
    const auto& window = job.window();
    recorte_mosaic_options options{};
    options.struct_size = sizeof options;
    options.kernel = RECORTE_LANCZOS3;
    auto combined = job.mosaic(band, RECORTE_IMAGE, window, options);
    check_mapping(job);
    const auto factor = static_cast<float>(job.params().number("/factor", 1));
    auto out = job.make(RECORTE_F32, window.width, window.height);
    for (std::int64_t y = 0; y < window.height; ++y)
      std::ranges::transform(combined.row<float>(y), out.row<float>(y).begin(),
                             [=](float v) { return factor * v; });
    log_range(job, out);
    return out;
  }

  /// There and back again.
  static void check_mapping(const Job& job) {
    const double corner[2] = {static_cast<double>(job.window().x),
                              static_cast<double>(job.window().y)};
    double sky[2], back[2];
    job.to_sky(RECORTE_TARGET, corner, sky);
    job.to_pixel(RECORTE_TARGET, sky, back);
    if (std::hypot(back[0] - corner[0], back[1] - corner[1]) > 1e-6)
      throw Error(RECORTE_INTERNAL, "a pixel does not map back to itself");
  }

  static void log_range(const Job& job, recorte::Image& image) {
    const auto row = image.row<float>(0);
    const auto& stretch = job.host().service<recorte_stretch>(RECORTE_STRETCH_V1);
    double black = 0, white = 0;
    recorte_error err{};
    err.struct_size = sizeof err;
    if (stretch.percentiles(row.data(), row.size(), 1, 99, &black, &white, &err) == RECORTE_OK)
      job.host().log(RECORTE_INFO, std::to_string(black) + " to " + std::to_string(white),
                     job.call().raw());
  }
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Archive>, recorte::provides<Mean>)
