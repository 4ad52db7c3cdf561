/// What requests to /api/v1/jobs say in small: conditions and a page of a list, a place in the
/// queue.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/request.hpp"
#include "server/service/job_filter.hpp"

#include <cstdint>
#include <vector>

namespace recorte::api {

inline constexpr std::int64_t kPage = 100, kLongestPage = 1'000;

/// phase (several), after, last, run_id; before (a job's id), limit. kUsage for anything else.
Result<service::JobFilter> read_list(const std::vector<http::Parameter>& parameters);

/// "offset" and "limit" of a job's products.
struct Window {
  std::int64_t offset = 0, limit = kPage;
};
Result<Window> read_window(const std::vector<http::Parameter>& parameters);

/// "place", which must be there.
Result<std::int64_t> read_place(const std::vector<http::Parameter>& parameters);

}  // namespace recorte::api
