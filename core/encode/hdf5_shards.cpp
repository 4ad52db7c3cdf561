// SPDX-License-Identifier: BSD-3-Clause
//
// The module that core/store/shards.hpp loads: products become rows of HDF5 files.
#include "core/base/version.hpp"
#include "core/encode/hdf5_file.hpp"
#include "core/encode/product_planes.hpp"
#include "core/fits/pixels.hpp"
#include "core/store/output_file.hpp"
#include "core/store/shards.hpp"

#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <optional>

namespace recorte::encode {
namespace {

using store::Place;
using store::Sample;
using store::ShardOptions;

constexpr std::int64_t kLargestProduct = std::int64_t{4} << 30;
constexpr float kNone = std::numeric_limits<float>::quiet_NaN();
/// Of a mask where nothing is known: every bit.
constexpr std::int32_t kMasked = -1;

std::string shape_text(std::int64_t width, std::int64_t height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

/// Physical values; BLANK is NaN. `native` holds them in the machine's byte order in between.
void physical(const ProductPlane& plane, int bitpix, std::vector<std::byte>& native, void* out) {
  const auto count = plane.width * plane.height;
  if (plane.bitpix == bitpix && plane.bscale == 1 && plane.bzero == 0)
    return fits::swap_bytes(bitpix, plane.pixels.data(), out, count);
  native.resize(plane.pixels.size());
  fits::swap_bytes(plane.bitpix, plane.pixels.data(), native.data(), count);
  fits::scale(plane.bitpix, native.data(), {plane.bscale, plane.bzero, plane.blank}, bitpix, out,
              count);
}

/// 0 where there is none, so that such a pixel counts for nothing.
void inverse_variance(bool is_variance, std::span<float> values) {
  for (auto& value : values) {
    const bool good = std::isfinite(value) && value > 0;
    value = !good ? 0 : is_variance ? 1 / value : value;
  }
}

class Shards : public store::ShardWriter {
 public:
  explicit Shards(ShardOptions options) : options_(std::move(options)) {}

  Result<Place> add(const Sample& sample) override {
    silence_hdf5();
    const auto told = [&](Error error) {
      return Error{error.code, sample.where + ": " + error.message};
    };
    auto bytes = bytes_of(sample.product);
    if (!bytes) return fail(told(std::move(bytes).error()));
    auto planes = product_planes(*bytes);
    if (!planes) return fail(told(std::move(planes).error()));
    if (auto fits = agree(*planes); !fits) return fail(told(std::move(fits).error()));
    if (!shard_)
      if (auto begun = begin(); !begun) {
        shard_.reset();
        return fail(std::move(begun).error());
      }
    fill_image(*planes);
    if (shard_->ivar) fill_ivar(*planes);
    if (shard_->mask)
      if (auto filled = fill_mask(*planes); !filled) return fail(told(std::move(filled).error()));
    RECORTE_TRY(shard_->image->put());
    if (shard_->ivar) RECORTE_TRY(shard_->ivar->put());
    if (shard_->mask) RECORTE_TRY(shard_->mask->put());
    shard_->ids.push_back(sample.id);
    shard_->ra.push_back(sample.ra);
    shard_->dec.push_back(sample.dec);
    const Place place{number_, static_cast<std::uint32_t>(shard_->ids.size() - 1)};
    if (std::ssize(shard_->ids) * row_bytes() >= options_.shard_bytes) RECORTE_TRY(end());
    return place;
  }

  Result<std::vector<std::filesystem::path>> finish() override {
    silence_hdf5();
    if (shard_) RECORTE_TRY(end());
    std::vector<std::filesystem::path> out;
    if (number_ == 1) {
      RECORTE_TRY(first_->publish());
      out.push_back(options_.path);
    }
    for (std::uint32_t i = 0; number_ > 1 && i < number_; ++i) out.push_back(path_of(i));
    return out;
  }

 private:
  struct Shard {
    store::OutputFile output;
    Hdf5File file;
    std::optional<Hdf5Array> image, ivar, mask;
    std::vector<std::string> ids;
    std::vector<double> ra, dec;
  };

  std::filesystem::path path_of(std::uint32_t number) const {
    char text[16];
    std::snprintf(text, sizeof text, "-%05u", number);
    auto out = options_.path;
    const auto ending = out.extension();
    out.replace_extension();
    out += text;
    return out += ending;
  }

  std::int64_t row_bytes() const {
    return shape_.samples() * 4 * (1 + (options_.ivar ? 1 : 0) + (options_.mask ? 1 : 0));
  }

  Result<std::span<const std::byte>> bytes_of(const store::Content& content) {
    if (content.in_memory()) return content.memory();
    if (content.size() > kLargestProduct)
      return fail(ErrorCode::kTooLarge,
                  "a product of " + std::to_string(content.size()) + " bytes; ask for less");
    buffer_.resize(static_cast<std::size_t>(content.size()));
    for (std::int64_t done = 0; done < content.size();) {
      const auto n =
          ::pread(content.descriptor(), buffer_.data() + done,
                  static_cast<std::size_t>(content.size() - done), content.offset() + done);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return fail(os_error("cannot read a product"));
      done += n;
    }
    return std::span<const std::byte>(buffer_);
  }

  static const ProductPlane* find(const std::vector<ProductPlane>& planes, const std::string& band,
                                  std::string_view meaning) {
    for (const auto& plane : planes)
      if (plane.band == band && plane.meaning == meaning) return &plane;
    return nullptr;
  }

  /// Takes bands and size of the first product; of any other, checks that they are the same.
  Status agree(const std::vector<ProductPlane>& planes) {
    std::vector<std::string> bands, units;
    for (const auto& plane : planes) {
      if (plane.meaning != "image") continue;
      if (std::ranges::find(bands, plane.band) != bands.end())
        return fail(ErrorCode::kUsage, "several images of the band " + plane.band +
                                           "; HDF5 takes one: ask for epochs=best");
      bands.push_back(plane.band);
      units.push_back(plane.unit);
    }
    if (bands.empty())
      return fail(ErrorCode::kUsage, "the product has no image of a band; HDF5 needs one");
    if (bands_.empty()) {
      bands_ = bands;
      units_ = units;
      shape_ = {std::ssize(bands), planes.front().height, planes.front().width};
    }
    std::ranges::sort(bands);
    auto first = bands_;
    std::ranges::sort(first);
    if (bands != first)
      return fail(ErrorCode::kUsage, "its bands are not those of the first row (" +
                                         std::to_string(bands_.size()) +
                                         "); all rows of HDF5 have the same: name them with bands");
    for (const auto& plane : planes)
      if (plane.width != shape_.width || plane.height != shape_.height)
        return fail(ErrorCode::kUsage,
                    shape_text(plane.width, plane.height) + " pixels, and the first row has " +
                        shape_text(shape_.width, shape_.height) +
                        "; all rows of HDF5 have one size: give it in pixels (size=64px)");
    return {};
  }

  Status begin() {
    // Where files must have names while they are written, each has its own.
    auto output = store::OutputFile::open(number_ == 0 ? options_.path : path_of(number_));
    if (!output) return fail(std::move(output).error());
    auto file = Hdf5File::create(output->descriptor(), options_.path.string());
    if (!file) return fail(std::move(file).error());
    shard_.emplace(Shard{std::move(*output), std::move(*file), {}, {}, {}, {}, {}, {}});
    using Type = Hdf5Array::Type;
    const auto open = [&](std::optional<Hdf5Array>& place, const char* name, Type type,
                          std::uint32_t fill) -> Status {
      auto array = shard_->file.array(name, type, shape_, fill);
      if (!array) return fail(std::move(array).error());
      place = std::move(*array);
      return {};
    };
    RECORTE_TRY(open(shard_->image, "image", Type::kFloat32, std::bit_cast<std::uint32_t>(kNone)));
    if (options_.ivar) RECORTE_TRY(open(shard_->ivar, "ivar", Type::kFloat32, 0));
    if (options_.mask)
      RECORTE_TRY(open(shard_->mask, "mask", Type::kInt32, std::bit_cast<std::uint32_t>(kMasked)));
    return {};
  }

  std::int64_t plane_samples() const { return shape_.width * shape_.height; }

  void fill_image(const std::vector<ProductPlane>& planes) {
    auto* out = shard_->image->next();
    for (const auto& band : bands_) {
      physical(*find(planes, band, "image"), -32, native_, out);
      out += plane_samples();
    }
  }

  void fill_ivar(const std::vector<ProductPlane>& planes) {
    auto* out = reinterpret_cast<float*>(shard_->ivar->next());
    for (const auto& band : bands_) {
      const std::span<float> values(out, static_cast<std::size_t>(plane_samples()));
      const auto* weight = find(planes, band, "weight");
      const auto* variance = find(planes, band, "variance");
      if (weight || variance) physical(weight ? *weight : *variance, -32, native_, out);
      if (!weight && !variance) std::ranges::fill(values, 0.0F);
      inverse_variance(!weight, values);
      out += plane_samples();
    }
  }

  Status fill_mask(const std::vector<ProductPlane>& planes) {
    auto* out = reinterpret_cast<std::int32_t*>(shard_->mask->next());
    doubles_.resize(static_cast<std::size_t>(plane_samples()));
    for (const auto& band : bands_) {
      const auto* plane = find(planes, band, "mask");
      if (plane) physical(*plane, -64, native_, doubles_.data());
      for (const auto value : doubles_) {
        if (plane && (value < std::numeric_limits<std::int32_t>::min() ||
                      value > std::numeric_limits<std::int32_t>::max()))
          return fail(ErrorCode::kData,
                      "the mask of " + band + " has values of more than 32 bits; HDF5 takes 32");
        *out++ = !plane || std::isnan(value) ? kMasked : static_cast<std::int32_t>(value);
      }
    }
    return {};
  }

  Status end() {
    auto& shard = *shard_;
    for (auto* array : {&shard.image, &shard.ivar, &shard.mask})
      if (*array) RECORTE_TRY((*array)->end());
    RECORTE_TRY(shard.file.texts("id", shard.ids));
    RECORTE_TRY(shard.file.numbers("ra", shard.ra));
    RECORTE_TRY(shard.file.numbers("dec", shard.dec));
    RECORTE_TRY(shard.file.attribute("bands", bands_));
    RECORTE_TRY(shard.file.attribute("units", units_));
    for (const auto& [name, value] : options_.attributes)
      RECORTE_TRY(shard.file.attribute(name, value));
    RECORTE_TRY(shard.file.close());
    // The only one has no number, and whether there are more is not known yet.
    if (number_ == 0) first_ = std::move(shard.output);
    if (number_ == 1) RECORTE_TRY(first_->publish_as(path_of(0)));
    if (number_ > 0) RECORTE_TRY(shard.output.publish_as(path_of(number_)));
    shard_.reset();
    ++number_;
    return {};
  }

  ShardOptions options_;
  std::vector<std::string> bands_, units_;
  Hdf5Array::Shape shape_;
  std::optional<Shard> shard_;
  std::optional<store::OutputFile> first_;  ///< whole, and without a name yet
  std::uint32_t number_ = 0;                ///< of the shard at hand
  std::vector<std::byte> buffer_, native_;
  std::vector<double> doubles_;
};

Result<std::unique_ptr<store::ShardWriter>> open(const ShardOptions& options) {
  return std::make_unique<Shards>(options);
}

}  // namespace
}  // namespace recorte::encode

extern "C" {
__attribute__((visibility("default"))) extern const recorte::store::ShardModule recorte_hdf5;
const recorte::store::ShardModule recorte_hdf5{recorte::version().data(), recorte::encode::open};
}
