// SPDX-License-Identifier: BSD-3-Clause
#include "server/api/problem.hpp"

#include "server/api/json_response.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cctype>
#include <string>

namespace recorte::api {

http::Response problem(const http::Request& request, int status, std::string_view code,
                       std::string_view detail) {
  std::string title(code);
  std::replace(title.begin(), title.end(), '_', ' ');
  title[0] = static_cast<char>(std::toupper(title[0]));
  const nlohmann::ordered_json body{{"type", "urn:recorte:error:" + std::string(code)},
                                    {"title", title},
                                    {"status", status},
                                    {"code", code},
                                    {"detail", detail},
                                    {"request_id", request.id}};
  auto out = json_response(body, status, "application/problem+json");
  out.notes.error = detail;
  return out;
}

http::Response problem(const http::Request& request, const Error& error) {
  const auto& row = error_row(error.code);
  const int status = error.code == ErrorCode::kNoCoverage ? 404 : row.http;
  auto out = problem(request, status, row.name, error.message);
  if (const auto wait = retry_seconds(error); wait > 0)
    out.headers.add("Retry-After", std::to_string(wait));
  return out;
}

}  // namespace recorte::api
