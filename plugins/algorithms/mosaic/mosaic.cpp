// SPDX-License-Identifier: BSD-3-Clause
#include <recorte/sdk.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <limits>

namespace {

using recorte::Error;
using recorte::Job;
using recorte::view;

bool has(const recorte_input& input, recorte_role role) { return (input.roles >> role & 1U) != 0; }

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

template <std::size_t N>
std::int32_t choice(const recorte::Config& params, const char* pointer,
                    const std::array<const char*, N>& names) {
  const auto text = params.get(pointer, names[0]);
  const auto found = std::ranges::find(names, text);
  return static_cast<std::int32_t>(found - names.begin());
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
    const auto& window = job.window();
    job.call().checkpoint();
    if (!product.blank) {
      const auto options = options_of(job, product.input);
      job.emit(job.mosaic(band_number(job, product.band), product.role, window, options));
      return;
    }
    auto image = job.make(RECORTE_F32, window.width, window.height);
    for (std::int64_t y = 0; y < image.height(); ++y)
      std::ranges::fill(image.row<float>(y), std::numeric_limits<float>::quiet_NaN());
    job.emit(image);
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
    auto kernel = job.params().get("/kernel", "lanczos3");
    if (mask) kernel = "nearest";
    if (!image && !mask && options.kernel == RECORTE_LANCZOS3) kernel = "bilinear";
    std::vector<recorte_pair> out{
        card("RCKERNEL", kernel),
        card("RCCOMBIN", mask && !first ? "or" : job.params().get("/combine", "mean"))};
    if (mask) return out;
    out.push_back(
        card("RCCONSRV", options.conserve == RECORTE_FLUX ? "flux" : "surface brightness"));
    out.push_back(card("RCBACKGR", job.params().get("/background", "none")));
    return out;
  }

  static recorte_mosaic_options options_of(const Job& job, std::uint32_t input) {
    const auto params = job.params();
    recorte_mosaic_options out{};
    out.struct_size = sizeof out;
    out.kernel = choice<3>(params, "/kernel", {"nearest", "bilinear", "lanczos3"});
    if (!params.find("/kernel")) out.kernel = RECORTE_LANCZOS3;
    out.combine = choice<3>(params, "/combine", {"mean", "median", "first"});
    const auto conserve = params.get("/conserve", "auto");
    const bool brightness = conserve == "auto" ? per_angle(view(job.inputs()[input].unit))
                                               : conserve == "surface_brightness";
    out.conserve = brightness ? RECORTE_SURFACE_BRIGHTNESS : RECORTE_FLUX;
    out.exact_mapping = params.get("/mapping", "fast") == "exact";
    out.match_background = params.get("/background", "none") == "match";
    return out;
  }

  static std::uint32_t band_number(const Job& job, std::string_view name) {
    const auto found = std::ranges::find(job.bands(), name,
                                         [](const recorte_band& band) { return view(band.name); });
    return static_cast<std::uint32_t>(found - job.bands().begin());
  }

  static std::vector<recorte::Output> products(const Job& job) {
    std::vector<recorte::Output> out;
    const auto& rect = job.target().rect;
    for (const auto& band : job.bands()) {
      const auto name = view(band.name);
      const auto first = std::ranges::find(
          job.inputs(), name, [](const recorte_input& input) { return view(input.source->band); });
      if (first == job.inputs().end()) {
        if (job.wants(RECORTE_IMAGE))
          out.push_back({.rect = rect,
                         .bitpix = RECORTE_F32,
                         .blank = true,
                         .band = name,
                         .on_target = true});
        continue;
      }
      const auto number = static_cast<std::uint32_t>(first - job.inputs().begin());
      for (recorte_role role = 0; role < RECORTE_ROLES; ++role) {
        if (!job.wants(role)) continue;
        refuse_missing(job, name, role);
        out.push_back({.input = number,
                       .rect = rect,
                       .role = role,
                       .bitpix = role == RECORTE_MASK ? 0 : RECORTE_F32,
                       .band = name,
                       .on_target = true});
      }
    }
    return out;
  }

  static void refuse_missing(const Job& job, std::string_view band, recorte_role role) {
    for (const auto& input : job.inputs())
      if (view(input.source->band) == band && !has(input, role))
        throw Error(RECORTE_NOT_FOUND, "the image " + std::string(view(input.source->id)) +
                                           " lacks one of the planes; leave it out of planes");
  }

  std::vector<std::unique_ptr<std::string>> texts_;
};

}  // namespace

RECORTE_PLUGIN(recorte::provides<Mosaic>)
