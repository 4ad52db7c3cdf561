/// The variants of a job: its values of the parameters that multiply, each with each. They are in
/// memory, and every position is made in each of them, so they are counted before they are made.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/list_columns.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::batch {

/// A job may have so many, of so many bytes together.
inline constexpr std::size_t kMostVariants = 1'000, kMostVariantBytes = std::size_t{64} << 20;

/// So many values of a parameter.
struct Factor {
  std::string_view name;
  std::size_t values = 0;  ///< 0 is as 1
};

/// Each value once, in the order of the first.
std::vector<std::string> distinct(const std::vector<std::string>& values);
/// kTooLarge names the factors and the bound. `common`: what every variant has besides.
Status check_variants(std::span<const Factor> factors, const Values& common);
/// One variant for each value, or as they are where there is none.
void multiply(std::vector<Values>& variants, std::string_view name,
              const std::vector<std::string>& values);

/// Values of the API's names as variants: those of `survey`, `format` and `bands` multiply when
/// they are repeated, each counted once; all others hold for each. kTooLarge past the bound.
Result<std::vector<Values>> variants_of(const Values& values);

}  // namespace recorte::batch
