// SPDX-License-Identifier: BSD-3-Clause
//
// Accounts: seen, made, changed, removed, joined with who somebody is elsewhere.
#include "core/account/json.hpp"
#include "server/admin/handlers.hpp"
#include "server/admin/members.hpp"
#include "server/admin/reading.hpp"
#include "server/api/json_response.hpp"
#include "server/api/problem.hpp"

#include <nlohmann/json.hpp>

#include <utility>

namespace recorte::admin {
namespace {

using account::Accounts;
using account::User;
using http::Reply;
using nlohmann::ordered_json;
using Http = std::shared_ptr<const http::Request>;
using Kind = Members::Kind;

void answer(const Http& http, const Reply& reply, const Result<User>& user,
            std::string_view what = "", int status = 200) {
  if (!user) return reply(api::problem(*http, user.error()));
  auto response = api::json_response(account::user_json(*user), status);
  if (!what.empty()) {
    log_act(*http, what, user->name);
    response.notes.object = user->name;
    response.notes.detail = what;
  }
  reply(std::move(response));
}

http::Handler list_handler(Accounts& accounts) {
  return [&accounts](const Http& http, const Reply& reply) {
    const auto users = accounts.list();
    if (!users) return reply(api::problem(*http, users.error()));
    auto list = ordered_json::array();
    for (const auto& user : *users) list.push_back(account::user_json(user));
    reply(api::json_response({{"users", std::move(list)}}));
  };
}

http::Handler find_handler(Accounts& accounts) {
  return [&accounts](const Http& http, const Reply& reply) {
    answer(http, reply, accounts.find(http->capture("name")));
  };
}

Result<User> make(Accounts& accounts, const http::Request& http) {
  const auto members = Members::read(http, {{"name", Kind::kText},
                                            {"email", Kind::kText},
                                            {"groups", Kind::kList},
                                            {"service", Kind::kFlag}});
  if (!members) return fail(members.error());
  auto name = members->needed("name");
  if (!name) return fail(std::move(name).error());
  User user;
  user.name = std::move(*name);
  user.email = members->text("email").value_or("");
  user.groups = members->list("groups").value_or(std::vector<std::string>());
  user.service = members->flag("service").value_or(false);
  RECORTE_TRY(accounts.add(user));
  return accounts.find(user.name);
}

http::Handler add_handler(Accounts& accounts) {
  return [&accounts](const Http& http, const Reply& reply) {
    answer(http, reply, make(accounts, *http), "made the account", 201);
  };
}

http::Handler change_handler(Accounts& accounts) {
  return [&accounts](const Http& http, const Reply& reply) {
    const auto members = Members::read(
        *http, {{"email", Kind::kText}, {"groups", Kind::kList}, {"enabled", Kind::kFlag}});
    if (!members) return reply(api::problem(*http, members.error()));
    const auto enabled = members->flag("enabled");
    const auto changed = accounts.change(http->capture("name"), [&](User& user) -> Status {
      user.email = members->text("email").value_or(user.email);
      user.groups = members->list("groups").value_or(user.groups);
      user.enabled = enabled.value_or(user.enabled);
      return {};
    });
    answer(http, reply, changed,
           !enabled   ? "changed the account"
           : *enabled ? "enabled the account"
                      : "disabled the account");
  };
}

http::Handler remove_handler(Accounts& accounts) {
  return [&accounts](const Http& http, const Reply& reply) {
    const auto& name = http->capture("name");
    if (const auto removed = accounts.remove(name); !removed)
      return reply(api::problem(*http, removed.error()));
    log_act(*http, "removed the account", name);
    auto response = api::json_response({{"removed", name}});
    response.notes.object = name;
    response.notes.detail = "removed the account";
    reply(std::move(response));
  };
}

http::Handler link_handler(Accounts& accounts) {
  return [&accounts](const Http& http, const Reply& reply) {
    const auto joined = [&]() -> Result<User> {
      const auto members =
          Members::read(*http, {{"source", Kind::kText}, {"subject", Kind::kText}});
      if (!members) return fail(members.error());
      const auto source = members->needed("source"), subject = members->needed("subject");
      if (!source) return fail(source.error());
      if (!subject) return fail(subject.error());
      RECORTE_TRY(accounts.link(http->capture("name"), *source, *subject));
      return accounts.find(http->capture("name"));
    };
    answer(http, reply, joined(), "joined the account with one elsewhere");
  };
}

}  // namespace

std::vector<http::Route> user_routes(Accounts& accounts) {
  const std::string users = "/api/v1/admin/users", one = users + "/{name}";
  const http::Access look{http::Need::kAdmin}, act{http::Need::kAdmin, "admin"};
  return {
      {users, {"GET"}, look, list_handler(accounts)},
      {users, {"POST"}, act, add_handler(accounts)},
      {one, {"GET"}, look, find_handler(accounts)},
      {one, {"POST"}, act, change_handler(accounts)},
      {one, {"DELETE"}, act, remove_handler(accounts)},
      {one + "/identities", {"POST"}, act, link_handler(accounts)},
  };
}

}  // namespace recorte::admin
