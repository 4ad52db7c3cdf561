// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/error.hpp"

#include <array>

namespace recorte {
namespace {
using enum ErrorCode;

constexpr std::array kRows{
    ErrorRow{kUsage, "usage", 400, "UsageError", "ERROR", 1, 2},
    ErrorRow{kMultiValued, "multi_valued", 400, "MultiValuedParamNotSupported", "ERROR", 1, 2},
    ErrorRow{kNotFound, "not_found", 404, "UsageError", "ERROR", 2, 3},
    ErrorRow{kNoCoverage, "no_coverage", 204, "", "COMPLETED", 3, 4},
    ErrorRow{kUnauthenticated, "unauthenticated", 401, "AuthenticationError", "ERROR", 4, 5},
    ErrorRow{kForbidden, "forbidden", 403, "AuthorizationError", "ERROR", 4, 5},
    ErrorRow{kUnavailable, "unavailable", 503, "ServiceUnavailable", "ERROR", 5, 6},
    ErrorRow{kRateLimited, "rate_limited", 429, "ServiceUnavailable", "ERROR", 5, 6},
    ErrorRow{kTooLarge, "too_large", 413, "UsageError", "ERROR", 7, 7},
    ErrorRow{kTimeout, "timeout", 504, "Error", "ABORTED", 7, 7},
    ErrorRow{kCancelled, "cancelled", 499, "Error", "ABORTED", 6, 130},
    ErrorRow{kUnsupported, "unsupported", 501, "UsageError", "ERROR", 8, 2},
    ErrorRow{kData, "data", 500, "Error", "ERROR", 9, 8},
    ErrorRow{kPlugin, "plugin", 500, "Error", "ERROR", 9, 9},
    ErrorRow{kInternal, "internal", 500, "Error", "ERROR", 9, 1},
};
}  // namespace

const ErrorRow& error_row(ErrorCode code) {
  for (const auto& row : kRows)
    if (row.code == code) return row;
  return kRows.back();
}

std::int64_t retry_seconds(const Error& error) {
  constexpr std::int64_t kAWhile = 5;
  if (error.retry_s > 0) return error.retry_s;
  return error.code == kUnavailable || error.code == kRateLimited ? kAWhile : 0;
}

ErrorCode error_from_plugin_status(int status) {
  switch (status) {
    case 1: return kUsage;
    case 2: return kNotFound;
    case 3: return kNoCoverage;
    case 4: return kForbidden;
    case 5: return kUnavailable;
    case 6: return kCancelled;
    case 7: return kTooLarge;
    case 8: return kUnsupported;
    default: return kPlugin;
  }
}

ErrorCode error_from_name(std::string_view name) {
  for (const auto& row : kRows)
    if (row.name == name) return row.code;
  return kInternal;
}

}  // namespace recorte
