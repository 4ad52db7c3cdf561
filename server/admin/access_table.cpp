// SPDX-License-Identifier: BSD-3-Clause
#include "server/admin/access_table.hpp"

#include "core/account/policy.hpp"
#include "core/account/survey_access.hpp"
#include "core/job/job.hpp"
#include "server/identity/admission.hpp"
#include "server/service/job_door.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <functional>
#include <string>

namespace recorte::admin {
namespace {

using account::Principal;
using http::Need;
using http::Of;
using nlohmann::ordered_json;
using Specimen = Result<Principal>;
using Rule = std::function<Status(const Principal&)>;

constexpr std::string_view kSurvey = "closed";

std::vector<account::Grant> grants() {
  std::vector<account::Grant> out;
  for (const auto* sentence :
       {"user user may read on survey closed", "service service may act on user user",
        "service service may read on survey closed", "user admin may admin on service"})
    out.push_back(account::parse_grant(sentence).value());
  return out;
}

/// In the order of kCallers.
std::array<Specimen, kCallers.size()> specimens() {
  const auto known = grants();
  const auto user = [](const char* name, bool service = false) {
    account::User out;
    out.name = name;
    out.service = service;
    return out;
  };
  const auto signed_in = [&](const account::User& who, std::vector<std::string> groups) {
    return account::principal_of(who, std::move(groups), {}, known);
  };
  return {account::anonymous(known),
          signed_in(user("user"), {}),
          signed_in(user("other"), {}),
          signed_in(user("member"), {"members"}),
          account::on_behalf_of(signed_in(user("service", true), {}), user("user"), {}, known),
          fail(ErrorCode::kUnauthenticated, "revoked"),
          signed_in(user("admin"), {})};
}

Rule of_survey(const char* group) {
  return [group](const Principal& principal) {
    account::SurveyAccess access;
    access.survey = kSurvey;
    access.group = group;
    return account::may_see(access, "", principal, [] {
      return Error{ErrorCode::kNotFound, "hidden"};
    });
  };
}

Rule of_job(std::string owner) {
  return [owner = std::move(owner)](const Principal& principal) {
    job::Job job;
    job.owner = owner;
    return service::may_touch(job, {principal, "", nullptr, principal.admin});
  };
}

Rule of_own_job(std::string owner) {
  return [owner = std::move(owner)](const Principal& principal) -> Status {
    job::Job job;
    job.owner = owner;
    const service::Asker asker{principal, "", nullptr, principal.admin};
    RECORTE_TRY(service::may_touch(job, asker));
    return service::may_share(job, asker);
  };
}

Status of_link(const Principal&) { return {}; }
Status of_no_link(const Principal&) { return fail(ErrorCode::kForbidden, "no link"); }

/// What is the user's own is found among what the caller has.
Status of_user(const Principal& principal) {
  if (principal.user == "user") return {};
  return fail(ErrorCode::kNotFound, "not among the caller's");
}

std::vector<std::pair<std::string_view, Rule>> things(Of of) {
  switch (of) {
    case Of::kAll: break;
    case Of::kSurvey:
      return {{"an open survey", of_survey("")}, {"a closed survey", of_survey("members")}};
    case Of::kJob:
      return {{"an anonymous job", of_job(job::Job().owner)}, {"the user's job", of_job("user")}};
    case Of::kOwnJob:
      return {{"an anonymous job", of_own_job(job::Job().owner)},
              {"the user's job", of_own_job("user")}};
    case Of::kLink: return {{"a link", of_link}, {"a link that is not good", of_no_link}};
    case Of::kSelf: return {{"the user's", of_user}};
  }
  return {{"", [](const Principal&) { return Status(); }}};
}

int refusal(Need need, const Specimen& specimen, const Rule& rule) {
  const auto may = [&]() -> Status {
    if (!identity::asks(need)) return {};
    if (!specimen) return fail(specimen.error());
    RECORTE_TRY(identity::admit(need, *specimen, true));
    return rule(*specimen);
  }();
  return may ? 0 : error_row(may.error().code).http;
}

std::string_view name_of(Need need) {
  switch (need) {
    case Need::kNothing: return "nothing";
    case Need::kWelcome: return "welcome";
    case Need::kRead: return "read";
    case Need::kSubmit: return "submit";
    case Need::kUser: return "user";
    case Need::kAdmin: break;
  }
  return "admin";
}

ordered_json row_json(const AccessRow& row) {
  ordered_json out{{"of", row.of}};
  for (std::size_t i = 0; i < kCallers.size(); ++i)
    out[std::string(kCallers[i])] =
        row.refused[i] == 0 ? ordered_json("yes") : ordered_json(row.refused[i]);
  return out;
}

}  // namespace

std::vector<AccessRow> access_rows(const http::Access& access) {
  static const auto callers = specimens();
  std::vector<AccessRow> out;
  for (const auto& [name, rule] : things(access.of)) {
    AccessRow row{name, {}};
    std::ranges::transform(callers, row.refused.begin(),
                           [&, &rule = rule](const Specimen& specimen) {
                             return refusal(access.need, specimen, rule);
                           });
    out.push_back(row);
  }
  return out;
}

ordered_json access_table(const std::vector<http::Route>& routes) {
  auto list = ordered_json::array();
  for (const auto& route : routes) {
    auto rows = ordered_json::array();
    for (const auto& row : access_rows(route.access)) rows.push_back(row_json(row));
    list.push_back({{"path", route.pattern},
                    {"methods", route.methods},
                    {"need", name_of(route.access.need)},
                    {"act", route.access.act},
                    {"rows", std::move(rows)}});
  }
  return {{"callers", kCallers}, {"routes", std::move(list)}};
}

}  // namespace recorte::admin
