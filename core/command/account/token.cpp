// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte token`.
#include "core/account/issue.hpp"
#include "core/account/json.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/command/account/account.hpp"
#include "core/command/account/desk.hpp"
#include "core/command/tools/columns.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace recorte::command {
namespace {

using account::Token;
using nlohmann::ordered_json;

struct Options {
  std::string user, name, id, expires;
  std::vector<std::string> scopes{"read", "submit"};
  bool json = false;
};

std::string when(Micros time) { return time == 0 ? "-" : iso_time(time).substr(0, 16) + "Z"; }

Status create(Desk& desk, const Options& o) {
  Token wanted;
  wanted.user = o.user;
  wanted.name = o.name;
  auto scopes = account::parse_scopes(o.scopes);
  if (!scopes) return fail(std::move(scopes).error());
  wanted.scopes = std::move(*scopes);
  if (!o.expires.empty()) {
    const auto after = parse_duration(o.expires);
    if (!after) return fail(after.error());
    wanted.expires = now_micros() + *after;
  }
  const auto keys = desk.keys();
  if (!keys) return fail(keys.error());
  const auto issued = account::issue_token(desk.tokens(), *keys, std::move(wanted));
  if (!issued) return fail(issued.error());
  RECORTE_TRY(desk.note(
      "token", issued->token.id,
      "made for " + o.user + ": " + join(account::scope_words(issued->token.scopes), ", ")));
  std::printf("the token %s of %s, shown this once: %s\n", issued->token.id.c_str(), o.user.c_str(),
              issued->text.c_str());
  return {};
}

std::string state_of(const Token& token, Micros now) {
  if (token.revoked != 0) return "revoked";
  return token.expires != 0 && token.expires <= now ? "over" : "good";
}

Status list(Desk& desk, const Options& o) {
  const auto tokens = desk.tokens().list(o.user);
  if (!tokens) return fail(tokens.error());
  if (o.json) {
    auto out = ordered_json::array();
    for (const auto& token : *tokens) out.push_back(account::token_json(token));
    std::printf("%s\n", out.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
    return {};
  }
  Table table({"id", "user", "name", "state", "scopes", "made", "expires", "used", "from"});
  for (const auto& token : *tokens)
    table.add({token.id, token.user, printable(token.name), state_of(token, now_micros()),
               join(account::scope_words(token.scopes), ","), when(token.created),
               when(token.expires), when(token.used), printable(token.used_from)});
  table.print();
  return {};
}

Status revoke(Desk& desk, const Options& o) {
  RECORTE_TRY(desk.tokens().revoke(o.id, ""));
  RECORTE_TRY(desk.note("token", o.id, "revoked"));
  std::printf("the token %s is revoked\n", o.id.c_str());
  return {};
}

}  // namespace

int token(int argc, char** argv) {
  CLI::App app("Looks after tokens, by which scripts and notebooks say whose they are.",
               "recorte token");
  Options o;
  DeskCommands commands(app);
  auto* making = commands.add("create", "Makes one, and prints it this once",
                              [&o](Desk& desk) { return create(desk, o); });
  making->add_option("--user", o.user, "Whose it is")->required()->type_name("NAME");
  making->add_option("--name", o.name, "What it is for")->type_name("TEXT");
  making
      ->add_option("--scopes", o.scopes,
                   "What it is for: read, submit, admin, survey:NAME; else read,submit")
      ->delimiter(',')
      ->type_name("A,B");
  making->add_option("--expires", o.expires, "After this: 90d; else when it is revoked")
      ->type_name("DURATION");
  auto* listing = commands.add("list", "What is known of them, the newest first",
                               [&o](Desk& desk) { return list(desk, o); });
  listing->add_option("--user", o.user, "Of this one")->type_name("NAME");
  listing->add_flag("--json", o.json, "As JSON");
  commands.add("revoke", "Ends one at once", [&o](Desk& desk) { return revoke(desk, o); })
      ->add_option("ID", o.id, "Its id, as list says it")
      ->required();
  return commands.run(argc, argv);
}

}  // namespace recorte::command
