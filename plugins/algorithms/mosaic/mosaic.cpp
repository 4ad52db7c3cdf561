// SPDX-License-Identifier: BSD-3-Clause
#include "../planes/products.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace {

using recorte::Error;
using recorte::Job;
using recorte::view;

/// Whether a unit is of surface brightness: per steradian, square angle or beam, or a brightness
/// temperature.
bool per_angle(std::string_view unit) {
  std::string plain;
  for (const char c : unit)
    if (std::string_view(" ^*()").find(c) == std::string_view::npos)
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::array<std::string_view, 10> kPerAngle{
      "/sr",      "/beam",    "sr-1",     "beam-1",    "/arcsec2",
      "/arcmin2", "arcsec-2", "arcmin-2", "/sqarcsec", "/deg2"};
  constexpr std::array<std::string_view, 6> kTemperature{"k",     "mk",     "uk",
                                                         "k_cmb", "mk_cmb", "uk_cmb"};
  if (std::ranges::find(kTemperature, plain) != kTemperature.end()) return true;
  return std::ranges::any_of(
      kPerAngle, [&](std::string_view part) { return plain.find(part) != std::string::npos; });
}

/// The number of a parameter's value among the names of its schema, which sees to it that it is
/// given and one of them.
template <std::size_t N>
std::int32_t choice(const recorte::Config& params, const char* pointer,
                    const std::array<std::string_view, N>& names) {
  const auto text = params.get(pointer);
  return static_cast<std::int32_t>(std::ranges::find(names, text) - names.begin());
}

class Mosaic : public recorte::Algorithm {
 public:
  explicit Mosaic(const recorte::Config&) {}

  void outline(const Job& job) override {
    if (job.inputs().empty()) throw Error(RECORTE_NO_COVERAGE, "no image meets the region");
    for (auto product : products(job)) {
      if (!product.blank) product.cards = cards_of(job, product);
      job.declare(product);
    }
    texts_.clear();
  }

  void run(const Job& job) override {
    const auto product = products(job).at(job.output());
    job.call().checkpoint();
    if (product.blank) return planes::emit_nothing(job);
    const auto options = options_of(job, product.input);
    job.emit(job.mosaic(band_number(job, product.band), product.role, job.window(), options));
  }

 private:
  recorte_pair card(const char* key, std::string value) {
    texts_.push_back(std::make_unique<std::string>(std::move(value)));
    return {recorte::str(key), recorte::str(*texts_.back())};
  }

  /// What a part says of its making: masks are of the nearest pixels, weights bilinear at most.
  std::vector<recorte_pair> cards_of(const Job& job, const recorte::Output& product) {
    const auto options = options_of(job, product.input);
    const bool image = product.role == RECORTE_IMAGE;
    const bool mask = product.role == RECORTE_MASK;
    const bool first = options.combine == RECORTE_FIRST;
    auto kernel = job.params().get("/kernel");
    if (mask) kernel = "nearest";
    if (!image && !mask && options.kernel == RECORTE_LANCZOS3) kernel = "bilinear";
    std::vector<recorte_pair> out{
        card("RCKERNEL", kernel),
        card("RCCOMBIN", mask && !first ? "or" : job.params().get("/combine"))};
    if (mask) return out;
    out.push_back(
        card("RCCONSRV", options.conserve == RECORTE_FLUX ? "flux" : "surface brightness"));
    out.push_back(card("RCBACKGR", job.params().get("/background")));
    return out;
  }

  static recorte_mosaic_options options_of(const Job& job, std::uint32_t input) {
    const auto params = job.params();
    recorte_mosaic_options out{};
    out.struct_size = sizeof out;
    out.kernel = choice<3>(params, "/kernel", {"nearest", "bilinear", "lanczos3"});
    out.combine = choice<3>(params, "/combine", {"mean", "median", "first"});
    const auto conserve = params.get("/conserve");
    const bool brightness = conserve == "auto" ? per_angle(view(job.inputs()[input].unit))
                                               : conserve == "surface_brightness";
    out.conserve = brightness ? RECORTE_SURFACE_BRIGHTNESS : RECORTE_FLUX;
    out.exact_mapping = params.get("/mapping") == "exact";
    out.match_background = params.get("/background") == "match";
    return out;
  }

  static std::uint32_t band_number(const Job& job, std::string_view name) {
    const auto found = std::ranges::find(job.bands(), name,
                                         [](const recorte_band& band) { return view(band.name); });
    return static_cast<std::uint32_t>(found - job.bands().begin());
  }

  /// Resampled floats; masks as stored.
  static std::vector<recorte::Output> products(const Job& job) {
    auto out = planes::on_target(job);
    for (auto& product : out)
      if (product.role != RECORTE_MASK) product.bitpix = RECORTE_F32;
    return out;
  }

  std::vector<std::unique_ptr<std::string>> texts_;
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Mosaic>)
