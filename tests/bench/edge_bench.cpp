// SPDX-License-Identifier: BSD-3-Clause
//
// bench_edge PORT REACTORS: /bytes/N from memory and /file/N from a file, with no work in between:
// what the edge itself costs. For wrk and the like; ends with its standard input.
#include "core/base/text.hpp"
#include "server/http/edge.hpp"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

using namespace recorte;
using namespace recorte::http;

namespace {

constexpr std::int64_t kMost = 64 << 20;

/// One text and one file of the largest size; an answer is their first bytes.
struct Bodies {
  std::shared_ptr<const std::string> text = std::make_shared<const std::string>(kMost, 'x');
  std::shared_ptr<const Fd> file;
};

Response answer(const Bodies& bodies, std::string_view path) {
  const auto slash = path.rfind('/');
  const auto size = to_int(path.substr(slash + 1)).value_or(-1);
  const auto kind = path.substr(0, slash);
  if (size < 0 || size > kMost || (kind != "/bytes" && kind != "/file"))
    return text_response(404, "text/plain", "GET /bytes/N or /file/N\n");
  Response response;
  response.headers.add("Content-Type", "application/octet-stream");
  std::vector<Piece> pieces;
  if (kind == "/bytes")
    pieces.push_back(Text{bodies.text, 0, size});
  else
    pieces.push_back(FileRange{bodies.file, 0, size});
  response.body = std::move(pieces);
  return response;
}

}  // namespace

int main(int argc, char** argv) {
  const auto port = argc > 1 ? to_int(argv[1]) : std::nullopt;
  const auto reactors = argc > 2 ? to_int(argv[2]) : std::nullopt;
  if (!port || !reactors) {
    std::fputs("usage: bench_edge PORT REACTORS\n", stderr);
    return 2;
  }
  Bodies bodies;
  auto file = make_memfd("bench").value();
  if (const auto wrote = write_all(file.get(), std::as_bytes(std::span(*bodies.text))); !wrote) {
    std::fprintf(stderr, "%s\n", wrote.error().message.c_str());
    return 1;
  }
  bodies.file = std::make_shared<const Fd>(std::move(file));

  EdgeOptions options;
  options.port = static_cast<std::uint16_t>(*port);
  options.reactors = static_cast<std::size_t>(*reactors);
  options.limits.requests_per_second = 0;
  const auto edge = Edge::start(
      options,
      [&](const std::shared_ptr<Request>& request, const Reply& reply) {
        reply(answer(bodies, request->path));
      },
      [](const Request&, const Ending&) {});
  if (!edge) {
    std::fprintf(stderr, "%s\n", edge.error().message.c_str());
    return 1;
  }
  std::printf("http://127.0.0.1:%d\n", int((*edge)->port()));
  std::fflush(stdout);
  ::pause();  // until a signal ends it
}
