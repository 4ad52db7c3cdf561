// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte user`.
#include "core/account/json.hpp"
#include "core/base/password.hpp"
#include "core/base/secret.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/command/account/account.hpp"
#include "core/command/account/desk.hpp"
#include "core/command/account/read_password.hpp"
#include "core/command/tools/columns.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace recorte::command {
namespace {

using account::User;
using nlohmann::ordered_json;

struct Options {
  std::string name, email, source, subject;
  std::vector<std::string> groups, put, take;
  bool service = false, admin = false, json = false, none = false;
};

std::string when(Micros time) { return time == 0 ? "-" : iso_time(time).substr(0, 16) + "Z"; }

void print(const ordered_json& json) {
  std::printf("%s\n", json.dump(2, ' ', false, ordered_json::error_handler_t::replace).c_str());
}

Status add(Desk& desk, const Options& o) {
  User user;
  user.name = o.name;
  user.email = o.email;
  user.service = o.service;
  user.groups = o.groups;
  RECORTE_TRY(desk.accounts().add(user));
  auto detail = "made the account" + (o.groups.empty() ? "" : ", in " + join(o.groups, ", "));
  if (o.admin) {
    const auto sentence = (o.service ? "service " : "user ") + o.name + " may admin on service";
    const auto grant = account::parse_grant(sentence);
    if (!grant) return fail(grant.error());
    RECORTE_TRY(desk.accounts().add(*grant));
    detail += "; granted: " + sentence;
  }
  RECORTE_TRY(desk.note("admin", o.name, detail));
  std::printf("the account %s is made\n", o.name.c_str());
  return {};
}

Status list(Desk& desk, const Options& o) {
  const auto users = desk.accounts().list();
  if (!users) return fail(users.error());
  if (o.json) {
    auto out = ordered_json::array();
    for (const auto& user : *users) out.push_back(account::user_json(user));
    print(out);
    return {};
  }
  Table table({"name", "kind", "enabled", "groups", "e-mail", "seen"});
  for (const auto& user : *users) {
    auto groups = user.groups;
    groups.insert(groups.end(), user.told_groups.begin(), user.told_groups.end());
    table.add({user.name, user.service ? "service" : "user", user.enabled ? "yes" : "no",
               printable(join(groups, ",")), printable(user.email), when(user.seen)});
  }
  table.print();
  return {};
}

/// With the grants that name it.
Status show(Desk& desk, const Options& o) {
  const auto user = desk.accounts().find(o.name);
  if (!user) return fail(user.error());
  const auto tokens = desk.tokens().list(o.name);
  if (!tokens) return fail(tokens.error());
  const auto good = std::ranges::count_if(*tokens, [now = now_micros()](const auto& token) {
    return token.revoked == 0 && (token.expires == 0 || token.expires > now);
  });
  auto json = account::user_json(*user);
  json["tokens"] = good;
  if (o.json) {
    print(json);
    return {};
  }
  Table table({"name", user->name});
  table.add({"kind", user->service ? "service" : "user"});
  table.add({"enabled", user->enabled ? "yes" : "no"});
  table.add({"e-mail", printable(user->email)});
  table.add({"groups", printable(join(user->groups, ","))});
  table.add({"groups of the last sign-in", printable(join(user->told_groups, ","))});
  table.add({"password", user->has_password ? "yes" : "no"});
  table.add({"tokens", std::to_string(good)});
  table.add({"made", when(user->created)});
  table.add({"seen", when(user->seen)});
  table.print();
  return {};
}

Status enable(Desk& desk, const Options& o, bool on) {
  const auto changed = desk.accounts().change(o.name, [on](User& user) -> Status {
    user.enabled = on;
    return {};
  });
  if (!changed) return fail(changed.error());
  RECORTE_TRY(desk.note("admin", o.name, on ? "enabled the account" : "disabled the account"));
  std::printf("the account %s is %s\n", o.name.c_str(), on ? "enabled" : "disabled");
  return {};
}

Status remove(Desk& desk, const Options& o) {
  RECORTE_TRY(desk.accounts().remove(o.name));
  RECORTE_TRY(desk.note("admin", o.name, "removed the account"));
  std::printf("the account %s is removed, with its tokens and grants; its jobs stay\n",
              o.name.c_str());
  return {};
}

Status groups(Desk& desk, const Options& o) {
  const auto changed = desk.accounts().change(o.name, [&](User& user) -> Status {
    if (o.none) user.groups.clear();
    if (!o.groups.empty()) user.groups = o.groups;
    user.groups.insert(user.groups.end(), o.put.begin(), o.put.end());
    std::erase_if(user.groups, [&](const auto& group) {
      return std::ranges::find(o.take, group) != o.take.end();
    });
    return {};
  });
  if (!changed) return fail(changed.error());
  const auto now = changed->groups.empty() ? "no group" : join(changed->groups, ", ");
  if (o.none || !o.groups.empty() || !o.put.empty() || !o.take.empty())
    RECORTE_TRY(desk.note("admin", o.name, "changed the groups: " + now));
  std::printf("%s is in %s\n", o.name.c_str(), now.c_str());
  return {};
}

Status password(Desk& desk, const Options& o) {
  const auto user = desk.accounts().find(o.name);
  if (!user) return fail(user.error());
  std::string hash;
  if (!o.none) {
    auto typed = read_password();
    if (!typed) return fail(std::move(typed).error());
    auto hashed = Passwords({}).hash(*typed);
    wipe(*typed);
    if (!hashed) return fail(std::move(hashed).error());
    hash = std::move(*hashed);
  }
  RECORTE_TRY(desk.accounts().set_password_hash(o.name, hash));
  RECORTE_TRY(desk.note("admin", o.name, o.none ? "took the password away" : "set a password"));
  const bool taken = o.none || desk.settings().auth.passwords;
  std::printf("%s has %s%s\n", o.name.c_str(), o.none ? "no password now" : "a new password",
              taken ? "" : ", which is not taken until [auth] passwords = true");
  return {};
}

Status link(Desk& desk, const Options& o) {
  RECORTE_TRY(desk.accounts().link(o.name, o.source, o.subject));
  RECORTE_TRY(desk.note("admin", o.name, "joined it with " + o.subject + " of " + o.source));
  std::printf("%s is who signs in as %s of %s\n", o.name.c_str(), printable(o.subject).c_str(),
              printable(o.source).c_str());
  return {};
}

class Commands {
 public:
  Commands(CLI::App& app, Options& options) : commands_(app), options_(options) {}
  CLI::App* add(const char* name, const char* help, Status (*run)(Desk&, const Options&)) {
    return commands_.add(name, help, [run, &o = options_](Desk& desk) { return run(desk, o); });
  }
  CLI::App* add_for_one(const char* name, const char* help, Status (*run)(Desk&, const Options&)) {
    auto* sub = add(name, help, run);
    sub->add_option("NAME", options_.name, "The account's name")->required();
    return sub;
  }
  int run(int argc, char** argv) { return commands_.run(argc, argv); }

 private:
  DeskCommands commands_;
  Options& options_;
};

}  // namespace

int user(int argc, char** argv) {
  CLI::App app("Looks after accounts: of people, and of services that act for them.",
               "recorte user");
  Options o;
  Commands commands(app, o);
  auto* adding = commands.add_for_one("add", "Makes an account", &add);
  adding->add_option("--groups", o.groups, "That it is in")->delimiter(',')->type_name("A,B");
  adding->add_option("--email", o.email, "Where it is written to")->type_name("E-MAIL");
  adding->add_flag("--service", o.service, "A program, which may act for users where granted");
  adding->add_flag("--admin", o.admin, "Grants that it may admin on service");
  commands.add("list", "All of them", &list)->add_flag("--json", o.json, "As JSON");
  commands.add_for_one("show", "One", &show)->add_flag("--json", o.json, "As JSON");
  commands.add_for_one("enable", "Lets it in again",
                       [](Desk& desk, const Options& given) { return enable(desk, given, true); });
  commands.add_for_one("disable", "Refuses every credential of it, at once",
                       [](Desk& desk, const Options& given) { return enable(desk, given, false); });
  commands.add_for_one("remove", "Removes it with its tokens and grants; its jobs stay", &remove);
  auto* grouping = commands.add_for_one("groups", "Says its groups, or changes them", &groups);
  grouping->add_option("--set", o.groups, "These instead")->delimiter(',')->type_name("A,B");
  grouping->add_option("--add", o.put, "These too")->delimiter(',')->type_name("A,B");
  grouping->add_option("--remove", o.take, "Not these")->delimiter(',')->type_name("A,B");
  grouping->add_flag("--none", o.none, "None");
  commands
      .add_for_one("password", "Sets its password: typed, or the first line of standard input",
                   &password)
      ->add_flag("--none", o.none, "Takes it away");
  auto* linking =
      commands.add_for_one("link", "Has somebody who signs in elsewhere be this account", &link);
  linking->add_option("--source", o.source, "ldap, or the provider's issuer")->required();
  linking->add_option("--subject", o.subject, "What it calls them")->required();
  return commands.run(argc, argv);
}

}  // namespace recorte::command
