/// What can go wrong, once: every face (HTTP, SODA, UWS, the plugin ABI, exit codes) reads its
/// own column of one table. A function that a caller may expect to fail returns Result<T>;
/// exceptions are for bugs and exhaustion.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace recorte {

enum class ErrorCode {
  kUsage,            ///< the request is malformed: name the value and the remedy
  kMultiValued,      ///< several values where this face serves one
  kNotFound,         ///< no such survey, band, image, file
  kNoCoverage,       ///< a good request for sky that no image covers
  kUnauthenticated,  ///< who are you?
  kForbidden,        ///< you may not
  kUnavailable,      ///< try again later
  kRateLimited,      ///< more than a user may have in a while
  kTooLarge,         ///< a configured bound on size or memory
  kTimeout,          ///< a deadline passed
  kCancelled,        ///< the user aborted
  kUnsupported,      ///< this build cannot
  kData,             ///< a source file is broken
  kPlugin,           ///< a plugin crashed, hung or broke its contract
  kInternal,         ///< a bug of ours
};

struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  ///< one sentence for the user: the offending value, and what to do
  /// Seconds after which another try is worth it, where that is known; 0: not.
  std::int64_t retry_s = 0;
};

/// One row of the table of errors.
struct ErrorRow {
  ErrorCode code;
  std::string_view name;   ///< stable, for JSON and logs: "no_coverage"
  int http;                ///< status
  std::string_view soda;   ///< first word of a SODA 1.0 error text (section 5.2)
  std::string_view phase;  ///< UWS 1.1 phase of a job that ends so
  int plugin_status;       ///< recorte_status in sdk/include/recorte/abi.h
  int exit_code;           ///< of `recorte`
};

/// The row of `code`.
const ErrorRow& error_row(ErrorCode code);
/// What whoever met the error is told to wait: its own, else a few seconds where it passes by
/// itself; 0 where waiting is no help.
std::int64_t retry_seconds(const Error& error);
/// The code of a plugin's status, kPlugin where the number is none of ours.
ErrorCode error_from_plugin_status(int status);
/// The code with that stable name, kInternal where there is none.
ErrorCode error_from_name(std::string_view name);

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message) {
  return tl::make_unexpected(Error{code, std::move(message)});
}
inline tl::unexpected<Error> fail(Error error) { return tl::make_unexpected(std::move(error)); }

}  // namespace recorte

/// Returns the error of a Result from the enclosing function, else goes on.
#define RECORTE_TRY(expression)                                \
  do {                                                         \
    if (auto recorte_try_ = (expression); !recorte_try_)       \
      return ::recorte::fail(std::move(recorte_try_).error()); \
  } while (false)
