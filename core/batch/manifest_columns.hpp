/// The one table of a manifest's columns: its four forms and docs/reference/manifest.md are served
/// from it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/pack.hpp"
#include "core/batch/plan.hpp"
#include "core/batch/results.hpp"
#include "core/cutout/request.hpp"
#include "core/cutout/task.hpp"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::batch {

/// What is known of one product.
struct Record {
  Planned planned;
  std::optional<cutout::CutoutRequest> request;  ///< none where another program wrote it
  std::optional<PackSlot> slot;                  ///< none while it waits
  cutout::Outcome outcome;                       ///< with a slot
  bool made() const {
    return slot && (slot->status == ItemStatus::kOk || slot->status == ItemStatus::kPartial);
  }
};

/// kData where its pack is broken.
Result<Record> record_of(const Results& results, std::size_t product);

enum class ValueKind {
  kWord,   ///< ASCII
  kText,   ///< UTF-8
  kWhole,  ///< 64-bit integer, never negative
  kReal,   ///< double
};

struct ManifestColumn {
  std::string_view name, unit, ucd, help;
  ValueKind kind = ValueKind::kWord;
  char separator = 0;  ///< of several words; 0: it is one
  /// "" where there is none.
  std::string (*get)(const Record& record);
};

std::span<const ManifestColumn> manifest_columns();

/// Columns of one job's manifest: row and id, the list's own, all others. The list's are called as
/// there; where the manifest has one of that name, whatever the case, `list_` stands before it.
class ManifestHead {
 public:
  explicit ManifestHead(const std::vector<std::string>& columns);
  std::size_t size() const { return names_.size(); }
  const std::string& name(std::size_t column) const { return names_[column]; }
  ValueKind kind(std::size_t column) const;
  /// Null where it is the list's own.
  const ManifestColumn* known(std::size_t column) const;
  /// Good UTF-8, or a number.
  std::string text(const Record& record, std::size_t column) const;

 private:
  std::vector<std::string> names_;
  std::size_t own_;  ///< how many are the list's
};

/// docs/reference/manifest.md.
std::string manifest_markdown();

}  // namespace recorte::batch
