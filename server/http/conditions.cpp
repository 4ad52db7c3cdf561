// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/text.hpp"
#include "server/http/response.hpp"
#include "server/http/syntax.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace recorte::http {
namespace {

using Pieces = std::vector<Piece>;

std::string_view opaque(std::string_view tag) {
  if (tag.starts_with("W/")) tag.remove_prefix(2);
  return tag;
}

/// Weak comparison with a list of tags (RFC 9110, 8.8.3.2 and 13.1.2). Between tags stand only
/// commas, blanks and W/, so it is enough to look at what is in quotes.
bool lists(std::string_view tags, const std::string* tag) {
  if (trim(tags) == "*") return true;
  while (tag != nullptr) {
    const auto open = std::min(tags.find('"'), tags.size());
    const auto close = tags.find('"', open + 1);
    if (close == tags.npos) return false;
    if (tags.substr(open, close + 1 - open) == opaque(*tag)) return true;
    tags.remove_prefix(close + 1);
  }
  return false;
}

/// Whether the client's part is of this very answer: strong comparison, and a date to the letter
/// (RFC 9110, 13.1.5).
bool same_version(const Request& request, const Headers& headers) {
  const auto* wanted = request.headers.find("If-Range");
  if (wanted == nullptr) return true;
  const auto* here = headers.find(wanted->starts_with('"') ? "ETag" : "Last-Modified");
  return here != nullptr && *here == *wanted;
}

struct Span {
  std::int64_t first = 0, size = 0;
};

/// Digits alone; what is too large for the type is as large as it gets.
std::optional<std::int64_t> position(std::string_view text) {
  if (text.empty() || text.find_first_not_of("0123456789") != text.npos) return {};
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} ? value : std::numeric_limits<std::int64_t>::max();
}

/// The part of `total` bytes that a Range header asks for: of size 0 where it lies outside, nullopt
/// where the header does not count: malformed, of another unit, or of several ranges.
std::optional<Span> asked_span(std::string_view range, std::int64_t total) {
  const auto equals = std::min(range.find('='), range.size());
  if (!equal_ignoring_case(range.substr(0, equals), "bytes")) return {};
  const auto spec = trim(range.substr(std::min(equals + 1, range.size())));
  const auto dash = spec.find('-');
  if (dash == spec.npos) return {};
  const auto last_text = spec.substr(dash + 1);
  const auto last = position(last_text);
  if (dash == 0) {  // the last bytes
    if (!last || total == 0) return {};
    const auto size = std::min(*last, total);
    return Span{total - size, size};
  }
  const auto first = position(spec.substr(0, dash));
  if (!first || (!last && !last_text.empty()) || (last && *last < *first)) return {};
  if (*first >= total) return Span{};
  return Span{*first, std::min(last.value_or(total - 1), total - 1) - *first + 1};
}

std::int64_t size_of(const Pieces& pieces) {
  std::int64_t total = 0;
  for (const auto& piece : pieces)
    total += std::visit([](const auto& part) { return part.size; }, piece);
  return total;
}

/// nullopt of a stream.
std::optional<std::int64_t> size_of(const Body& body) {
  if (const auto* pieces = std::get_if<Pieces>(&body)) return size_of(*pieces);
  if (const auto* range = std::get_if<SourceRange>(&body)) return range->size;
  return {};
}

Pieces cut(Pieces pieces, Span span) {
  Pieces out;
  for (auto& piece : pieces)
    std::visit(
        [&](auto& part) {
          const auto skipped = std::min(span.first, part.size);
          const auto taken = std::min(span.size, part.size - skipped);
          part.offset += skipped;
          part.size = taken;
          span.first -= skipped;
          span.size -= taken;
          if (taken > 0) out.push_back(std::move(piece));
        },
        piece);
  return out;
}

Body cut(Body body, Span span) {
  if (auto* range = std::get_if<SourceRange>(&body))
    return SourceRange{std::move(range->source), range->offset + span.first, span.size};
  return cut(std::move(std::get<Pieces>(body)), span);
}

/// 304 tells what a cache needs and nothing about a body that is not there (RFC 9110, 15.4.5).
void make_not_modified(Response& response) {
  Headers kept;
  for (const auto& [name, value] : response.headers) {
    const auto key = lower(name);
    if (!key.starts_with("content-") || key == "content-location") kept.add(name, value);
  }
  response.status = 304;
  response.headers = std::move(kept);
  response.body = Pieces{};
}

void make_unsatisfiable(Response& response, const std::string& range, std::int64_t total) {
  auto refusal =
      text_response(416, "text/plain; charset=utf-8",
                    "The range '" + excerpt(range) + "' lies outside the " + std::to_string(total) +
                        " bytes of this answer; ask for one that begins within them.\n");
  refusal.headers.add("Accept-Ranges", "bytes");
  refusal.headers.add("Content-Range", "bytes */" + std::to_string(total));
  refusal.notes = std::move(response.notes);
  refusal.close = response.close;
  response = std::move(refusal);
}

}  // namespace

void apply_conditions(const Request& request, Response& response) {
  const bool get = request.method == "GET";
  if (response.status != 200 || !(get || request.method == "HEAD")) return;
  const auto total = size_of(response.body);
  if (total) response.headers.set("Accept-Ranges", "bytes");
  const auto tags = request.headers.joined("If-None-Match");
  if (tags && lists(*tags, response.headers.find("ETag"))) return make_not_modified(response);
  const auto range = request.headers.joined("Range");
  if (!get || !total || !range || !same_version(request, response.headers)) return;
  const auto span = asked_span(*range, *total);
  if (!span) return;
  if (span->size == 0) return make_unsatisfiable(response, *range, *total);
  response.status = 206;
  response.headers.set("Content-Range", "bytes " + std::to_string(span->first) + "-" +
                                            std::to_string(span->first + span->size - 1) + "/" +
                                            std::to_string(*total));
  response.body = cut(std::move(response.body), *span);
}

}  // namespace recorte::http
