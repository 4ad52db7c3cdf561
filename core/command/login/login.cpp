// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte login`: a token of a server elsewhere, by signing in with a browser that may be
// anywhere.
#include "core/base/text.hpp"
#include "core/command/login/ask.hpp"
#include "core/command/login/token_book.hpp"
#include "core/command/tools/tools.hpp"

#include <CLI/CLI.hpp>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

namespace recorte::command {
namespace {

using nlohmann::json;
using std::chrono::seconds;
using std::chrono::steady_clock;

struct Options {
  std::string url, provider, name;
  bool with_token = false;
};

/// What a server said, which is shown on a terminal: nothing in it moves a cursor.
std::string text_of(const json& answer, const char* name) {
  auto out = answer.value(name, json()).is_string() ? answer[name].get<std::string>() : "";
  std::ranges::replace_if(
      out, [](unsigned char c) { return c < ' ' || c == 0x7F; }, '?');
  return out;
}

std::int64_t number_of(const json& answer, const char* name, std::int64_t least, std::int64_t most,
                       std::int64_t missing) {
  const auto value = answer.value(name, json());
  return value.is_number_integer() ? std::clamp(value.get<std::int64_t>(), least, most) : missing;
}

net::JsonCall post(const std::string& url, net::Form form) {
  net::JsonCall out;
  out.url = url;
  out.form = std::move(form);
  return out;
}

std::string machine_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "recorte login";
  return "recorte login on " + std::string(name.data()).substr(0, 64);
}

/// RFC 8628, 3.4 and 3.5: as often as it was told to, less often where it is asked to or nobody
/// answers.
Result<json> wait_for_token(const std::string& server, const json& device,
                            const std::string& name) {
  constexpr std::int64_t kLongest = 60, kMore = 5;
  auto interval = number_of(device, "interval", 1, kLongest, kMore);
  const auto end = steady_clock::now() + seconds(number_of(device, "expires_in", 1, 3'600, 600));
  const auto call =
      post(server + "/api/v1/login/token", {{"handle", text_of(device, "handle")}, {"name", name}});
  while (steady_clock::now() + seconds(interval) < end) {
    std::this_thread::sleep_for(seconds(interval));
    auto answer = ask_server(call);
    if (!answer && answer.error().code != ErrorCode::kUnavailable) return answer;
    if (!answer) {
      interval = std::min(2 * interval, kLongest);
      continue;
    }
    const auto state = text_of(*answer, "state");
    if (state == "done") return answer;
    if (state == "slow_down") interval += kMore;
  }
  return fail(ErrorCode::kTimeout, "nobody signed in while the code was good; run it again");
}

Result<json> by_device(const std::string& server, const Options& options) {
  net::Form form;
  if (!options.provider.empty()) form.emplace_back("provider", options.provider);
  const auto device = ask_server(post(server + "/api/v1/login/device", form));
  if (!device) return fail(device.error());
  std::printf("Open %s in a browser, on any machine, and enter the code %s\n",
              text_of(*device, "verification_uri").c_str(), text_of(*device, "user_code").c_str());
  if (const auto whole = text_of(*device, "verification_uri_complete"); !whole.empty())
    std::printf("or open %s\n", whole.c_str());
  std::printf("Waiting until you have signed in there.\n");
  std::fflush(stdout);
  return wait_for_token(server, *device, options.name.empty() ? machine_name() : options.name);
}

/// A line of standard input; on a terminal it is not shown.
std::string read_secret_line() {
  termios before{};
  const bool terminal = ::tcgetattr(STDIN_FILENO, &before) == 0;
  if (terminal) {
    std::fputs("The token (not shown): ", stderr);
    auto quiet = before;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  std::string line;
  std::getline(std::cin, line);
  if (terminal) {
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    std::fputc('\n', stderr);
  }
  return std::string(trim(line));
}

Status sign_in(const Options& options) {
  auto book = TokenBook::open();
  if (!book) return fail(std::move(book).error());
  const auto server = book->server(options.url);
  if (!server) return fail(server.error());
  TokenBook::Entry entry;
  if (options.with_token) {
    entry.text = read_secret_line();
    if (entry.text.empty())
      return fail(ErrorCode::kUsage, "there is no token on standard input; write it there");
  } else {
    const auto made = by_device(*server, options);
    if (!made) return fail(made.error());
    entry.text = text_of(*made, "token");
  }
  net::JsonCall me;
  me.url = *server + "/api/v1/me";
  me.bearer = entry.text;
  const auto who = ask_server(me);
  if (!who) return fail(who.error());
  entry.id = text_of(*who, "credential");
  RECORTE_TRY(book->keep(*server, entry));
  std::printf("Signed in at %s as %s; the token is in %s\n", server->c_str(),
              text_of(*who, "user").c_str(), book->file().c_str());
  return {};
}

}  // namespace

int login(int argc, char** argv) {
  Options options;
  CLI::App app("Signs in at a server elsewhere, and keeps a token of it for you.", "recorte login");
  app.add_option("URL", options.url, "The server's; the only one that is known");
  app.add_option("--provider", options.provider, "Where to sign in, of several; else the first");
  app.add_option("--name", options.name, "What the token is called; else after this machine");
  app.add_flag("--with-token", options.with_token, "Keep the token that standard input has");
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto done = sign_in(options);
  return done ? 0 : complain(done.error());
}

}  // namespace recorte::command
