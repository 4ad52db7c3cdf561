// SPDX-License-Identifier: BSD-3-Clause
#include "auth/oidc/jwt.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <set>

namespace recorte::auth::oidc {
namespace {

using nlohmann::json;

constexpr int kDeepest = 16;

/// RFC 4648, 5, without padding; bits past the last whole byte are zero.
std::optional<std::string> decode(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    const auto value = kAlphabet.find(c);
    if (value == kAlphabet.npos) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>(bits >> held & 0xFF);
    }
  }
  if (held >= 6 || (bits & ((1U << held) - 1)) != 0) return {};
  return out;
}

/// An object in which no name stands twice: of two, one reader believes the first and another the
/// last.
std::optional<json> object_of(std::string_view text) {
  bool odd = false;
  std::set<std::string> names;
  const auto look = [&](int depth, json::parse_event_t event, json& part) {
    if (depth > kDeepest) odd = true;
    if (event == json::parse_event_t::key && depth == 1)
      odd = !names.insert(part.get<std::string>()).second || odd;
    return !odd;
  };
  auto out = json::parse(text, look, false);
  if (odd || out.is_discarded() || !out.is_object()) return {};
  return out;
}

struct Parts {
  std::string_view header, claims, signature;
};

std::optional<Parts> split(std::string_view token) {
  const auto first = token.find('.');
  if (first == token.npos) return {};
  const auto second = token.find('.', first + 1);
  if (second == token.npos || token.find('.', second + 1) != token.npos) return {};
  return Parts{token.substr(0, first), token.substr(first + 1, second - first - 1),
               token.substr(second + 1)};
}

/// "" where there is none; nullopt where it is no text.
std::optional<std::string> text_of(const json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end()) return "";
  if (!member->is_string()) return {};
  return member->get<std::string>();
}

}  // namespace

bool looks_like_jwt(std::string_view token) {
  const auto parts = split(token);
  if (!parts || !decode(parts->claims) || !decode(parts->signature)) return false;
  const auto header = decode(parts->header);
  return header && object_of(*header);
}

Result<Jwt> parse_jwt(std::string_view token) {
  const auto refuse = [](const char* what) { return fail(ErrorCode::kUnauthenticated, what); };
  const auto parts = split(token);
  if (!parts) return refuse("it is no JWT");
  const auto header = decode(parts->header), claims = decode(parts->claims);
  if (!header || !claims || !decode(parts->signature))
    return refuse("it is not written in base64url");
  auto read_header = object_of(*header), read_claims = object_of(*claims);
  if (!read_header || !read_claims) return refuse("its parts are no JSON objects");
  auto algorithm = text_of(*read_header, "alg"), key_id = text_of(*read_header, "kid");
  if (!algorithm || !key_id) return refuse("its header is malformed");
  return Jwt{std::move(*read_header), std::move(*read_claims), std::move(*algorithm),
             std::move(*key_id)};
}

}  // namespace recorte::auth::oidc
