// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte whoami` and `recorte logout`.
#include "core/base/text.hpp"
#include "core/command/login/ask.hpp"
#include "core/command/login/token_book.hpp"
#include "core/command/tools/tools.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace recorte::command {
namespace {

using nlohmann::json;

std::string words_of(const json& answer, const char* name) {
  std::vector<std::string> out;
  for (const auto& word : answer.value(name, json::array()))
    if (word.is_string()) out.push_back(word.get<std::string>());
  return out.empty() ? "none" : join(out, ", ");
}

Status say_who(const std::string& url, bool token, bool as_json) {
  const auto book = TokenBook::open();
  if (!book) return fail(book.error());
  const auto server = book->server(url);
  if (!server) return fail(server.error());
  const auto entry = book->find(*server);
  if (!entry) return fail(entry.error());
  if (token) {
    std::printf("%s\n", entry->text.c_str());
    return {};
  }
  net::JsonCall call;
  call.url = *server + "/api/v1/me";
  call.bearer = entry->text;
  const auto who = ask_server(call);
  if (!who) return fail(who.error());
  if (as_json)
    std::printf("%s\n", who->dump(2).c_str());
  else
    std::printf("%s at %s\ngroups: %s\nscopes: %s\n",
                words_of({{"u", {(*who)["user"]}}}, "u").c_str(), server->c_str(),
                words_of(*who, "groups").c_str(), words_of(*who, "scopes").c_str());
  return {};
}

Status sign_out(const std::string& url) {
  auto book = TokenBook::open();
  if (!book) return fail(std::move(book).error());
  const auto server = book->server(url);
  if (!server) return fail(server.error());
  const auto entry = book->find(*server);
  if (!entry) return fail(entry.error());
  net::JsonCall call;
  call.method = "DELETE";
  call.url = *server + "/api/v1/tokens/" + url_encode(entry->id);
  call.bearer = entry->text;
  const auto done = ask_server(call);
  // One that is over already is what was wanted.
  if (!done && done.error().code != ErrorCode::kUnauthenticated) return fail(done.error());
  RECORTE_TRY(book->forget(*server));
  std::printf("Signed out at %s; the token is revoked\n", server->c_str());
  return {};
}

}  // namespace

int whoami(int argc, char** argv) {
  std::string url;
  bool token = false, as_json = false;
  CLI::App app("Says who you are at a server where you have signed in.", "recorte whoami");
  app.add_option("URL", url, "The server's; the only one that is known");
  app.add_flag("--json", as_json, "As the server says it");
  app.add_flag("--token", token, "Print the token, for a script; nobody is asked");
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto done = say_who(url, token, as_json);
  return done ? 0 : complain(done.error());
}

int logout(int argc, char** argv) {
  std::string url;
  CLI::App app("Revokes the token that recorte login has kept, and forgets it.", "recorte logout");
  app.add_option("URL", url, "The server's; the only one that is known");
  if (const auto ended = parse(app, argc, argv)) return *ended;
  const auto done = sign_out(url);
  return done ? 0 : complain(done.error());
}

}  // namespace recorte::command
