// SPDX-License-Identifier: BSD-3-Clause
#include "core/encode/hdf5_file.hpp"

#include "core/encode/hdf5_driver.hpp"

#include <hdf5.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace recorte::encode {
namespace {

static_assert(std::is_same_v<hid_t, std::int64_t>);

constexpr std::int64_t kSampleSize = 4;
/// A chunk is at least so large, where rows are smaller: each costs an entry of an index.
constexpr std::int64_t kLeastChunk = 64 << 10;
/// The library's own bound.
constexpr std::int64_t kLargestChunk = std::numeric_limits<std::uint32_t>::max();
/// By how much an array grows at a time, and is cut to its rows at the end.
constexpr std::int64_t kGrowth = 1024;

/// What the library says at the bottom of its stack of errors.
Error hdf5_error(const std::string& what) {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned n, const H5E_error2_t* entry, void* data) -> herr_t {
        if (n == 0 && entry->desc) *static_cast<std::string*>(data) = entry->desc;
        return 0;
      },
      &reason);
  return {ErrorCode::kUnavailable, "cannot write " + what + ": " + reason};
}

Hdf5Id space_of(std::int64_t count, bool scalar) {
  const auto size = static_cast<hsize_t>(count);
  return {scalar ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &size, nullptr), H5Sclose};
}

/// UTF-8, of a fixed length (filled up with zeros) or H5T_VARIABLE.
Hdf5Id text_type(std::size_t length) {
  Hdf5Id type(H5Tcopy(H5T_C_S1), H5Tclose);
  if (H5Tset_size(type.get(), length) < 0 || H5Tset_cset(type.get(), H5T_CSET_UTF8) < 0 ||
      (length != H5T_VARIABLE && H5Tset_strpad(type.get(), H5T_STR_NULLPAD) < 0))
    return {};
  return type;
}

}  // namespace

void silence_hdf5() {
  // Everything is closed by its owner. At the end of the program the library would try again, and
  // complain for ever, to write a file that is given up because its disk is full.
  static const herr_t kNotAtExit = H5dont_atexit();
  (void)kNotAtExit;
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
}

Hdf5Id::Hdf5Id(Hdf5Id&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}

Hdf5Id& Hdf5Id::operator=(Hdf5Id&& other) noexcept {
  std::swap(id_, other.id_);
  std::swap(close_, other.close_);
  return *this;
}

bool Hdf5Id::close() {
  const auto id = std::exchange(id_, -1);
  return id < 0 || close_(id) >= 0;
}

std::int64_t Hdf5Array::rows_of_chunk(std::int64_t samples) {
  const auto size = samples * kSampleSize;
  return std::max<std::int64_t>(1, (kLeastChunk + size - 1) / size);
}

std::uint32_t* Hdf5Array::next() { return chunk_.data() + rows_ % chunk_rows_ * shape_.samples(); }

Status Hdf5Array::put() {
  ++rows_;
  return rows_ % chunk_rows_ == 0 ? write(rows_ - chunk_rows_) : Status();
}

Status Hdf5Array::write(std::int64_t first) {
  const auto axes = [this](std::int64_t rows) {
    return std::array<hsize_t, 4>{static_cast<hsize_t>(rows), static_cast<hsize_t>(shape_.bands),
                                  static_cast<hsize_t>(shape_.height),
                                  static_cast<hsize_t>(shape_.width)};
  };
  if (rows_ > extent_) {
    extent_ = (rows_ + kGrowth - 1) / kGrowth * kGrowth;
    if (H5Dset_extent(id_.get(), axes(extent_).data()) < 0)
      return fail(hdf5_error(file_ + " (" + name_ + ")"));
  }
  const std::array<hsize_t, 4> at{static_cast<hsize_t>(first), 0, 0, 0};
  if (H5Dwrite_chunk(id_.get(), H5P_DEFAULT, 0, at.data(), chunk_.size() * kSampleSize,
                     chunk_.data()) < 0)
    return fail(hdf5_error(file_ + " (" + name_ + ")"));
  return {};
}

Status Hdf5Array::end() {
  if (const auto rest = rows_ % chunk_rows_; rest > 0) {
    std::fill(chunk_.begin() + rest * shape_.samples(), chunk_.end(), fill_);
    RECORTE_TRY(write(rows_ - rest));
  }
  const std::array<hsize_t, 4> axes{static_cast<hsize_t>(rows_), static_cast<hsize_t>(shape_.bands),
                                    static_cast<hsize_t>(shape_.height),
                                    static_cast<hsize_t>(shape_.width)};
  if (H5Dset_extent(id_.get(), axes.data()) < 0 || !id_.close())
    return fail(hdf5_error(file_ + " (" + name_ + ")"));
  return {};
}

Result<Hdf5File> Hdf5File::create(int fd, std::string name) {
  const Hdf5Id access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  // The indexes of 1.10: smaller and faster than the B-trees of before.
  if (!access || H5Pset_libver_bounds(access.get(), H5F_LIBVER_V110, H5F_LIBVER_V110) < 0 ||
      !set_descriptor_driver(access.get(), fd))
    return fail(hdf5_error(name));
  Hdf5File out;
  out.name_ = std::move(name);
  out.id_ =
      Hdf5Id(H5Fcreate(out.name_.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()), H5Fclose);
  if (!out.id_) return fail(hdf5_error(out.name_));
  return out;
}

Result<Hdf5Array> Hdf5File::array(const std::string& name, Hdf5Array::Type type,
                                  const Hdf5Array::Shape& shape, std::uint32_t fill) {
  Hdf5Array out;
  out.file_ = name_;
  out.name_ = name;
  out.shape_ = shape;
  out.fill_ = fill;
  out.chunk_rows_ = Hdf5Array::rows_of_chunk(shape.samples());
  if (out.chunk_rows_ * shape.samples() > kLargestChunk / kSampleSize)
    return fail(ErrorCode::kTooLarge, name_ + ": cutouts of " + std::to_string(shape.samples()) +
                                          " pixels are too large for HDF5; ask for smaller ones");
  out.chunk_.resize(static_cast<std::size_t>(out.chunk_rows_ * shape.samples()));
  const auto side = [](std::int64_t n) { return static_cast<hsize_t>(n); };
  const std::array<hsize_t, 4> none{0, side(shape.bands), side(shape.height), side(shape.width)};
  const std::array<hsize_t, 4> most{H5S_UNLIMITED, none[1], none[2], none[3]};
  const std::array<hsize_t, 4> chunk{side(out.chunk_rows_), none[1], none[2], none[3]};
  const Hdf5Id space(H5Screate_simple(4, none.data(), most.data()), H5Sclose);
  const Hdf5Id creation(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  const bool floats = type == Hdf5Array::Type::kFloat32;
  const auto stored = floats ? H5T_IEEE_F32LE : H5T_STD_I32LE;
  if (!space || !creation || H5Pset_chunk(creation.get(), 4, chunk.data()) < 0 ||
      H5Pset_fill_value(creation.get(), stored, &fill) < 0)
    return fail(hdf5_error(name_));
  out.id_ = Hdf5Id(H5Dcreate2(id_.get(), name.c_str(), stored, space.get(), H5P_DEFAULT,
                              creation.get(), H5P_DEFAULT),
                   H5Dclose);
  if (!out.id_) return fail(hdf5_error(name_));
  return out;
}

Status Hdf5File::numbers(const std::string& name, std::span<const double> values) {
  const auto space = space_of(std::ssize(values), false);
  Hdf5Id set(H5Dcreate2(id_.get(), name.c_str(), H5T_IEEE_F64LE, space.get(), H5P_DEFAULT,
                        H5P_DEFAULT, H5P_DEFAULT),
             H5Dclose);
  if (!set ||
      H5Dwrite(set.get(), H5T_IEEE_F64LE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0 ||
      !set.close())
    return fail(hdf5_error(name_));
  return {};
}

Status Hdf5File::texts(const std::string& name, const std::vector<std::string>& values) {
  std::size_t length = 1;
  for (const auto& value : values) length = std::max(length, value.size());
  std::string bytes;
  for (const auto& value : values) (bytes += value).append(length - value.size(), '\0');
  const auto type = text_type(length);
  const auto space = space_of(std::ssize(values), false);
  Hdf5Id set(H5Dcreate2(id_.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT,
                        H5P_DEFAULT),
             H5Dclose);
  if (!set || H5Dwrite(set.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()) < 0 ||
      !set.close())
    return fail(hdf5_error(name_));
  return {};
}

Status Hdf5File::write_attribute(const std::string& name, const std::vector<std::string>& values,
                                 bool scalar) {
  std::vector<const char*> pointers;
  for (const auto& value : values) pointers.push_back(value.c_str());
  const auto type = text_type(H5T_VARIABLE);
  const auto space = space_of(std::ssize(values), scalar);
  Hdf5Id made(
      H5Acreate2(id_.get(), name.c_str(), type.get(), space.get(), H5P_DEFAULT, H5P_DEFAULT),
      H5Aclose);
  if (!made || H5Awrite(made.get(), type.get(), pointers.data()) < 0 || !made.close())
    return fail(hdf5_error(name_));
  return {};
}

Status Hdf5File::attribute(const std::string& name, const std::string& value) {
  return write_attribute(name, {value}, true);
}

Status Hdf5File::attribute(const std::string& name, const std::vector<std::string>& values) {
  return write_attribute(name, values, false);
}

Status Hdf5File::close() {
  if (!id_.close()) return fail(hdf5_error(name_));
  return {};
}

}  // namespace recorte::encode
