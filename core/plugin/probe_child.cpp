// SPDX-License-Identifier: BSD-3-Clause
#include "core/base/io.hpp"
#include "core/base/sanitized.hpp"
#include "core/base/text.hpp"
#include "core/plugin/library.hpp"
#include "core/plugin/probe.hpp"
#include "core/plugin/probe_protocol.hpp"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <span>

namespace recorte::plugin {
namespace {

void limit(__rlimit_resource_t resource, std::uint64_t value) {
  const rlimit both{value, value};
  ::setrlimit(resource, &both);
}

/// The order is a line that is in the socket already.
std::string read_line(int descriptor) {
  std::string out;
  char c = 0;
  while (out.size() < 256 && ::read(descriptor, &c, 1) == 1 && c != '\n') out += c;
  return out;
}

}  // namespace

std::string write_order(const ProbeOrder& order) {
  return order.nonce + " " + std::to_string(order.memory) + " " +
         std::to_string(order.cpu_seconds) + "\n";
}

std::optional<ProbeOrder> read_order(std::string_view line) {
  const auto words = split_blanks(line);
  if (words.size() != 3) return {};
  const auto memory = to_int(words[1]);
  const auto seconds = to_int(words[2]);
  if (!memory || *memory <= 0 || !seconds || *seconds <= 0) return {};
  return ProbeOrder{words[0], static_cast<std::uint64_t>(*memory), *seconds};
}

std::string write_verdict(std::string_view nonce, std::string_view refusal) {
  std::string out(nonce);
  out += refusal.empty() ? " good" : " bad " + std::string(refusal);
  std::ranges::replace(out, '\n', ' ');
  return out + "\n";
}

std::optional<std::string> read_verdict(std::string_view answer, std::string_view nonce) {
  if (!answer.ends_with('\n') || !answer.starts_with(nonce)) return {};
  const auto rest = answer.substr(nonce.size(), answer.size() - nonce.size() - 1);
  if (rest.find('\n') != std::string_view::npos) return {};
  if (rest == " good") return "";
  if (rest.starts_with(" bad ") && rest.size() > 5) return std::string(rest.substr(5));
  return {};
}

int probe_child(const std::filesystem::path& file, int descriptor) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto order = read_order(read_line(descriptor));
  if (!order) return 2;  // not started by probe(), or it is gone
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<std::uint64_t>(order->cpu_seconds));
  if (!kSanitized) limit(RLIMIT_DATA, order->memory);
  const Host host;
  const auto library = Library::load(file, host);
  const auto verdict =
      write_verdict(order->nonce, library ? "" : std::string_view(library.error().message));
  const auto bytes = std::as_bytes(std::span(verdict));
  return write_all(descriptor, bytes) ? 0 : 1;
}

}  // namespace recorte::plugin
