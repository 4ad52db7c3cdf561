/// The services of the fake host. They mean what services.h says, but are simpler: pixels between
/// others are bilinear whatever kernel is asked for, areas are not conserved, and there is no
/// zscale and no matching of backgrounds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "footprints.hpp"

namespace recorte::testkit::detail {

/// What a job of the kit begins with: its host.
struct JobHead {
  Host* host;
  static Host& host_of(const recorte_job* job) { return *static_cast<JobHead*>(job->ctx)->host; }
};

/// An image that is released at the end.
inline Image adopt(const recorte_job* job, recorte_image* image) {
  return {JobHead::host_of(job).table(), image};
}
inline Image make(const recorte_job* job, int bitpix, const recorte_rect& rect) {
  const auto* host = JobHead::host_of(job).table();
  auto* image = host->image_new(host, job->call, bitpix, rect.width, rect.height, 1);
  if (!image) throw Error(RECORTE_RESOURCE, "an image exceeds the memory budget of the call");
  return adopt(job, image);
}
/// Gives an image away.
inline void hand_over(const Image& image, const recorte_job* job, recorte_image** out) {
  JobHead::host_of(job).table()->image_retain(JobHead::host_of(job).table(), image.raw());
  *out = image.raw();
}

/// An input's pixels at the pixel centres of a rectangle of another grid.
inline Image sample(const recorte_job* job, std::uint32_t input, recorte_role role,
                    std::uint32_t grid, const recorte_rect& rect, bool nearest) {
  if (input >= job->input_count) throw Error(RECORTE_INVALID, "there is no such input");
  const auto& info = *job->inputs[input];
  const recorte_rect all{0, 0, info.width, info.height};
  recorte_image* raw = nullptr;
  recorte::detail::check(
      [&](recorte_error* e) { return job->read(job, input, role, &all, RECORTE_F32, &raw, e); });
  auto from = adopt(job, raw);
  auto to = make(job, RECORTE_F32, rect);
  const auto value = [&](double x, double y) -> double {
    if (x < 0 || y < 0 || x >= static_cast<double>(info.width) ||
        y >= static_cast<double>(info.height))
      return NAN;
    return from.row<float>(static_cast<std::int64_t>(y))[static_cast<std::size_t>(x)];
  };
  std::vector<double> xy(2 * static_cast<std::size_t>(rect.width)), sky(xy.size());
  for (std::int64_t y = 0; y < rect.height; ++y) {
    for (std::size_t x = 0; x < xy.size() / 2; ++x) {
      xy[2 * x] = static_cast<double>(rect.x) + static_cast<double>(x);
      xy[2 * x + 1] = static_cast<double>(rect.y + y);
    }
    recorte::detail::check([&](recorte_error* e) {
      const auto status = job->to_sky(job, grid, xy.size() / 2, xy.data(), sky.data(), e);
      return status != RECORTE_OK
                 ? status
                 : job->to_pixel(job, input, xy.size() / 2, sky.data(), xy.data(), e);
    });
    const auto row = to.row<float>(y);
    for (std::size_t i = 0; i < row.size(); ++i) {
      const double x = xy[2 * i], v = xy[2 * i + 1], x0 = std::round(x), v0 = std::round(v);
      if (nearest || (std::abs(x - x0) < 1e-4 && std::abs(v - v0) < 1e-4)) {
        row[i] = static_cast<float>(value(x0, v0));
        continue;
      }
      const double left = std::floor(x), low = std::floor(v), a = x - left, b = v - low;
      row[i] =
          static_cast<float>((1 - b) * ((1 - a) * value(left, low) + a * value(left + 1, low)) +
                             b * ((1 - a) * value(left, low + 1) + a * value(left + 1, low + 1)));
    }
  }
  return to;
}

inline const recorte_resample* resample() {
  static constexpr recorte_resample table{
      sizeof table, 0,
      [](const recorte_job* job, std::uint32_t input, recorte_role role, std::uint32_t grid,
         const recorte_rect* rect, recorte_kernel kernel, recorte_image** out, recorte_error* err) {
        return recorte::detail::guard(err, [&] {
          hand_over(sample(job, input, role, grid, *rect, kernel == RECORTE_NEAREST), job, out);
        });
      }};
  return &table;
}

inline double combine(std::vector<double>& values, recorte_combine how) {
  if (values.empty()) return NAN;
  if (how == RECORTE_FIRST) return values.front();
  std::sort(values.begin(), values.end());
  const auto middle = values.size() / 2;
  if (how == RECORTE_MEDIAN)
    return values.size() % 2 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  double sum = 0;
  for (const auto v : values) sum += v;
  return sum / static_cast<double>(values.size());
}

inline const recorte_mosaic* mosaic() {
  static constexpr recorte_mosaic table{
      sizeof table, 0,
      [](const recorte_job* job, std::uint32_t band, recorte_role role, const recorte_rect* rect,
         const recorte_mosaic_options* options, recorte_image** out, recorte_error* err) {
        return recorte::detail::guard(err, [&] {
          if (role == RECORTE_MASK)
            throw Error(RECORTE_UNSUPPORTED, "the testing kit makes no mosaic of masks");
          if (band >= job->band_count) throw Error(RECORTE_INVALID, "there is no such band");
          std::vector<Image> parts;
          for (std::uint32_t i = 0; i < job->input_count; ++i)
            if (view(job->inputs[i]->source->band) == view(job->bands[band]->name))
              parts.push_back(
                  sample(job, i, role, RECORTE_TARGET, *rect, options->kernel == RECORTE_NEAREST));
          auto sum = make(job, RECORTE_F32, *rect);
          std::vector<double> values;
          for (std::int64_t y = 0; y < rect->height; ++y)
            for (std::size_t x = 0; x < static_cast<std::size_t>(rect->width); ++x) {
              values.clear();
              for (auto& part : parts)
                if (const auto v = part.row<float>(y)[x]; !std::isnan(v)) values.push_back(v);
              sum.row<float>(y)[x] = static_cast<float>(combine(values, options->combine));
            }
          hand_over(sum, job, out);
        });
      }};
  return &table;
}

inline const recorte_stretch* stretch() {
  static constexpr recorte_stretch table{
      sizeof table, 0,
      [](recorte_curve curve, double black, double white, double softness, std::uint64_t n,
         const float* in, std::uint8_t* out) {
        for (std::uint64_t i = 0; i < n; ++i) {
          double t = std::clamp((in[i] - black) / (white - black), 0.0, 1.0);
          if (curve == RECORTE_SQRT) t = std::sqrt(t);
          if (curve == RECORTE_LOG) t = std::log1p(softness * t) / std::log1p(softness);
          if (curve == RECORTE_ASINH) t = std::asinh(softness * t) / std::asinh(softness);
          out[i] = std::isnan(in[i]) ? 0 : static_cast<std::uint8_t>(std::lround(255 * t));
        }
      },
      [](const float* samples, std::uint64_t n, double low, double high, double* black,
         double* white, recorte_error* err) {
        std::vector<float> sorted;
        for (std::uint64_t i = 0; i < n; ++i)
          if (std::isfinite(samples[i])) sorted.push_back(samples[i]);
        if (sorted.empty())
          return recorte::detail::fail(err, RECORTE_INVALID, "no sample is finite");
        std::sort(sorted.begin(), sorted.end());
        const auto at = [&](double per_cent) {
          const double place = per_cent / 100 * static_cast<double>(sorted.size() - 1);
          return static_cast<double>(sorted[static_cast<std::size_t>(std::lround(place))]);
        };
        *black = at(low);
        *white = at(high);
        return static_cast<recorte_status>(RECORTE_OK);
      },
      [](const float*, std::uint64_t, double, double*, double*, recorte_error* err) {
        return recorte::detail::fail(err, RECORTE_UNSUPPORTED,
                                     "the testing kit has no zscale: use recorte plugin try");
      }};
  return &table;
}

}  // namespace recorte::testkit::detail

namespace recorte::testkit {

/// What a host lacks of them.
inline void offer_services(Host& host) {
  const auto offer = [&](const char* id, const void* service) {
    if (!host.table()->service(host.table(), id)) host.offer(id, service);
  };
  offer(RECORTE_FOOTPRINTS_V1, detail::footprints());
  offer(RECORTE_RESAMPLE_V1, detail::resample());
  offer(RECORTE_MOSAIC_V1, detail::mosaic());
  offer(RECORTE_STRETCH_V1, detail::stretch());
}

}  // namespace recorte::testkit
