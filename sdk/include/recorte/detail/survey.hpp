/// The survey side of the wrapper.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core.hpp"

#include <cmath>
#include <cstdio>
#include <deque>

namespace recorte {

/// One plane of an image. Strings must live until Sources::add or Footprints::add returns.
struct Plane {
  std::string_view uri;  ///< absolute path
  recorte_role role = RECORTE_IMAGE;
  int hdu = -1;
  std::string_view extname = "";
  int cube_plane = -1;
};

/// One image of the survey.
struct Source {
  std::string_view id = "", band = "";
  std::vector<Plane> planes = {};  ///< the image first
  std::string_view release = "", version = "", unit = "", access_group = "", s_region = "";
  double t_min = NAN, t_max = NAN, exptime = NAN, zeropoint = NAN, depth = NAN;
  std::vector<recorte_pair> pairs = {};
  std::string_view variant = "";  ///< of several images of one place and time
  /// FITS cards that its files lack or have wrong; with CTYPE1 among them, the whole WCS.
  std::vector<recorte_pair> cards = {};
};

namespace detail {

/// The C form of a source, which borrows its strings. Address-stable.
class SourceInC {
 public:
  explicit SourceInC(const Source& s) {
    planes_.reserve(s.planes.size());
    for (const auto& p : s.planes) {
      planes_.push_back(
          {sizeof(recorte_plane), p.role, p.hdu, p.cube_plane, str(p.uri), str(p.extname)});
      pointers_.push_back(&planes_.back());
    }
    c_.struct_size = sizeof c_;
    c_.plane_count = static_cast<std::uint32_t>(pointers_.size());
    c_.planes = pointers_.data();
    c_.id = str(s.id);
    c_.release = str(s.release);
    c_.band = str(s.band);
    c_.version = str(s.version);
    c_.variant = str(s.variant);
    c_.unit = str(s.unit);
    c_.access_group = str(s.access_group);
    c_.s_region = str(s.s_region);
    c_.t_min = s.t_min;
    c_.t_max = s.t_max;
    c_.exptime = s.exptime;
    c_.zeropoint = s.zeropoint;
    c_.depth = s.depth;
    c_.pairs = s.pairs.data();
    c_.cards = s.cards.data();
    c_.pair_count = static_cast<std::uint32_t>(s.pairs.size());
    c_.card_count = static_cast<std::uint32_t>(s.cards.size());
  }
  SourceInC(const SourceInC&) = delete;
  SourceInC& operator=(const SourceInC&) = delete;
  const recorte_source* get() const { return &c_; }

 private:
  std::vector<recorte_plane> planes_;
  std::vector<const recorte_plane*> pointers_;
  recorte_source c_{};
};

}  // namespace detail

/// Where find() puts what it found.
class Sources {
 public:
  explicit Sources(const recorte_source_sink* sink) : sink_(sink) {}
  void add(const Source& source) const { add(*detail::SourceInC(source).get()); }
  void add(const recorte_source& c) const {
    if (const recorte_status s = sink_->add(sink_, &c); s != RECORTE_OK)
      throw Error(s, "the host took no more sources");
  }

 private:
  const recorte_source_sink* sink_;
};

class Query {
 public:
  explicit Query(const recorte_query* q) : q_(q) {}
  const recorte_region& region() const { return *q_->region; }
  std::string_view release() const { return view(q_->release); }
  /// The id of the one image that is wanted; "" for any that meets the region.
  std::string_view image() const { return view(q_->image); }
  bool wants(std::string_view band) const {
    if (q_->band_count == 0) return true;
    for (std::uint32_t i = 0; i < q_->band_count; ++i)
      if (view(q_->bands[i]) == band) return true;
    return false;
  }
  /// Whether an exposure of these times (MJD; NaN: not known) is wanted.
  bool wants(double t_min, double t_max) const {
    return !(t_max < q_->t_min) && !(t_min > q_->t_max);
  }
  const recorte_query& raw() const { return *q_; }

 private:
  const recorte_query* q_;
};

/// What a survey is, for describe().
struct Description {
  struct Band {
    std::string name = {};
    double lambda_min = NAN, lambda_max = NAN;  ///< metres
  };
  std::string title = {}, release = {}, citation = {};
  std::vector<Band> bands = {};
  std::vector<std::string> planes{"image"};  ///< of image, weight, variance, mask
  double pixel_scale = NAN;                  ///< degrees, the largest of the survey's images
  double example_ra = NAN, example_dec = NAN;

  std::string json() const {
    std::string out = "{\"title\":" + quoted(title) + ",\"release\":" + quoted(release) +
                      ",\"citation\":" + quoted(citation) + ",\"bands\":[";
    for (const auto& b : bands)
      out += (&b == bands.data() ? "" : ",") + ("{\"name\":" + quoted(b.name)) +
             ",\"lambda_min\":" + number(b.lambda_min) + ",\"lambda_max\":" + number(b.lambda_max) +
             "}";
    out += "],\"planes\":[";
    for (const auto& p : planes) out += (&p == planes.data() ? "" : ",") + quoted(p);
    return out + "],\"pixel_scale\":" + number(pixel_scale) +
           ",\"example\":{\"ra\":" + number(example_ra) + ",\"dec\":" + number(example_dec) + "}}";
  }

 private:
  static std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out + '"';
  }
  static std::string number(double value) {
    if (!std::isfinite(value)) return "null";
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", value);
    return text;
  }
};

/// Derive from this, with a constructor from Config.
class Survey {
 public:
  static constexpr const char* interface = RECORTE_SURVEY_V1;
  virtual ~Survey() = default;
  virtual Description describe() = 0;
  /// Adds every image that may meet the region. Being generous is correct, merely slower.
  virtual void find(const Query& query, const Sources& out, const Call& call) = 0;
};

/// The host's footprint index: an index file, or sources with s_region added one by one.
class Footprints {
 public:
  /// The index that `recorte survey index` wrote; paths in it begin in `root`.
  static Footprints open(Host host, std::string_view path, std::string_view root) {
    Footprints out(host);
    detail::check([&](recorte_error* e) {
      return out.service_->open(host.raw(), str(path), str(root), &out.set_, e);
    });
    return out;
  }
  static Footprints of(Host host, const std::vector<Source>& sources) {
    Footprints out(host);
    std::deque<detail::SourceInC> in_c;
    std::vector<const recorte_source*> pointers;
    for (const auto& source : sources) pointers.push_back(in_c.emplace_back(source).get());
    detail::check([&](recorte_error* e) {
      return out.service_->make(host.raw(), pointers.data(), pointers.size(), &out.set_, e);
    });
    return out;
  }
  Footprints(Footprints&& o) noexcept
      : service_(o.service_), set_(std::exchange(o.set_, nullptr)) {}
  Footprints& operator=(Footprints&& o) noexcept {
    std::swap(service_, o.service_);
    std::swap(set_, o.set_);
    return *this;
  }
  ~Footprints() {
    if (set_) service_->close(set_);
  }
  const recorte_footprint_summary& summary() const { return *service_->summary(set_); }

  /// Calls `found` with every source (a recorte_source&, borrowed; it may be changed) that may
  /// answer the query.
  template <class Found>
  void find(const Query& query, const Call& call, Found&& found) const {
    struct Context {
      Found& found;
      std::exception_ptr thrown;
    } context{found, nullptr};
    const recorte_source_sink sink{
        sizeof sink, 0, &context,
        [](const recorte_source_sink* s, const recorte_source* source) noexcept -> recorte_status {
          auto& c = *static_cast<Context*>(s->ctx);
          try {
            auto copy = detail::known(*source);
            c.found(copy);
            return RECORTE_OK;
          } catch (...) {
            c.thrown = std::current_exception();
            return RECORTE_CANCELLED;
          }
        }};
    recorte_error err{};
    err.struct_size = sizeof err;
    const auto status = service_->find(set_, call.raw(), &query.raw(), &sink, &err);
    if (context.thrown) std::rethrow_exception(context.thrown);
    if (status != RECORTE_OK) throw Error(status, err.message);
  }

 private:
  explicit Footprints(Host host)
      : service_(&host.service<recorte_footprints>(RECORTE_FOOTPRINTS_V1)) {}
  const recorte_footprints* service_;
  recorte_footprint_set* set_ = nullptr;
};

}  // namespace recorte
