/// The host's side of one run of an algorithm under test: behind Algorithm::make.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "job.hpp"
#include "plugin.hpp"
#include "survey.hpp"

namespace recorte::testkit {

/// What an algorithm made.
struct Product {
  std::string band, name;
  recorte_role role;
  int bitpix;
  std::int64_t x, y, width, height, planes;  ///< x, y: on its grid
  bool colour, blank, on_target;
  std::map<std::string, std::string> cards;
  std::vector<double> pixels;

  /// Counted from the product's own corner.
  double at(std::int64_t px, std::int64_t py, std::int64_t plane = 0) const {
    return pixels.at(static_cast<std::size_t>((plane * height + py) * width + px));
  }
};

namespace detail {

/// Calls `use` with a pointer of the type that a BITPIX means.
template <class Use>
void typed(int bitpix, void* pixels, Use&& use) {
  switch (bitpix) {
    case RECORTE_U8: return use(static_cast<std::uint8_t*>(pixels));
    case RECORTE_I16: return use(static_cast<std::int16_t*>(pixels));
    case RECORTE_I32: return use(static_cast<std::int32_t*>(pixels));
    case RECORTE_I64: return use(static_cast<std::int64_t*>(pixels));
    case RECORTE_F32: return use(static_cast<float*>(pixels));
    default: return use(static_cast<double*>(pixels));
  }
}

}  // namespace detail

class Run : public detail::JobHead {
 public:
  Run(Host& host, const Job& job, const Settings& manifest, const Call& call)
      : JobHead{&host}, params_(job.params_), bands_(job.bands_) {
    if (job.pictures_.empty()) throw std::logic_error("a job without images: Job::add one");
    for (const auto& p : job.pictures_)
      if (job.bands_.empty() && std::find(bands_.begin(), bands_.end(), p.band) == bands_.end())
        bands_.push_back(p.band);
    const std::string schema = "/params_schema/properties";
    for (const auto& name : manifest.members(schema))
      if (!params_.has("/" + name))
        params_.take(manifest, schema + "/" + name + "/default", "/" + name);
    const auto& first = job.pictures_.front();
    const auto [ra, dec] = first.grid.to_sky((static_cast<double>(first.width) - 1) / 2,
                                             (static_cast<double>(first.height) - 1) / 2);
    const double pixel = first.grid.scale / 3600;
    const auto place =
        job.region_.value_or(std::array{ra, dec, static_cast<double>(first.width) * pixel,
                                        static_cast<double>(first.height) * pixel});
    region_ = box(place[0], place[1], place[2], place[3]);
    for (const auto& band : bands_)
      for (const auto& p : job.pictures_)
        if (p.band == band) add(p);
    const auto* combines = manifest.find("/combines");
    fill(job.roles_, call, combines && *combines == "true");
  }
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  const recorte_job* raw() const { return &job_; }
  const recorte_job* window(std::size_t output, const recorte_rect& rect) {
    job_.output = static_cast<std::uint32_t>(output);
    job_.window = rect;
    emitted_.reset();
    return &job_;
  }
  std::vector<Product>& products() { return products_; }
  /// Puts what was emitted into its product.
  void take() {
    auto& to = products_.at(job_.output);
    const auto& w = job_.window;
    if (!emitted_) throw Error(RECORTE_INTERNAL, "run() emitted nothing");
    const auto& image = *emitted_->raw();
    if (image.width != w.width || image.height != w.height || image.planes != to.planes ||
        image.bitpix != to.bitpix)
      throw Error(RECORTE_INTERNAL, "emit: the image is not of the window's size and type");
    detail::typed(image.bitpix, image.pixels, [&](const auto* from) {
      for (std::int64_t plane = 0; plane < image.planes; ++plane)
        for (std::int64_t y = 0; y < w.height; ++y)
          for (std::int64_t x = 0; x < w.width; ++x)
            to.pixels[static_cast<std::size_t>((plane * to.height + w.y - to.y + y) * to.width +
                                               w.x - to.x + x)] =
                static_cast<double>(from[(plane * w.height + y) * w.width + x]);
    });
  }

 private:
  static Run& of(const recorte_job* job) {
    return static_cast<Run&>(*static_cast<JobHead*>(job->ctx));
  }
  recorte_rect selected(const Grid& grid) const {
    const auto [x, y] = grid.to_pixel(region_.ra, region_.dec);
    const double w = std::max(1.0, std::round(region_.width * 3600 / grid.scale));
    const double h = std::max(1.0, std::round(region_.height * 3600 / grid.scale));
    return {std::llround(x - (w - 1) / 2), std::llround(y - (h - 1) / 2), std::llround(w),
            std::llround(h)};
  }

  /// An image that the region does not meet is not given, as by the host.
  void add(const Picture& p) {
    const auto rect = selected(p.grid);
    const auto across = std::min(rect.x + rect.width, p.width) - std::max<std::int64_t>(rect.x, 0);
    const auto up = std::min(rect.y + rect.height, p.height) - std::max<std::int64_t>(rect.y, 0);
    if (across <= 0 || up <= 0) return;
    pictures_.push_back(p);
    auto& id = pictures_.back().id;
    if (id.empty()) id = std::to_string(pictures_.size()) + "_" + p.band;
    auto& source = sources_.emplace_back();
    source.struct_size = sizeof source;
    source.id = str(id);
    source.band = str(pictures_.back().band);
    source.unit = str(pictures_.back().unit);
    source.t_min = source.t_max = source.exptime = source.depth = NAN;
    source.zeropoint = p.zeropoint;
    auto& input = inputs_.emplace_back();
    input.struct_size = sizeof input;
    input.roles = 1U << RECORTE_IMAGE;
    for (const auto& [role, pixel] : p.planes) input.roles |= 1U << role;
    input.source = &source;
    input.width = p.width;
    input.height = p.height;
    input.planes = 1;
    input.region = rect;
    input.coverage =
        static_cast<double>(across * up) / static_cast<double>(rect.width * rect.height);
    input.scale_x = input.scale_y = p.grid.scale / 3600;
    input.bitpix = p.bitpix;
    input.unit = source.unit;
    if (const auto& g = pictures_.front().grid;
        g.ra == p.grid.ra && g.dec == p.grid.dec && g.scale == p.grid.scale) {
      input.shift_x = std::llround(g.x - p.grid.x);
      input.shift_y = std::llround(g.y - p.grid.y);
      input.aligned = std::abs(g.x - p.grid.x - static_cast<double>(input.shift_x)) < 1e-4 &&
                      std::abs(g.y - p.grid.y - static_cast<double>(input.shift_y)) < 1e-4;
    }
  }

  const Grid& grid(std::uint32_t input) const {
    if (input == RECORTE_TARGET) return pictures_.front().grid;
    if (input >= pictures_.size()) throw Error(RECORTE_INVALID, "there is no such input");
    return pictures_[input].grid;
  }

  void fill(std::uint32_t roles, const Call& call, bool combines) {
    for (const auto& band : bands_)
      band_pointers_.push_back(
          &c_bands_.emplace_back(recorte_band{sizeof(recorte_band), 0, str(band), NAN, NAN}));
    for (const auto& input : inputs_) input_pointers_.push_back(&input);
    job_.struct_size = sizeof job_;
    job_.call = call.raw();
    job_.inputs = input_pointers_.data();
    job_.input_count = static_cast<std::uint32_t>(inputs_.size());
    job_.region = &region_;
    job_.params = params_.raw();
    job_.bands = band_pointers_.data();
    job_.band_count = static_cast<std::uint32_t>(c_bands_.size());
    job_.roles = roles;
    job_.ctx = static_cast<JobHead*>(this);
    if (combines && !pictures_.empty()) {
      const auto& g = pictures_.front().grid;
      target_ = {sizeof target_, 0, selected(g), g.scale / 3600, g.scale / 3600};
      job_.target = &target_;
    }
    job_.declare = [](const recorte_job* job, const recorte_output* o, recorte_error* err) {
      return recorte::detail::guard(err, [&] { of(job).declare(*o); });
    };
    job_.read = [](const recorte_job* job, std::uint32_t input, recorte_role role,
                   const recorte_rect* rect, std::int32_t bitpix, recorte_image** out,
                   recorte_error* err) {
      return recorte::detail::guard(err, [&] { of(job).read(input, role, *rect, bitpix, out); });
    };
    job_.to_sky = [](const recorte_job* job, std::uint32_t input, std::uint64_t n, const double* xy,
                     double* radec, recorte_error* err) {
      return recorte::detail::guard(err, [&] {
        const auto& g = of(job).grid(input);
        for (std::uint64_t i = 0; i < 2 * n; i += 2)
          std::tie(radec[i], radec[i + 1]) = g.to_sky(xy[i], xy[i + 1]);
      });
    };
    job_.to_pixel = [](const recorte_job* job, std::uint32_t input, std::uint64_t n,
                       const double* radec, double* xy, recorte_error* err) {
      return recorte::detail::guard(err, [&] {
        const auto& g = of(job).grid(input);
        for (std::uint64_t i = 0; i < 2 * n; i += 2)
          std::tie(xy[i], xy[i + 1]) = g.to_pixel(radec[i], radec[i + 1]);
      });
    };
    job_.emit = [](const recorte_job* job, recorte_image* image, recorte_error* err) {
      return recorte::detail::guard(err, [&] {
        const auto* host = host_of(job).table();
        host->image_retain(host, image);
        of(job).emitted_.emplace(host, image);
      });
    };
  }

  void declare(const recorte_output& o) {
    if (o.input >= inputs_.size() || o.rect.width < 1 || o.rect.height < 1)
      throw Error(RECORTE_INVALID, "declare: no such input, or an empty rectangle");
    const auto& p = pictures_[o.input];
    const int stored = o.role == RECORTE_IMAGE ? p.bitpix : plane_bitpix(o.role);
    Product made{std::string(view(o.band)),
                 std::string(view(o.name)),
                 o.role,
                 o.bitpix ? o.bitpix : stored,
                 o.rect.x,
                 o.rect.y,
                 o.rect.width,
                 o.rect.height,
                 o.planes ? o.planes : 1,
                 o.colour != 0,
                 o.blank != 0,
                 o.on_target != 0,
                 {},
                 {}};
    for (std::uint32_t i = 0; i < o.card_count; ++i)
      made.cards[std::string(view(o.cards[i].key))] = view(o.cards[i].value);
    made.pixels.assign(static_cast<std::size_t>(made.width * made.height * made.planes), NAN);
    products_.push_back(std::move(made));
  }

  static int plane_bitpix(recorte_role role) {
    return role == RECORTE_MASK ? RECORTE_I16 : RECORTE_F32;
  }

  void read(std::uint32_t input, recorte_role role, const recorte_rect& rect, int bitpix,
            recorte_image** out) {
    if (input >= pictures_.size()) throw Error(RECORTE_INVALID, "there is no such input");
    const auto& p = pictures_[input];
    const auto plane = p.planes.find(role);
    if (role != RECORTE_IMAGE && plane == p.planes.end())
      throw Error(RECORTE_NOT_FOUND, "the image " + p.id + " has no such plane");
    const auto& pixel = role == RECORTE_IMAGE ? p.pixel : plane->second;
    if (bitpix == 0) bitpix = role == RECORTE_IMAGE ? p.bitpix : plane_bitpix(role);
    const auto* table = host->table();
    auto* image = table->image_new(table, job_.call, bitpix, rect.width, rect.height, 1);
    if (!image) throw Error(RECORTE_RESOURCE, "an image exceeds the memory budget of the call");
    detail::typed(bitpix, image->pixels, [&]<class T>(T* to) {
      for (auto y = rect.y; y < rect.y + rect.height; ++y)
        for (auto x = rect.x; x < rect.x + rect.width; ++x) {
          const bool inside = x >= 0 && y >= 0 && x < p.width && y < p.height;
          *to++ = inside                        ? static_cast<T>(pixel(x, y))
                  : std::is_floating_point_v<T> ? static_cast<T>(NAN)
                                                : std::numeric_limits<T>::lowest();
        }
    });
    *out = image;
  }

  Settings params_;
  std::vector<std::string> bands_;
  std::deque<Picture> pictures_;
  std::deque<recorte_source> sources_;
  std::deque<recorte_input> inputs_;
  std::deque<recorte_band> c_bands_;
  std::vector<const recorte_input*> input_pointers_;
  std::vector<const recorte_band*> band_pointers_;
  recorte_grid target_{};
  recorte_region region_{};
  recorte_job job_{};
  std::vector<Product> products_;
  std::optional<Image> emitted_;
};

}  // namespace recorte::testkit
