// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/user.hpp"

#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/command/account/account.hpp"
#include "core/command/account/place.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace recorte::command {
namespace {

struct Options {
  std::string name, groups, email;
  bool service = false, admin = false;
};

account::Grant admin_grant(const std::string& name) {
  return {{account::Subject::Kind::kUser, name}, account::Action::kAdmin, {}};
}

Result<std::vector<std::string>> groups_of(const Options& options) {
  auto out = words_of(options.groups);
  for (const auto& group : out) RECORTE_TRY(account::check_group(group));
  return out;
}

Status add(Place& place, const Options& options) {
  auto groups = groups_of(options);
  if (!groups) return fail(std::move(groups).error());
  account::User user;
  user.name = options.name;
  user.email = options.email;
  user.service = options.service;
  user.groups = std::move(*groups);
  user.created = now_micros();
  RECORTE_TRY(place.accounts->add(user));
  if (options.admin) RECORTE_TRY(place.accounts->add(admin_grant(user.name)));
  place.note("account", user.name,
             std::string("added") + (user.service ? " as a service" : "") +
                 (user.groups.empty() ? "" : ", in " + join(user.groups, ", ")) +
                 (options.admin ? ", as an admin" : ""));
  std::printf("added %s; recorte token create --user %s makes a token\n", user.name.c_str(),
              user.name.c_str());
  return {};
}

Status list(Place& place) {
  const auto users = place.accounts->list();
  if (!users) return fail(users.error());
  std::vector<std::vector<std::string>> rows{{"user", "kind", "state", "last seen", "groups"}};
  for (const auto& user : *users)
    rows.push_back({user.name, user.service ? "service" : "person",
                    user.enabled ? "enabled" : "disabled", time_text(user.seen),
                    user.groups.empty() ? "-" : join(user.groups, ", ")});
  print_table(rows);
  return {};
}

Status enable(Place& place, const std::string& name, bool enabled) {
  const auto done = place.accounts->change(name, [&](account::User& user) -> Status {
    user.enabled = enabled;
    return {};
  });
  if (!done) return fail(done.error());
  place.note("account", name, enabled ? "enabled" : "disabled");
  std::printf("%s is %s\n", name.c_str(), enabled ? "enabled" : "disabled");
  return {};
}

Status set_groups(Place& place, const Options& options) {
  const auto groups = groups_of(options);
  if (!groups) return fail(groups.error());
  const auto done = place.accounts->change(options.name, [&](account::User& user) -> Status {
    user.groups = *groups;
    return {};
  });
  if (!done) return fail(done.error());
  const auto text = groups->empty() ? "no group" : join(*groups, ", ");
  place.note("account", options.name, "put into " + text);
  std::printf("%s is in %s\n", options.name.c_str(), text.c_str());
  return {};
}

Status remove(Place& place, const std::string& name) {
  RECORTE_TRY(place.accounts->remove(name));
  place.note("account", name, "removed");
  std::printf("removed %s, with all tokens; jobs and the audit trail stay\n", name.c_str());
  return {};
}

}  // namespace

int user(int argc, char** argv) {
  CLI::App app("Looks after users.", "recorte user");
  Options options;
  Commands commands;
  const auto named = [&](CLI::App& sub) -> CLI::App& {
    sub.add_option("NAME", options.name, "The user")->required();
    return sub;
  };
  auto& added = named(commands.add(app, "add", "Makes an account",
                                   [&](Place& place) { return add(place, options); }));
  added.add_option("--groups", options.groups, "Groups that the user is in: a,b");
  added.add_option("--email", options.email, "The user's address");
  added.add_flag("--service", options.service, "A program, which may act for users");
  added.add_flag("--admin", options.admin, "With all rights of an admin");
  commands.add(app, "list", "Says who there is", list);
  named(commands.add(app, "enable", "Lets a user in again",
                     [&](Place& place) { return enable(place, options.name, true); }));
  named(commands.add(app, "disable", "Refuses every token of a user, at once",
                     [&](Place& place) { return enable(place, options.name, false); }));
  named(commands.add(app, "groups", "Puts a user into these groups and no others",
                     [&](Place& place) { return set_groups(place, options); }))
      .add_option("GROUPS", options.groups, "a,b; none where it is left out");
  named(commands.add(app, "remove", "Removes an account",
                     [&](Place& place) { return remove(place, options.name); }));
  return commands.run(app, argc, argv);
}

}  // namespace recorte::command
