/// Where the products of a list go: files of a directory, entries of a tar or zip, rows of HDF5
/// shards. All but a directory appear under their name only when they are whole.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/store/content.hpp"
#include "core/store/shards.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace recorte::command {

/// What a row of the list gives: borrowed until add() returns.
struct Delivery {
  std::size_t row = 0;                ///< from 0
  std::vector<store::Entry> files;    ///< adjacent in an archive
  std::string id;                     ///< the rest is for shards
  double ra = 0, dec = 0;             ///< degrees, or NaN
  std::optional<store::Place> place;  ///< filled by add(), of shards
};

enum class Container { kDirectory, kTar, kZip, kShards };
/// By the output's name: "-" is a tar, .tar, .zip, .h5 and .hdf5 are themselves, a name without an
/// ending (or a directory there is) a directory. kUsage for any other.
Result<Container> container_of(const std::string& output);

class Destination {
 public:
  /// `shards` is read for HDF5 alone; its path is the output's.
  static Result<std::unique_ptr<Destination>> open(const std::string& output,
                                                   const store::ShardOptions& shards);
  virtual ~Destination() = default;
  /// Each row whole. [any thread]
  virtual Status add(std::span<Delivery> rows) = 0;
  /// Nothing more comes. Of shards: their files, which a manifest names.
  virtual Result<std::vector<std::filesystem::path>> close() {
    return std::vector<std::filesystem::path>();
  }
  /// The last entry, or the file beside; then the container appears. Of an archive, under that
  /// name.
  virtual Status finish(const std::string& name, const store::Content& manifest) = 0;
  /// On the file system that takes the products.
  const std::filesystem::path& directory() const { return directory_; }

 protected:
  explicit Destination(std::filesystem::path directory) : directory_(std::move(directory)) {}

 private:
  std::filesystem::path directory_;
};

}  // namespace recorte::command
