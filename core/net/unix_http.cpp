// SPDX-License-Identifier: BSD-3-Clause
#include "core/net/unix_http.hpp"

#include "core/base/unix_socket.hpp"
#include "core/net/transfer.hpp"

#include <cerrno>

namespace recorte::net {
namespace {

constexpr std::size_t kLongestAnswer = 256 << 20;

/// Says why nobody can be asked there, before curl says it in fewer words.
Status reach(const std::filesystem::path& socket, const UnixName& name) {
  const auto probe = make_unix_socket();
  if (!probe) return fail(probe.error());
  if (connect_unix(*probe, name)) return {};
  const int why = errno;
  const auto said = os_error("the socket " + socket.string()).message;
  if (why == EACCES || why == EPERM)
    return fail(ErrorCode::kForbidden,
                said + "; only the user whose server it is may open it: run this as that user");
  if (why == ENOENT || why == ECONNREFUSED || why == ENOTDIR)
    return fail(ErrorCode::kUnavailable,
                said +
                    "; no server runs there: start it, or name its data directory (--data) or "
                    "its configuration (--config)");
  return fail(ErrorCode::kUnavailable, said);
}

}  // namespace

Result<UnixAnswer> ask_unix(const std::filesystem::path& socket, const UnixRequest& request) {
  const auto name = unix_name(socket);
  if (!name) return fail(name.error());
  RECORTE_TRY(reach(socket, *name));
  UnixAnswer out;
  Bounds bounds;
  bounds.answer = kLongestAnswer;
  Transfer transfer(bounds);
  transfer.keep(out.body);
  transfer.set(CURLOPT_UNIX_SOCKET_PATH, name->path.c_str());
  transfer.set(CURLOPT_URL, ("http://localhost" + request.path).c_str());
  transfer.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
  Lines headers;
  if (!request.body.empty()) {
    add_line(headers, "Content-Type: application/json");
    transfer.set(CURLOPT_POSTFIELDS, request.body.c_str());
    transfer.set(CURLOPT_POSTFIELDSIZE, static_cast<long>(request.body.size()));
    transfer.set(CURLOPT_HTTPHEADER, headers.get());
  }
  const auto code = transfer.run();
  out.status = transfer.status();
  if (code == CURLE_OK) return out;
  return fail(ErrorCode::kUnavailable,
              "the server at " + socket.string() + " does not answer: " + transfer.why(code));
}

}  // namespace recorte::net
