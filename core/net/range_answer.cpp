// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/range_answer.hpp"

#include "core/base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace recorte::net {
namespace {

using Outcome = RangeAnswer::Outcome;

constexpr std::size_t kLongestValidator = 1'000;

RangeAnswer of(Outcome outcome, std::string why) {
  RangeAnswer out;
  out.outcome = outcome;
  out.why = std::move(why);
  return out;
}

struct ContentRange {
  std::int64_t first, last, size;
};

/// "bytes 0-262143/8392320".
std::optional<ContentRange> parse_content_range(std::string_view text) {
  if (!equal_ignoring_case(text.substr(0, 6), "bytes ")) return {};
  text = trim(text.substr(6));
  const auto dash = text.find('-'), slash = text.find('/');
  if (dash == text.npos || slash == text.npos || dash > slash) return {};
  const auto first = to_int(text.substr(0, dash));
  const auto last = to_int(text.substr(dash + 1, slash - dash - 1));
  const auto size = to_int(text.substr(slash + 1));
  if (!first || !last || !size || *first < 0 || *last < *first || *size <= *last) return {};
  return ContentRange{*first, *last, *size};
}

/// The ETag, which says more, or when it was last modified.
std::string validator_of(const RangeHead& head) {
  const auto& said = head.etag.empty() ? head.last_modified : head.etag;
  const bool good = said.size() <= kLongestValidator &&
                    std::ranges::all_of(said, [](char c) { return c >= ' ' && c < 0x7F; });
  return good ? said : "";
}

bool passes(long status) {
  static constexpr std::array<long, 7> kPassing{408, 425, 429, 500, 502, 503, 504};
  return std::ranges::find(kPassing, status) != kPassing.end();
}

/// Of 206, and of 200 where the whole file is no more than what was asked for.
RangeAnswer judge_bytes(const RangeAsk& ask, const RangeHead& head, std::string body,
                        const std::string& broken) {
  RangeAnswer out;
  out.validator = validator_of(head);
  if (out.validator.empty())
    return of(Outcome::kRefused,
              "says neither an ETag nor when the file was last modified, so that a change of it "
              "could not be noticed");
  if (!ask.validator.empty() && out.validator != ask.validator && !ask.unless)
    return of(Outcome::kChanged, "");
  if (!head.content_encoding.empty() && !equal_ignoring_case(head.content_encoding, "identity"))
    return of(Outcome::kRefused, "packs what it sends (Content-Encoding " +
                                     head.content_encoding.substr(0, 40) +
                                     "), though it was not asked to");
  std::int64_t size = 0, count = 0;
  if (head.status == 206) {
    const auto range = parse_content_range(head.content_range);
    if (!range || range->first != ask.first || range->last != std::min(ask.last, range->size - 1))
      return of(Outcome::kRefused, "sends other bytes than it was asked for (Content-Range '" +
                                       head.content_range.substr(0, 60) + "' for bytes " +
                                       std::to_string(ask.first) + "-" + std::to_string(ask.last) +
                                       ")");
    size = range->size;
    count = range->last - range->first + 1;
  } else {
    const auto length = to_int(head.content_length);
    if (ask.first != 0 || !length || *length > ask.last + 1)
      return of(Outcome::kRefused,
                "sends no part of a file, but the whole (status 200): files there cannot be read "
                "piece by piece");
    size = count = *length;
  }
  if (!broken.empty()) return of(Outcome::kLater, "breaks off: " + broken);
  if (std::ssize(body) != count)
    return of(Outcome::kLater, "sent " + std::to_string(body.size()) + " bytes where it promised " +
                                   std::to_string(count));
  out.outcome = Outcome::kBytes;
  out.size = size;
  out.bytes = std::move(body);
  return out;
}

}  // namespace

void RangeHead::add(std::string_view line) {
  if (line.starts_with("HTTP/")) {
    *this = {};
    return;
  }
  const auto colon = line.find(':');
  if (colon == line.npos) return;
  const auto name = line.substr(0, colon);
  const std::string value(trim(line.substr(colon + 1)));
  const std::array<std::pair<std::string_view, std::string*>, 6> known{
      {{"content-range", &content_range},
       {"content-length", &content_length},
       {"content-encoding", &content_encoding},
       {"etag", &etag},
       {"last-modified", &last_modified},
       {"location", &location}}};
  for (const auto& [key, to] : known)
    if (equal_ignoring_case(name, key)) *to = value;
}

RangeAnswer judge(const RangeAsk& ask, const RangeHead& head, std::string body,
                  const std::string& broken) {
  const auto status = head.status;
  if (status == 206 || status == 200) return judge_bytes(ask, head, std::move(body), broken);
  if (status == 0 || !broken.empty())
    return of(Outcome::kLater, "does not answer" + (broken.empty() ? "" : ": " + broken));
  if (status == 304 && ask.unless) {
    RangeAnswer out;
    out.outcome = Outcome::kUnchanged;
    return out;
  }
  if (status == 412 || status == 416) return of(Outcome::kChanged, "");
  if (status == 404 || status == 410) return of(Outcome::kMissing, "has no such file");
  const auto answers = "answers with status " + std::to_string(status);
  if (status >= 301 && status <= 308 && !head.location.empty()) {
    auto out = of(Outcome::kMoved, answers);
    out.location = head.location;
    return out;
  }
  return of(passes(status) ? Outcome::kLater : Outcome::kRefused, answers);
}

}  // namespace recorte::net
