// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/background.hpp"
#include "core/cutout/blank.hpp"
#include "core/cutout/photometry.hpp"
#include "core/cutout/regrid.hpp"
#include "core/cutout/services/services.hpp"
#include "core/cutout/typed.hpp"
#include "core/image/coadd.hpp"
#include "core/plugin/known.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace recorte::cutout {
namespace {

using sky::PixelRect;

/// Pixels combined at a time: so few that caches and the allocator keep what they need, yet kRows
/// rows where that is no more than kMost, since a kernel reaches beyond them.
constexpr std::int64_t kChunk = 1 << 18;
constexpr std::int64_t kRows = 64;
constexpr std::int64_t kMost = 1 << 20;

/// What is worked out once a run for one band: its images and how they are scaled.
struct BandInputs {
  std::vector<std::size_t> inputs;
  std::vector<double> factors;           ///< by the zero points
  std::vector<double> offsets;           ///< of the backgrounds
  recorte_role weights = RECORTE_IMAGE;  ///< RECORTE_WEIGHT or RECORTE_VARIANCE where all have it
  bool flux = true;                      ///< pixels hold flux, not surface brightness
};

class Mosaic {
 public:
  Mosaic(AlgorithmRun& run, const recorte_mosaic_options& options)
      : run_(run),
        target_(*run.target()),
        options_(options),
        how_{static_cast<image::Kernel>(options.kernel), options.exact_mapping != 0} {}

  Result<plugin::ImageRef> band(std::uint32_t band, recorte_role role, const PixelRect& rect) {
    RECORTE_TRY(prepare(band));
    return role == RECORTE_MASK ? mask(rect) : floats(role, rect);
  }

 private:
  Status prepare(std::uint32_t band);
  Result<plugin::ImageRef> floats(recorte_role role, const PixelRect& rect);
  std::optional<std::size_t> alone(recorte_role role, const PixelRect& chunk) const;
  Status combine(recorte_role role, image::Moment moment, const PixelRect& chunk, float* out);
  Result<plugin::ImageRef> mask(const PixelRect& rect);
  Result<std::vector<std::int32_t>> owners(const PixelRect& rect);
  /// The part of a rectangle that an input may have pixels in. Its border's hull is known from
  /// points along it: two pixels more are looked at.
  PixelRect reach(std::size_t input, const PixelRect& rect) const {
    const auto& e = target_.extents[input];
    return sky::intersection(rect, {e.x - 2, e.y - 2, e.width + 4, e.height + 4});
  }
  /// What one input has of a chunk, added.
  Status add(std::size_t k, recorte_role role, const PixelRect& chunk, image::Coadd& coadd);
  /// An input's pixels times its factors, plus its offset.
  Result<plugin::ImageRef> scaled(std::size_t k, const PixelRect& rect, image::Kernel kernel);
  void scale(recorte_image& pixels, std::size_t k, recorte_role role, const PixelRect& rect) const;

  AlgorithmRun& run_;
  const Target& target_;
  recorte_mosaic_options options_;
  Regrid how_;
  BandInputs in_;
};

Status Mosaic::prepare(std::uint32_t band) {
  const auto& location = run_.location();
  if (band >= location.bands.size())
    return fail(ErrorCode::kPlugin, "mosaic: there is no band " + std::to_string(band));
  auto& kept =
      run_.kept("mosaic " + std::to_string(band) + (options_.match_background ? " level" : "") +
                std::to_string(options_.conserve));
  if (const auto* known = std::any_cast<BandInputs>(&kept)) {
    in_ = *known;
    return {};
  }
  auto factors = flux_factors(location, location.bands[band].name);
  if (!factors) return fail(std::move(factors).error());
  bool weight = true, variance = true;
  for (std::size_t i = 0; i < location.images.size(); ++i) {
    const auto& source = location.images[i].source;
    if (source.band != location.bands[band].name) continue;
    in_.inputs.push_back(i);
    in_.factors.push_back((*factors)[i]);
    weight = weight && source.plane(RECORTE_WEIGHT);
    variance = variance && source.plane(RECORTE_VARIANCE);
  }
  if (in_.inputs.empty())
    return fail(ErrorCode::kPlugin, "mosaic: no input is of the band " + location.bands[band].name);
  in_.weights = weight ? RECORTE_WEIGHT : variance ? RECORTE_VARIANCE : RECORTE_IMAGE;
  in_.flux = options_.conserve == RECORTE_FLUX;
  in_.offsets.assign(in_.inputs.size(), 0);
  if (options_.match_background && in_.inputs.size() > 1) {
    const auto& all = in_.inputs;
    auto offsets = background_offsets(target_, all, [&](std::size_t input, const PixelRect& rect) {
      if (run_.call().cancelled())
        return Result<plugin::ImageRef>(fail(ErrorCode::kCancelled, "cancelled"));
      const auto k = std::find(all.begin(), all.end(), input) - all.begin();
      return scaled(static_cast<std::size_t>(k), rect, image::Kernel::kBilinear);
    });
    if (!offsets) return fail(std::move(offsets).error());
    in_.offsets = std::move(*offsets);
  }
  kept = in_;
  return {};
}

/// Value f x + offset, weight w / f², variance v f², with f the zero point's factor times, where
/// flux is conserved, the area of a pixel here in the input's pixels. A pixel that holds several of
/// the input's has their weight together, and its variance falls accordingly.
void Mosaic::scale(recorte_image& pixels, std::size_t k, recorte_role role,
                   const PixelRect& rect) const {
  const auto& wcs = *run_.location().images[in_.inputs[k]].image->wcs;
  const bool same = target_.shifts[in_.inputs[k]].has_value();
  const double zero = in_.factors[k];
  const bool as_is = same || (!in_.flux && role == RECORTE_IMAGE);
  if (as_is && zero == 1 && in_.offsets[k] == 0) return;
  const auto ratios = as_is ? AreaRatios{} : area_ratios(target_.wcs, wcs, rect);
  std::vector<double> area(static_cast<std::size_t>(rect.width), 1);
  for (std::int64_t y = 0; y < rect.height; ++y) {
    float* row = row_of<float>(pixels, y);
    if (!as_is) ratios.row(y, area);
    for (std::size_t x = 0; x < area.size(); ++x) {
      const double f = in_.flux ? zero * area[x] : zero;
      const double several = std::max(1.0, area[x]);
      const auto v = static_cast<double>(row[x]);
      row[x] = static_cast<float>(role == RECORTE_WEIGHT     ? v * several / (f * f)
                                  : role == RECORTE_VARIANCE ? v * f * f / several
                                                             : f * v + in_.offsets[k]);
    }
  }
}

Result<plugin::ImageRef> Mosaic::scaled(std::size_t k, const PixelRect& rect,
                                        image::Kernel kernel) {
  auto pixels = regrid(run_, in_.inputs[k], RECORTE_IMAGE, target_.wcs, rect, {kernel, how_.exact});
  if (pixels) scale(**pixels, k, RECORTE_IMAGE, rect);
  return pixels;
}

Status Mosaic::add(std::size_t k, recorte_role role, const PixelRect& chunk, image::Coadd& coadd) {
  const auto part = reach(in_.inputs[k], chunk);
  if (part.empty()) return {};
  auto values = scaled(k, part, how_.kernel);
  if (!values) return fail(std::move(values).error());
  const auto n = static_cast<std::size_t>(part.area());
  // What may be negative or ring must not weigh: weights by bilinear interpolation at most.
  const Regrid smooth{std::min(how_.kernel, image::Kernel::kBilinear), how_.exact};
  const auto plane = [&](recorte_role of) -> Result<plugin::ImageRef> {
    auto pixels = regrid(run_, in_.inputs[k], of, target_.wcs, part, smooth);
    if (pixels) scale(**pixels, k, of, part);
    return pixels;
  };
  const auto span = [&](const plugin::ImageRef& image) {
    return std::span<const float>(static_cast<const float*>(image->pixels), n);
  };
  plugin::ImageRef weights;
  plugin::ImageRef variances;
  const bool weigh = options_.combine != RECORTE_FIRST || role == RECORTE_WEIGHT;
  if (in_.weights != RECORTE_IMAGE && weigh) {
    auto read = plane(in_.weights);
    if (!read) return fail(std::move(read).error());
    weights = std::move(*read);
    if (in_.weights == RECORTE_VARIANCE) {
      auto* w = static_cast<float*>(weights->pixels);
      for (std::size_t i = 0; i < n; ++i) w[i] = w[i] > 0 ? 1 / w[i] : 0;
    }
  }
  if (role == RECORTE_VARIANCE) {
    auto read = plane(RECORTE_VARIANCE);
    if (!read) return fail(std::move(read).error());
    variances = std::move(*read);
  }
  const auto from = [](std::int64_t n) { return static_cast<std::size_t>(n); };
  coadd.add({from(part.x - chunk.x), from(part.y - chunk.y), from(part.width), from(part.height)},
            span(*values), weights ? span(weights) : std::span<const float>(),
            variances ? span(variances) : std::span<const float>());
  return {};
}

/// The input that alone has pixels in a chunk, all over it, so that they need no combining.
std::optional<std::size_t> Mosaic::alone(recorte_role role, const PixelRect& chunk) const {
  std::optional<std::size_t> out;
  for (std::size_t k = 0; k < in_.inputs.size(); ++k) {
    const auto part = reach(in_.inputs[k], chunk);
    if (part.empty()) continue;
    if (out || part != chunk) return {};
    out = k;
  }
  const bool weighed = options_.combine != RECORTE_FIRST && in_.weights != RECORTE_IMAGE;
  return role == RECORTE_IMAGE && !weighed ? out : std::nullopt;
}

/// The rows of a chunk, to `out`.
Status Mosaic::combine(recorte_role role, image::Moment moment, const PixelRect& chunk,
                       float* out) {
  if (run_.call().cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
  if (const auto k = alone(role, chunk)) {
    auto values = scaled(*k, chunk, how_.kernel);
    if (!values) return fail(std::move(values).error());
    std::copy_n(row_of<float>(**values, 0), chunk.area(), out);
    return {};
  }
  image::Coadd coadd(static_cast<image::Combine>(options_.combine), moment,
                     static_cast<std::size_t>(chunk.width), static_cast<std::size_t>(chunk.height));
  for (std::size_t k = 0; k < in_.inputs.size(); ++k) {
    if (run_.call().cancelled()) return fail(ErrorCode::kCancelled, "cancelled");
    RECORTE_TRY(add(k, role, chunk, coadd));
  }
  coadd.result({out, static_cast<std::size_t>(chunk.area())});
  return {};
}

Result<plugin::ImageRef> Mosaic::floats(recorte_role role, const PixelRect& rect) {
  const auto moment = role == RECORTE_WEIGHT     ? image::Moment::kWeight
                      : role == RECORTE_VARIANCE ? image::Moment::kVariance
                                                 : image::Moment::kValue;
  const auto one = alone(role, rect);
  if (one && target_.shifts[in_.inputs[*one]]) return scaled(*one, rect, how_.kernel);  // just read
  auto out = plugin::new_image(run_.call(), RECORTE_F32, rect.width, rect.height, 1);
  if (!out) return out;
  // A median keeps every image's pixels of a chunk.
  const auto held = rect.width * (options_.combine == RECORTE_MEDIAN ? std::ssize(in_.inputs) : 1);
  const auto rows = std::clamp<std::int64_t>(std::max(kChunk / held, std::min(kRows, kMost / held)),
                                             1, rect.height);
  for (std::int64_t y = 0; y < rect.height; y += rows) {
    const PixelRect chunk{rect.x, rect.y + y, rect.width, std::min(rows, rect.height - y)};
    RECORTE_TRY(combine(role, moment, chunk, row_of<float>(**out, y)));
  }
  return out;
}

/// Of each pixel, the first of in_.inputs that has a value there; -1 where none has.
Result<std::vector<std::int32_t>> Mosaic::owners(const PixelRect& rect) {
  std::vector<std::int32_t> out(static_cast<std::size_t>(rect.area()), -1);
  for (std::size_t k = 0; k < in_.inputs.size(); ++k) {
    const auto part = reach(in_.inputs[k], rect);
    if (part.empty()) continue;
    auto values = scaled(k, part, how_.kernel);
    if (!values) return fail(std::move(values).error());
    for (std::int64_t y = 0; y < part.height; ++y)
      for (std::int64_t x = 0; x < part.width; ++x) {
        const auto at = (part.y - rect.y + y) * rect.width + part.x - rect.x + x;
        auto& owner = out[static_cast<std::size_t>(at)];
        if (owner < 0 && !std::isnan(row_of<float>(**values, y)[x]))
          owner = static_cast<std::int32_t>(k);
      }
  }
  return out;
}

Result<plugin::ImageRef> Mosaic::mask(const PixelRect& rect) {
  const auto first = in_.inputs[0];
  auto plane = run_.plane(first, RECORTE_MASK);
  if (!plane) return fail(std::move(plane).error());
  const int bitpix = (*plane)->info.hdu.bitpix;
  auto blank = run_.blank_of(first, RECORTE_MASK, rect);
  if (!blank) return fail(std::move(blank).error());
  auto out = plugin::new_image(run_.call(), bitpix, rect.width, rect.height, 1);
  if (!out) return out;
  fill_blank(**out, *blank);
  std::vector<std::int32_t> owner;
  if (options_.combine == RECORTE_FIRST && in_.inputs.size() > 1) {
    auto found = owners(rect);
    if (!found) return fail(std::move(found).error());
    owner = std::move(*found);
  }
  std::vector<bool> filled(static_cast<std::size_t>(rect.area()), false);
  for (std::size_t k = 0; k < in_.inputs.size(); ++k) {
    const auto part = reach(in_.inputs[k], rect);
    if (part.empty()) continue;
    auto own = run_.plane(in_.inputs[k], RECORTE_MASK);
    if (!own) return fail(std::move(own).error());
    const auto& info = (*own)->info;
    if (info.hdu.bitpix != bitpix || info.bzero != (*plane)->info.bzero || bitpix < 0)
      return fail(
          ErrorCode::kUsage,
          "the masks of " + run_.location().images[first].source.id + " and " +
              run_.location().images[in_.inputs[k]].source.id +
              " are no integers of one type, which alone are joined; ask for algorithm=cut");
    auto own_blank = run_.blank_of(in_.inputs[k], RECORTE_MASK, rect);
    if (!own_blank) return fail(std::move(own_blank).error());
    bool spoilt = false;
    RECORTE_TRY(with_integer(bitpix, [&](auto sample) -> Status {
      using T = decltype(sample);
      // Unsigned numbers are stored with their highest bit turned (FITS 4.0, 5.2.5).
      const T turn = info.bzero > 0 && sizeof(T) > 1 ? std::numeric_limits<T>::min() : T{0};
      return nearest_pixels(
          run_, in_.inputs[k], RECORTE_MASK, target_.wcs, part, how_.exact,
          [&](std::int64_t x, std::int64_t y, const std::byte* pixel) {
            T value;
            std::memcpy(&value, pixel, sizeof value);
            if (value == static_cast<T>(*own_blank)) return;
            y += part.y - rect.y;
            x += part.x - rect.x;
            const auto at = static_cast<std::size_t>(y * rect.width + x);
            if (!owner.empty() && owner[at] >= 0 && owner[at] != static_cast<std::int32_t>(k))
              return;
            auto& to = row_of<T>(**out, y)[x];
            to = filled[at] ? static_cast<T>(((to ^ turn) | (value ^ turn)) ^ turn) : value;
            spoilt = spoilt || to == static_cast<T>(*blank);
            filled[at] = true;
          });
    }));
    if (spoilt)
      return fail(ErrorCode::kData,
                  "joined masks have the value " + std::to_string(*blank) +
                      ", which marks pixels without one; ask for combine=first, or algorithm=cut");
  }
  return out;
}

}  // namespace

const recorte_mosaic* mosaic_service() {
  static constexpr recorte_mosaic table{
      sizeof(recorte_mosaic), 0,
      [](const recorte_job* job, std::uint32_t band, recorte_role role, const recorte_rect* rect,
         const recorte_mosaic_options* options, recorte_image** out,
         recorte_error* err) -> recorte_status {
        return plugin::serve_plugin(err, [&]() -> Status {
          auto& run = AlgorithmRun::of(job);
          const PixelRect window{rect->x, rect->y, rect->width, rect->height};
          const auto how = plugin::known(options);
          if (!how) return fail(ErrorCode::kPlugin, "mosaic: " + how.error().message);
          if (!run.target() || !sane(window) || role < 0 || role >= RECORTE_ROLES ||
              how->kernel < RECORTE_NEAREST || how->kernel > RECORTE_LANCZOS3 ||
              how->combine < RECORTE_MEAN || how->combine > RECORTE_FIRST ||
              how->conserve < RECORTE_FLUX || how->conserve > RECORTE_SURFACE_BRIGHTNESS)
            return fail(ErrorCode::kPlugin,
                        "mosaic: there is no target grid (does the manifest say \"combines\"?), or "
                        "no such window, role, kernel or rule");
          auto image = Mosaic(run, *how).band(band, role, window);
          if (!image) return fail(std::move(image).error());
          *out = image->release();
          return {};
        });
      }};
  return &table;
}

}  // namespace recorte::cutout
