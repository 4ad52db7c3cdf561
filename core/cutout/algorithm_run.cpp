// SPDX-License-Identifier: BSD-3-Clause
#include "core/cutout/algorithm_run.hpp"

#include "core/cutout/blank.hpp"
#include "core/cutout/candidates.hpp"
#include "core/cutout/photometry.hpp"
#include "core/plugin/known.hpp"
#include "core/plugin/stage.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace recorte::cutout {
namespace {

sky::PixelRect rect_of(const recorte_rect& r) { return {r.x, r.y, r.width, r.height}; }
recorte_rect c_rect(const sky::PixelRect& r) { return {r.x, r.y, r.width, r.height}; }

/// The part of an input that the region selects, trimmed where stamps are not to be padded.
sky::PixelRect wanted(const Located& located, bool keeps_size) {
  const auto& info = located.image->info;
  if (keeps_size) return located.selection.rect;
  return sky::intersection(located.selection.rect, {0, 0, info.width, info.height});
}

}  // namespace

bool sane(const sky::PixelRect& r) {
  constexpr std::int64_t kFar = std::int64_t{1} << 40;
  return r.x > -kFar && r.x < kFar && r.y > -kFar && r.y < kFar && r.width > 0 && r.width < kFar &&
         r.height > 0 && r.height < kFar;
}

AlgorithmRun::AlgorithmRun(const Algorithm& algorithm, const Location& location,
                           const CutoutRequest& request, nlohmann::json params, ImageCache& cache,
                           plugin::Call& call, const Watch& watch, std::optional<Target> target)
    : algorithm_(algorithm),
      location_(location),
      cache_(cache),
      call_(call),
      watch_(watch),
      target_(std::move(target)),
      params_(std::move(params)) {
  const double scale = location.images.empty() ? NAN : location.images[0].image->wcs->scale_x();
  region_ = region_of(request.stencil, scale, vertices_);
  keeps_size_ = std::holds_alternative<sky::Box>(request.stencil) && request.edges == Edges::kPad;
  describe_inputs();
  for (const auto& band : location.bands)
    c_bands_.push_back({sizeof(recorte_band), 0, str(band.name), band.lambda_min, band.lambda_max});
  fill_job(request);
}

void AlgorithmRun::describe_inputs() {
  inputs_.resize(location_.images.size());
  for (std::size_t i = 0; i < inputs_.size(); ++i) {
    const auto& located = location_.images[i];
    const auto& info = located.image->info;
    inputs_[i].source = std::make_unique<SourceView>(located.source);
    const auto* image = located.source.plane(RECORTE_IMAGE);
    inputs_[i].planes[RECORTE_IMAGE] = Plane{located.image, image->cube_plane, located.planes, {}};
    recorte_input c{};
    c.struct_size = sizeof c;
    c.source = inputs_[i].source->get();
    c.width = info.width;
    c.height = info.height;
    c.planes = located.planes.planes();
    c.region = c_rect(wanted(located, keeps_size_));
    c.coverage = located.selection.coverage;
    c.scale_x = located.image->wcs->scale_x();
    c.scale_y = located.image->wcs->scale_y();
    c.bitpix = info.hdu.bitpix;
    inputs_[i].unit = unit_of(located);
    c.unit = str(inputs_[i].unit);
    if (target_ && target_->shifts[i]) {
      c.aligned = 1;
      c.shift_x = -target_->shifts[i]->x;
      c.shift_y = -target_->shifts[i]->y;
    }
    for (const auto& plane : located.source.planes)
      if (plane.role >= 0 && plane.role < RECORTE_ROLES) c.roles |= 1U << plane.role;
    c_inputs_.push_back(c);
  }
}

const sky::Wcs* AlgorithmRun::grid(std::uint32_t input) const {
  if (input == RECORTE_TARGET) return target_ ? &target_->wcs : nullptr;
  return input < location_.images.size() ? &*location_.images[input].image->wcs : nullptr;
}

const sky::Wcs& AlgorithmRun::wcs_of(const Outline& outline) const {
  return outline.on_target ? target_->wcs : *location_.images[outline.input].image->wcs;
}

void AlgorithmRun::fill_job(const CutoutRequest& request) {
  job_.struct_size = sizeof job_;
  job_.call = call_.raw();
  for (const auto& input : c_inputs_) input_pointers_.push_back(&input);
  for (const auto& band : c_bands_) band_pointers_.push_back(&band);
  job_.inputs = input_pointers_.data();
  job_.input_count = static_cast<std::uint32_t>(c_inputs_.size());
  job_.region = &region_;
  job_.params = &params_;
  job_.bands = band_pointers_.data();
  job_.band_count = static_cast<std::uint32_t>(c_bands_.size());
  for (const auto plane : request.planes) job_.roles |= 1U << static_cast<unsigned>(plane);
  if (target_) {
    c_target_ = {sizeof c_target_, 0, c_rect(target_->rect), target_->wcs.scale_x(),
                 target_->wcs.scale_y()};
    job_.target = &c_target_;
  }
  job_.ctx = this;
  job_.declare = [](const recorte_job* job, const recorte_output* output, recorte_error* err) {
    return plugin::serve_plugin(err, [&]() -> Status {
      auto& self = of(job);
      const auto known = plugin::known(output);
      if (!known) return fail(ErrorCode::kPlugin, self.who() + ": " + known.error().message);
      auto outline = self.resolve(*known);
      if (!outline) return fail(std::move(outline).error());
      self.outlines_.push_back(std::move(*outline));
      return {};
    });
  };
  job_.read = [](const recorte_job* job, std::uint32_t input, recorte_role role,
                 const recorte_rect* rect, std::int32_t bitpix, recorte_image** out,
                 recorte_error* err) {
    return plugin::serve_plugin(err, [&]() -> Status {
      auto image = of(job).read(input, role, rect_of(*rect), bitpix);
      if (!image) return fail(std::move(image).error());
      *out = image->release();
      return {};
    });
  };
  job_.to_sky = [](const recorte_job* job, std::uint32_t input, std::uint64_t n, const double* xy,
                   double* radec, recorte_error* err) {
    return plugin::serve_plugin(err, [&]() -> Status {
      const auto* grid = of(job).grid(input);
      if (!grid) return fail(ErrorCode::kPlugin, "to_sky: there is no such input");
      grid->to_sky({xy, 2 * n}, {radec, 2 * n});
      return {};
    });
  };
  job_.to_pixel = [](const recorte_job* job, std::uint32_t input, std::uint64_t n,
                     const double* radec, double* xy, recorte_error* err) {
    return plugin::serve_plugin(err, [&]() -> Status {
      const auto* grid = of(job).grid(input);
      if (!grid) return fail(ErrorCode::kPlugin, "to_pixel: there is no such input");
      grid->to_pixel({radec, 2 * n}, {xy, 2 * n});
      return {};
    });
  };
  job_.emit = [](const recorte_job* job, recorte_image* image, recorte_error* err) {
    return plugin::serve_plugin(err, [&]() -> Status {
      auto& self = of(job);
      const auto& window = self.job_.window;
      // outline() may not emit: it would not know what.
      const auto* outline =
          self.job_.output < self.outlines_.size() ? &self.outlines_[self.job_.output] : nullptr;
      if (!image || !outline || image->bitpix != outline->bitpix || image->width != window.width ||
          image->height != window.height || image->planes != outline->planes)
        return fail(ErrorCode::kPlugin, "emit: the image is not of the window's size and type");
      self.emitted_ = plugin::share(image);
      return {};
    });
  };
}

std::string AlgorithmRun::who() const { return "the algorithm " + algorithm_.manifest.id; }

Result<AlgorithmRun::Plane*> AlgorithmRun::open_plane(std::size_t input, recorte_role role) {
  if (input >= inputs_.size() || role < 0 || role >= RECORTE_ROLES)
    return fail(ErrorCode::kPlugin, who() + " asked for input " + std::to_string(input) +
                                        ", plane " + std::to_string(role) + ", which do not exist");
  auto& slot = inputs_[input].planes[static_cast<std::size_t>(role)];
  if (slot) return &*slot;
  const auto& located = location_.images[input];
  const auto* plane = located.source.plane(role);
  const auto name = std::string(kPlaneNames[static_cast<std::size_t>(role)]);
  if (!plane)
    return fail(ErrorCode::kNotFound, "the image " + located.source.id + " has no plane " + name);
  auto image = open_plane_of(cache_, located.source, *plane);
  if (!image) return fail(std::move(image).error());
  const auto& info = (*image)->info;
  const auto& parent = located.image->info;
  if (info.width != parent.width || info.height != parent.height)
    return fail(ErrorCode::kData, "the " + name + " of " + located.source.id + " in " +
                                      plane->path + " is " + std::to_string(info.width) + " x " +
                                      std::to_string(info.height) + " pixels, its image " +
                                      std::to_string(parent.width) + " x " +
                                      std::to_string(parent.height));
  // A cube beside a cube has its planes; any other plane is given whole.
  const auto tail = [](const fits::ImageInfo& i) {
    return std::vector<std::int64_t>(i.hdu.axes.begin() + 2, i.hdu.axes.end());
  };
  const bool like = tail(info) == tail(parent);
  auto choice = like ? located.planes : PlaneChoice::all(tail(info));
  if (plane->cube_plane >= 0) choice = {};
  slot = Plane{std::move(*image), plane->cube_plane, std::move(choice), {}};
  return &*slot;
}

Result<std::shared_ptr<const OpenImage>> AlgorithmRun::plane(std::size_t input, recorte_role role) {
  auto opened = open_plane(input, role);
  if (!opened) return fail(std::move(opened).error());
  return (*opened)->image;
}

Result<PlaneChoice> AlgorithmRun::planes_of(std::size_t input, recorte_role role) {
  auto opened = open_plane(input, role);
  if (!opened) return fail(std::move(opened).error());
  return (*opened)->choice;
}

std::vector<std::size_t> AlgorithmRun::images_of(const Outline& outline) const {
  if (!outline.on_target) return {outline.input};
  std::vector<std::size_t> out;
  const auto& images = location_.images;
  for (std::size_t i = 0; i < images.size(); ++i)
    if (outline.band.empty() || images[i].source.band == outline.band) out.push_back(i);
  return out;
}

double AlgorithmRun::coverage_of(const Outline& outline) const {
  double out = 0;
  for (std::size_t i = 0; i < location_.bands.size(); ++i)
    if (outline.band.empty() || location_.bands[i].name == outline.band)
      out = std::max(out, location_.coverage[i]);
  return out;
}

std::vector<const OpenImage*> AlgorithmRun::opened() const {
  std::vector<const OpenImage*> out;
  for (const auto& input : inputs_)
    for (const auto& plane : input.planes)
      if (plane) out.push_back(plane->image.get());
  return out;
}

Result<Outline> AlgorithmRun::resolve(const recorte_output& c) {
  Outline out;
  out.input = c.input;
  out.role = c.role;
  out.rect = rect_of(c.rect);
  out.planes = c.planes;
  out.colour = c.colour != 0;
  out.blank = c.blank != 0;
  out.on_target = c.on_target != 0;
  out.band = view(c.band);
  out.name = view(c.name);
  for (std::uint32_t i = 0; i < c.card_count; ++i)
    out.cards.emplace_back(view(c.cards[i].key), view(c.cards[i].value));
  auto plane = open_plane(out.input, out.role);
  if (!plane) return fail(std::move(plane).error());
  out.as_stored = c.bitpix == 0;
  out.bitpix = c.bitpix != 0 ? c.bitpix : (*plane)->image->info.hdu.bitpix;
  if (out.planes == 0) out.planes = (*plane)->choice.planes();
  constexpr std::array kTypes{8, 16, 32, 64, -32, -64};
  const bool known_type = std::find(kTypes.begin(), kTypes.end(), out.bitpix) != kTypes.end();
  if (out.on_target && !target_)
    return fail(ErrorCode::kPlugin, who() +
                                        " declared a product on the target grid, and its "
                                        "manifest does not say that it combines");
  const bool known_depth = out.planes == 1 || out.planes == (*plane)->choice.planes() ||
                           (out.colour && out.planes >= 1 && out.planes <= 4);
  if (!sane(out.rect) || !known_depth || !known_type || (out.colour && out.bitpix != 8))
    return fail(ErrorCode::kPlugin,
                who() + " declared a product of " + std::to_string(out.rect.width) + " x " +
                    std::to_string(out.rect.height) + " x " + std::to_string(out.planes) +
                    " pixels of BITPIX " + std::to_string(out.bitpix) + ", which makes no sense");
  return out;
}

Result<std::vector<Outline>> AlgorithmRun::outline() {
  outlines_.clear();
  watch_.stage(plugin::stage_of(algorithm_.manifest.label(), "in outline()"));
  auto outlined = plugin::call_plugin(who(), [&](recorte_error* error) {
    return algorithm_.table->outline(algorithm_.self, &job_, error);
  });
  watch_.stage("");
  if (!outlined) return fail(std::move(outlined).error());
  if (outlines_.empty()) return fail(ErrorCode::kPlugin, who() + " declared no product");
  return outlines_;
}

Result<plugin::ImageRef> AlgorithmRun::run(std::size_t output, const sky::PixelRect& window) {
  job_.output = static_cast<std::uint32_t>(output);
  job_.window = c_rect(window);
  emitted_ = {};
  watch_.stage(plugin::stage_of(algorithm_.manifest.label(), "in run()"));
  auto ran = plugin::call_plugin(who(), [&](recorte_error* error) {
    return algorithm_.table->run(algorithm_.self, &job_, error);
  });
  watch_.stage("");
  if (!ran) return fail(std::move(ran).error());
  if (!emitted_) return fail(ErrorCode::kPlugin, who() + " returned without pixels");
  return std::move(emitted_);
}

Result<plugin::ImageRef> AlgorithmRun::read(std::size_t input, recorte_role role,
                                            const sky::PixelRect& rect, int bitpix) {
  auto opened = open_plane(input, role);
  if (!opened) return fail(std::move(opened).error());
  const auto& plane = **opened;
  const auto& info = plane.image->info;
  const auto planes = plane.choice.planes();
  const int type = bitpix != 0 ? bitpix : info.hdu.bitpix;
  if (!sane(rect) || (bitpix != 0 && bitpix != RECORTE_F32 && bitpix != RECORTE_F64))
    return fail(ErrorCode::kPlugin, who() + " asked for " + std::to_string(rect.width) + " x " +
                                        std::to_string(rect.height) + " pixels at " +
                                        std::to_string(rect.x) + ", " + std::to_string(rect.y) +
                                        " of BITPIX " + std::to_string(bitpix) +
                                        ", which makes no sense");
  auto out = plugin::new_image(call_, type, rect.width, rect.height, planes, plugin::Pixels::kAny);
  if (!out) return fail(std::move(out).error());
  const auto inside = sky::intersection(rect, {0, 0, info.width, info.height});
  const bool leaves = inside.area() != rect.area();
  if (leaves) {
    std::int64_t value = 0;
    if (type > 0) {
      auto blank = blank_of(input, role, rect);
      if (!blank) return fail(std::move(blank).error());
      value = *blank;
    }
    fill_blank(*out->get(), value);
  }
  if (inside.empty()) return out;
  const auto bytes = fits::bytes_of(type);
  for (std::int64_t p = 0; p < planes; ++p) {
    auto* corner = static_cast<std::byte*>((*out)->pixels) + p * (*out)->plane_bytes +
                   (inside.y - rect.y) * (*out)->row_bytes + (inside.x - rect.x) * bytes;
    const auto number = plane.cube_plane >= 0 ? plane.cube_plane : plane.choice.plane(p);
    RECORTE_TRY(plane.image->file->read(info, number, inside, bitpix, corner, (*out)->row_bytes));
  }
  return out;
}

/// The pixels that go into the product in which the plane stands: one BLANK holds for all of it,
/// whose outline comes before any of its windows.
Result<std::vector<BlankArea>> AlgorithmRun::areas_of(std::size_t input, recorte_role role,
                                                      const sky::PixelRect& rect) {
  const auto& image = *inputs_[input].planes[static_cast<std::size_t>(role)]->image;
  const auto within = [](const OpenImage& i, const sky::PixelRect& r) {
    return BlankArea{&i, sky::intersection(r, {0, 0, i.info.width, i.info.height})};
  };
  const auto& band = location_.images[input].source.band;
  for (const auto& o : outlines_) {
    if (o.role != role) continue;
    if (!o.on_target && o.input == input) return std::vector{within(image, o.rect)};
    if (!o.on_target || location_.images[o.input].source.band != band) continue;
    std::vector<BlankArea> all;
    for (std::size_t i = 0; i < inputs_.size(); ++i) {
      if (location_.images[i].source.band != band) continue;
      auto plane = open_plane(i, role);
      if (!plane) return fail(std::move(plane).error());
      if (!target_->needed[i].empty()) all.push_back({(*plane)->image.get(), target_->needed[i]});
    }
    if (!all.empty()) return all;
  }
  return std::vector{within(image, rect)};
}

Result<std::int64_t> AlgorithmRun::blank_of(std::size_t input, recorte_role role,
                                            const sky::PixelRect& rect) {
  auto opened = open_plane(input, role);
  if (!opened) return fail(std::move(opened).error());
  auto& plane = **opened;
  const auto& info = plane.image->info;
  if (info.blank) return *info.blank;
  if (!plane.blank) {
    auto areas = areas_of(input, role, rect);
    if (!areas) return fail(std::move(areas).error());
    auto chosen = choose_blank(*areas, call_);
    if (!chosen) return fail(std::move(chosen).error());
    plane.blank = *chosen;
    // One value for a product of many images.
    for (std::size_t i = 0; i < inputs_.size() && areas->size() > 1; ++i) {
      auto& other = inputs_[i].planes[static_cast<std::size_t>(role)];
      if (other && !other->image->info.blank &&
          location_.images[i].source.band == location_.images[input].source.band)
        other->blank = *chosen;
    }
  }
  return *plane.blank;
}

}  // namespace recorte::cutout
