// SPDX-License-Identifier: BSD-3-Clause
#include "server/soda/error_text.hpp"

namespace recorte::soda {

std::string error_words(const Error& error) {
  // In sync, what no image covers is no error, and has no word.
  const auto word = error_row(error.code).soda;
  return std::string(word.empty() ? "Error" : word) + ": " + error.message + "\n";
}

http::Response error_text(const http::Request& /*request*/, const Error& error) {
  const auto& row = error_row(error.code);
  http::Response out;
  if (error.code == ErrorCode::kNoCoverage) {
    out.status = row.http;  // no body, and so no Content-Type
  } else {
    out = http::text_response(row.http, "text/plain; charset=utf-8", error_words(error));
    if (const auto wait = retry_seconds(error); wait > 0)
      out.headers.add("Retry-After", std::to_string(wait));
  }
  out.notes.error = error.message;
  return out;
}

}  // namespace recorte::soda
