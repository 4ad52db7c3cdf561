/// The manifest of a job: a row a product, which ties every file to the position it came from
/// (docs/reference/manifest.md has its columns). Made row by row, so that one of any length costs
/// no memory.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/results.hpp"
#include "core/job/job.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::batch {

enum class ManifestForm { kJson, kCsv, kVotable, kFits };
/// "json", "csv", "vot", "fits".
std::optional<ManifestForm> manifest_form(std::string_view ending);
std::string_view media_type(ManifestForm form);

/// [one thread at a time]
class ManifestReader {
 public:
  /// `job` is told at its head. Of all products, those that are not done with the status "waiting".
  ManifestReader(ManifestForm form, job::Job job, std::shared_ptr<const Results> results);
  ~ManifestReader();
  /// Some more of its text, "" at its end; kData where a pack is broken.
  Result<std::string> next();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One product, as manifest.json has it.
Result<std::string> manifest_json(const Results& results, std::size_t product);

}  // namespace recorte::batch
