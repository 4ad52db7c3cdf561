// SPDX-License-Identifier: BSD-3-Clause
#include "server/http/response.hpp"

namespace recorte::http {

Response text_response(int status, std::string_view content_type, std::string body) {
  Response response;
  response.status = status;
  response.headers.add("Content-Type", std::string(content_type));
  std::vector<Piece> pieces;
  if (!body.empty()) pieces.push_back(text_piece(std::move(body)));
  response.body = std::move(pieces);
  return response;
}

Response see_other(std::string location) {
  Response response;
  response.status = 303;
  response.headers.add("Location", std::move(location));
  return response;
}

}  // namespace recorte::http
