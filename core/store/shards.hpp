/// HDF5 shards for machine learning: arrays of many cutouts of one size. Their writer lives in a
/// module of its own, loaded when one is asked for, because libhdf5 would make every start of the
/// command slower. (docs/reference/containers.md says what is in a shard.)
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/store/content.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace recorte::store {

struct ShardOptions {
  std::filesystem::path path;       ///< NAME.h5: of the only shard; of several NAME-00000.h5 …
  std::int64_t shard_bytes = 0;     ///< of arrays; past it the next shard begins
  bool ivar = false, mask = false;  ///< besides `image`
  /// Of the file, as text: survey, request, … (`bands` and `units` are the products' own).
  std::vector<std::pair<std::string, std::string>> attributes;
};

/// One product and what is told beside its pixels.
struct Sample {
  std::string id;          ///< UTF-8
  std::string where;       ///< "row 17 (NGC 1234)", for errors
  double ra = 0, dec = 0;  ///< degrees, NaN where the region has no centre
  Content product;         ///< FITS, as Recorte writes it
};

/// Where a sample went.
struct Place {
  std::uint32_t shard = 0;
  std::uint32_t index = 0;  ///< along the first axis
};

/// Used by one thread at a time. After an error it is of no use.
class ShardWriter {
 public:
  virtual ~ShardWriter() = default;
  /// The first sample says how large all are, and which bands they have. kUsage names the first
  /// that differs; kData where a product is no FITS of ours.
  virtual Result<Place> add(const Sample& sample) = 0;
  /// Ends the last shard. The file of each, in order; each appears when it is whole.
  virtual Result<std::vector<std::filesystem::path>> finish() = 0;
};

/// Loads the module, from ../lib/recorte (an installation) or ../modules (a build tree) beside the
/// program. kUnsupported where there is none, or one of another version.
Result<std::unique_ptr<ShardWriter>> open_shards(const ShardOptions& options);

/// What the module exports as `recorte_hdf5`.
struct ShardModule {
  const char* version;  ///< of Recorte: both sides must be of one build
  Result<std::unique_ptr<ShardWriter>> (*open)(const ShardOptions& options);
};

}  // namespace recorte::store
