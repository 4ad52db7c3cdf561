// SPDX-License-Identifier: BSD-3-Clause
//
// The bytes of a connection: the same requests come out of them wherever they are split. A byte
// 0x1E is no part of them, but a place to split.
#include "fuzz.hpp"
#include "server/http/framer.hpp"

#include <algorithm>
#include <memory>
#include <optional>

namespace recorte::fuzz {
namespace {

http::Limits small() {
  http::Limits limits;
  limits.head = 512;
  limits.body = 256;
  limits.bodies = 300;
  return limits;
}
const http::Limits kLimits = small();

/// All requests that came of a connection, as text. When a broken one is refused may depend on how
/// it came: Beast wants a head, or a chunk's line, whole before it says what is wrong with it.
/// Nothing where more had to be held than may be, which only pieces can show.
std::optional<std::string> read(const std::vector<std::string_view>& parts) {
  std::atomic<std::size_t> used = 0;
  std::string out;
  std::unique_ptr<http::Framer> framer;
  auto state = http::Framer::State::kHead;
  for (auto part : parts)
    while (!part.empty() && state != http::Framer::State::kBroken) {
      if (!framer)
        framer = std::make_unique<http::Framer>(kLimits, http::Share(used, kLimits.bodies));
      part.remove_prefix(framer->feed(part));
      framer->take_expectation();
      state = framer->state();
      if (framer->refusal().message.starts_with("A chunk's line")) return std::nullopt;
      if (state != http::Framer::State::kWhole) continue;
      const auto request = framer->take();
      require(request.body.size() <= kLimits.body, "a body keeps to its bound");
      out += request.method + " " + request.target + " " + std::to_string(request.minor) +
             (request.keep_alive ? " kept\n" : " closed\n");
      for (const auto& [name, value] : request.headers) out += name + "=" + value + "\n";
      out += request.body + "\n";
      framer.reset();
    }
  framer.reset();
  require(used == 0, "what bodies took is given back");
  return out;
}

}  // namespace

void attempt(std::string_view input) {
  const auto parts = pieces(input, "\x1e");
  std::string whole;
  for (const auto part : parts) whole += part;
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < whole.size(); ++i)
    bytes.push_back(std::string_view(whole).substr(i, 1));
  const auto in_one = read({whole}), in_parts = read(parts), byte_by_byte = read(bytes);
  if (in_one && in_parts) require(*in_one == *in_parts, "a split changes nothing: " + *in_one);
  if (in_one && byte_by_byte)
    require(*in_one == *byte_by_byte, "bytes one by one change nothing: " + *in_one);
}

}  // namespace recorte::fuzz
