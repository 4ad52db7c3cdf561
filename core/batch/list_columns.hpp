/// What the columns of a list mean, and the request that a row of it makes: the one rule for lists,
/// of the command and of jobs (docs/reference/lists.md).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/cutout/parameters.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace recorte::batch {

/// Names of the table of parameters and values; a name that may be repeated may stand several
/// times.
using Values = std::vector<std::pair<std::string, std::string>>;

class ListColumns {
 public:
  /// A column whose name is a parameter's, whatever the case, is that parameter. Where none is
  /// called ra or dec, nor holds a region, one pair of the names that catalogues give to ICRS
  /// positions is (RAJ2000, DEJ2000, …). kUsage names `source` where no column is a parameter, two
  /// are the same one, or several pairs might be the position.
  static Result<ListColumns> read(const std::vector<std::string>& names, const std::string& source);

  /// The row's own values; for parameters that it leaves empty, those of `values`. A region of the
  /// row's own takes the place of whatever region `values` have, size included.
  Result<cutout::CutoutRequest> request(const std::vector<std::string>& fields,
                                        const Values& values) const;
  /// The column `id`, else `name`, else `objid`.
  std::optional<std::size_t> id() const { return id_; }
  /// Columns that are neither parameter nor id.
  const std::vector<std::size_t>& others() const { return others_; }

 private:
  std::vector<const cutout::Parameter*> parameters_;  ///< of each column; null: none
  std::optional<std::size_t> id_;
  std::vector<std::size_t> others_;
};

}  // namespace recorte::batch
