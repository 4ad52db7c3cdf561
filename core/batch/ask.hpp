/// What a job asks for, once a face has read it: parameters by their names in the one table
/// (core/cutout/parameters.hpp), and regions or a list of them. Every row of the list, or every
/// region, is made in every variant: that is a product each.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/variants.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::batch {

struct Ask {
  std::vector<Values> variants{{}};  ///< at least one, which may be empty
  std::vector<Values> regions;       ///< of a job without a list
};

struct Bounds {
  std::int64_t positions = 100'000;  ///< rows of a list
  std::int64_t products = 1'000'000;
};

struct Expanded {
  std::int64_t positions = 0, products = 0;
};

/// Whether it keeps within the bounds, as far as can be said before it is made; kTooLarge names the
/// numbers.
Status check(const Ask& ask, const Bounds& bounds);
/// Every region in every variant.
Result<Expanded> expand(const Ask& ask, const Bounds& bounds, const std::filesystem::path& plan);
/// Every row of the list in every variant. `list`: CSV, VOTable, JSON or FITS table, as its first
/// bytes show; `source` names it in errors. A column whose name is a parameter's is that parameter,
/// over the variant's where it is not empty; `id` (else `name`, `objid`) is the user's id; the
/// others are carried. kUsage names the first ten bad rows, with their lines; no plan is left then.
Result<Expanded> expand(const Ask& ask, std::string_view list, const std::string& source,
                        const Bounds& bounds, const std::filesystem::path& plan);

}  // namespace recorte::batch
