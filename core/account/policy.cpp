// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/policy.hpp"

#include <algorithm>
#include <utility>

namespace recorte::account {
namespace {

using SubjectKind = Subject::Kind;
using ResourceKind = Resource::Kind;

constexpr std::string_view kSurvey = "survey:";

bool has(std::span<const std::string> list, std::string_view word) {
  return std::ranges::find(list, word) != list.end();
}

void sort_once(std::vector<std::string>& list) {
  std::ranges::sort(list);
  list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// `groups`: the user's own.
bool means(const Subject& subject, const User& user, std::span<const std::string> groups) {
  switch (subject.kind) {
    case SubjectKind::kAnyone:
    case SubjectKind::kSignedIn: return true;
    case SubjectKind::kUser: return !user.service && subject.name == user.name;
    case SubjectKind::kService: return user.service && subject.name == user.name;
    case SubjectKind::kGroup: return has(groups, subject.name);
  }
  return false;
}

bool means(const Resource& resource, const User& user, std::span<const std::string> groups) {
  switch (resource.kind) {
    case ResourceKind::kEveryone: return true;
    case ResourceKind::kUser: return resource.name == user.name;
    case ResourceKind::kGroup: return has(groups, resource.name);
    case ResourceKind::kService:
    case ResourceKind::kSurvey: return false;
  }
  return false;
}

bool in_scope(const Scopes& scopes, const std::string& survey) {
  return scopes.surveys.empty() || has(scopes.surveys, survey);
}

/// Groups of which some stand for surveys.
struct Split {
  std::vector<std::string> plain;
  std::vector<std::string> surveys;  ///< names
};
Split split_up(std::span<const std::string> groups) {
  Split out;
  for (const auto& group : groups) {
    if (group.starts_with(kSurvey))
      out.surveys.push_back(group.substr(kSurvey.size()));
    else
      out.plain.push_back(group);
  }
  return out;
}

/// Groups that open what both of two open, and nothing else.
std::vector<std::string> both(std::span<const std::string> one,
                              std::span<const std::string> other) {
  const auto a = split_up(one), b = split_up(other);
  std::vector<std::string> out;
  for (const auto& group : a.plain)
    if (has(b.plain, group)) out.push_back(group);
  const auto cross = [&](const Split& left, const Split& right) {
    for (const auto& survey : left.surveys) {
      if (has(right.surveys, survey)) out.push_back(survey_group(survey));
      for (const auto& group : right.plain) out.push_back(survey_group(survey) + "/" + group);
    }
  };
  cross(a, b);
  cross(b, a);
  sort_once(out);
  return out;
}

}  // namespace

std::string survey_group(std::string_view survey) { return std::string(kSurvey).append(survey); }

Principal principal_of(const User& user, std::vector<std::string> groups, const Identity& identity,
                       std::span<const Grant> grants) {
  Principal out;
  out.user = user.name;
  out.program = user.service;
  out.scopes = identity.scopes;
  out.method = identity.method;
  out.credential = identity.credential;
  out.ends = identity.ends;
  out.email = user.email;
  out.groups = groups;
  for (const auto& grant : grants) {
    if (!means(grant.subject, user, groups)) continue;
    if (grant.action == Action::kRead && in_scope(out.scopes, grant.resource.name))
      out.groups.push_back(survey_group(grant.resource.name));
    if (grant.action == Action::kAdmin && out.scopes.admin) out.admin = true;
  }
  sort_once(out.groups);
  return out;
}

Principal anonymous(std::span<const Grant> grants) {
  Principal out;
  for (const auto& grant : grants)
    if (grant.subject.kind == SubjectKind::kAnyone && grant.action == Action::kRead)
      out.groups.push_back(survey_group(grant.resource.name));
  sort_once(out.groups);
  return out;
}

Result<Principal> on_behalf_of(const Principal& service, const User& user,
                               std::vector<std::string> groups, std::span<const Grant> grants) {
  const bool granted = std::ranges::any_of(grants, [&](const Grant& grant) {
    return grant.action == Action::kAct && grant.subject.kind == SubjectKind::kService &&
           grant.subject.name == service.user && means(grant.resource, user, groups);
  });
  Identity identity;
  identity.scopes = service.scopes;
  auto out = principal_of(user, std::move(groups), identity, grants);
  if (!granted || !service.program || !service.service.empty() || !user.enabled || user.service)
    return fail(ErrorCode::kForbidden,
                "this service may not act for that user; an admin grants it: 'service NAME may act "
                "on user NAME'");
  out.service = service.user;
  out.scopes.admin = out.admin = false;
  out.groups = both(out.groups, service.groups);
  out.method = service.method;
  out.credential = service.credential;
  out.ends = service.ends;
  return out;
}

}  // namespace recorte::account
