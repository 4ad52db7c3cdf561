// SPDX-License-Identifier: BSD-3-Clause
//
// The bytes of a connection: the same requests come out, and the same refusal, wherever they are
// split. A byte 0x1E is no part of them, but a place to split.
#include "fuzz.hpp"
#include "server/http/framer.hpp"

#include <algorithm>
#include <memory>

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

/// All that came of a connection, as text.
std::string read(const std::vector<std::string_view>& parts) {
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
      if (state == http::Framer::State::kBroken)
        out += "refused with " + std::to_string(framer->refusal().status) + "\n";
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
  const auto expected = read({whole});
  require(read(parts) == expected, "a split changes nothing: " + expected);
  require(read(bytes) == expected, "bytes one by one change nothing: " + expected);
}

}  // namespace recorte::fuzz
