// SPDX-License-Identifier: BSD-3-Clause
//
// What supervisors, workers and fetchers say to each other, either way, by whichever of them was
// taken over. The first byte chooses the message. What is understood is said again in the same
// bytes.
#include "core/worker/messages.hpp"

#include "core/cutout/task.hpp"
#include "core/plugin/probe_protocol.hpp"
#include "core/remote/wire.hpp"
#include "core/worker/channel.hpp"
#include "fuzz.hpp"

#include <sys/socket.h>

namespace recorte::fuzz {
namespace {

template <class Decode>
void check(std::string_view bytes, const Decode& decode) {
  const auto message = decode(bytes);
  if (!message) return;
  const auto said = encode(*message);
  const auto again = decode(said);
  require(again && encode(*again) == said, "a message is said again in the same bytes");
}

template <class Receive>
void across(std::string_view bytes, const Receive& receive) {
  const auto link = remote::make_link();
  require(link.has_value(), "there are sockets");
  if (::send(link->first.get(), bytes.data(), bytes.size(), 0) < 0) return;
  (void)receive(link->second.get());
}

void through_a_channel(std::string_view bytes) {
  int ends[2];
  require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0, "there are sockets");
  Fd there(ends[0]), here(ends[1]);
  if (::send(there.get(), bytes.data(), bytes.size(), 0) < 0) return;
  there.reset();
  while (const auto message = worker::receive(here.get()))
    require(message->text.size() <= bytes.size(), "no more comes than was sent");
}

}  // namespace

void attempt(std::string_view input) {
  if (input.empty()) return;
  const auto bytes = input.substr(1);
  switch (input[0] % 8) {
    case 0: return check(bytes, [](auto text) { return worker::decode_question(text); });
    case 1: return check(bytes, [](auto text) { return worker::decode_reply(text); });
    case 2: return check(bytes, [](auto text) { return cutout::decode_task(text); });
    case 3: return check(bytes, [](auto text) { return cutout::decode_report(text); });
    case 4: return check(bytes, [](auto text) { return cutout::decode_outcome(text); });
    case 5: across(bytes, remote::receive_question); return across(bytes, remote::receive_answer);
    case 6: return through_a_channel(bytes);
    default:
      (void)plugin::read_verdict(bytes, "nonce");
      if (const auto order = plugin::read_order(bytes))
        require(plugin::read_order(plugin::write_order(*order)).has_value(), "an order is read");
  }
}

}  // namespace recorte::fuzz
