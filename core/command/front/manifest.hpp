/// What became of each row of a list, and the manifest that says so: kept as the text of the
/// manifest's middle columns, some dozens of bytes a row.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/command/front/position_list.hpp"
#include "core/store/shards.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace recorte::command {

enum class RowStatus : std::uint8_t { kFailed, kNoCoverage, kOk };

/// What is known of a row once its task is done.
struct RowOutcome {
  RowStatus status = RowStatus::kFailed;
  std::string file;  ///< its files, separated by blanks
  std::int64_t bytes = 0;
  double coverage = 0;
  std::string images;   ///< ids, separated by blanks
  std::string message;  ///< the error, or the warnings
};

class Manifest {
 public:
  explicit Manifest(std::size_t rows) : rows_(rows) {}
  /// Different rows may be set by different threads.
  void set(std::size_t row, const RowOutcome& outcome, std::optional<store::Place> place);
  std::size_t count(RowStatus status) const;
  /// The first row that failed, in the list's order.
  std::optional<std::size_t> first_failed() const;
  /// The error or the warnings of a row.
  std::string message(std::size_t row) const { return rows_[row].message; }
  /// Writes row,id,status,file,bytes,coverage,images,message,request; with shards, whose files are
  /// given, `file` is the shard and a last column `index` the row in it.
  Status write(const PositionList& list, const std::vector<std::filesystem::path>& shards,
               bool with_index, int fd) const;

 private:
  struct Row {
    RowStatus status = RowStatus::kFailed;
    store::Place place;
    std::int64_t bytes = 0;
    double coverage = 0;
    std::string file_and_images;  ///< separated by a line end
    std::string message;
  };
  std::vector<Row> rows_;
};

}  // namespace recorte::command
