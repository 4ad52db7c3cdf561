/// Which jobs a list has, out of a request's parameters: the rules of UWS 1.1, 2.2.2.1, which hold
/// for every face.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/job/store.hpp"
#include "server/http/request.hpp"

#include <vector>

namespace recorte::service {

struct JobFilter {
  job::Filter filter;
  bool none = false;  ///< only phases were asked for that no job here ever has
};

/// One condition: PHASE (repeated: any of them), AFTER, LAST; false for any other name. Names
/// compare without case, values with it. kUsage names a bad value, kMultiValued what cannot be
/// repeated.
Result<bool> take_condition(JobFilter& filter, const http::Parameter& parameter);
/// All of them; other parameters are ignored.
Result<JobFilter> read_filter(const std::vector<http::Parameter>& parameters);

}  // namespace recorte::service
