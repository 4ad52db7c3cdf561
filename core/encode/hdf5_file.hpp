/// One HDF5 file that grows along its first axis, with libhdf5. Chunks are written as they come,
/// straight from memory: no filter, no cache of the library's between.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace recorte::encode {

/// In this thread the library prints no errors of its own: they are told. Each thread that writes
/// calls it first.
void silence_hdf5();

/// Closes what an id of libhdf5 names; below 0 is none.
class Hdf5Id {
 public:
  using Close = int (*)(std::int64_t);
  Hdf5Id() = default;
  Hdf5Id(std::int64_t id, Close close) : id_(id), close_(close) {}
  Hdf5Id(Hdf5Id&& other) noexcept;
  Hdf5Id& operator=(Hdf5Id&& other) noexcept;
  ~Hdf5Id() { (void)close(); }
  std::int64_t get() const { return id_; }
  explicit operator bool() const { return id_ >= 0; }
  /// Whether all went well.
  bool close();

 private:
  std::int64_t id_ = -1;
  Close close_ = nullptr;
};

/// An array N x bands x height x width of 4-byte samples, kept in whole chunks of some rows of N.
class Hdf5Array {
 public:
  enum class Type { kFloat32, kInt32 };
  struct Shape {
    std::int64_t bands = 0, height = 0, width = 0;
    std::int64_t samples() const { return bands * height * width; }
    bool operator==(const Shape&) const = default;
  };
  /// Rows of a chunk of an array whose rows have so many samples.
  static std::int64_t rows_of_chunk(std::int64_t samples);

  /// A place for the next row, `shape.samples()` long; what it holds is undefined. Good until
  /// put().
  std::uint32_t* next();
  /// Takes the place for written.
  Status put();
  std::int64_t rows() const { return rows_; }
  /// Writes what is not full yet; then the array has rows() rows.
  Status end();

 private:
  friend class Hdf5File;
  Status write(std::int64_t first);
  std::string file_, name_;
  Hdf5Id id_;
  Shape shape_;
  std::uint32_t fill_ = 0;
  std::int64_t chunk_rows_ = 1, rows_ = 0, extent_ = 0;
  std::vector<std::uint32_t> chunk_;
};

class Hdf5File {
 public:
  /// Writes into the empty file behind a descriptor, which is borrowed. `name` is for errors.
  static Result<Hdf5File> create(int fd, std::string name);

  Result<Hdf5Array> array(const std::string& name, Hdf5Array::Type type,
                          const Hdf5Array::Shape& shape, std::uint32_t fill);
  Status numbers(const std::string& name, std::span<const double> values);
  /// Of one length, UTF-8, filled up with zeros.
  Status texts(const std::string& name, const std::vector<std::string>& values);
  Status attribute(const std::string& name, const std::string& value);
  Status attribute(const std::string& name, const std::vector<std::string>& values);
  /// kUnavailable where something did not reach the file.
  Status close();

 private:
  Status write_attribute(const std::string& name, const std::vector<std::string>& values,
                         bool scalar);
  std::string name_;
  Hdf5Id id_;
};

}  // namespace recorte::encode
