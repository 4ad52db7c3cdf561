/// Which results a job lists, and where: a product each, of a job that has not too many, and the
/// manifest and the archives once it has ended.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/batch/results.hpp"
#include "core/job/job.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace recorte::uws {

struct ResultEntry {
  std::string id;          ///< "1" for the first product, "manifest.csv"; stable
  std::string url;         ///< absolute
  std::string media_type;  ///< text/plain for a product that is an error
  std::int64_t size = -1;  ///< bytes; -1: not known
};

/// Past so many products of a list, and of a job without one, its document has the manifest alone;
/// each product has its URL all the same.
inline constexpr std::size_t kListedOfList = 1'000, kListedOfQuery = 10'000;

/// `results`: null where nothing is made.
std::vector<ResultEntry> result_list(const job::Job& job, const batch::Results* results,
                                     const std::string& job_url);

}  // namespace recorte::uws
