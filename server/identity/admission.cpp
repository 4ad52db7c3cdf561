// SPDX-License-Identifier: BSD-3-Clause
#include "server/identity/admission.hpp"

#include <string>

namespace recorte::identity {
namespace {

using http::Need;

Status scoped(bool has, std::string_view scope) {
  if (has) return {};
  const std::string name(scope);
  return fail(ErrorCode::kForbidden,
              "the token has not the scope '" + name +
                  "', which this needs; use one that was made with --scope " + name);
}

}  // namespace

Status admit(Need need, const account::Principal& principal, bool anonymous) {
  if (need == Need::kNothing || need == Need::kWelcome) return {};
  if (principal.anonymous()) {
    if (need == Need::kUser || need == Need::kAdmin)
      return fail(ErrorCode::kUnauthenticated, "this is for users who are signed in");
    if (!anonymous)
      return fail(ErrorCode::kUnauthenticated,
                  "this service is for users who are signed in ([anonymous] cutouts is off)");
    return {};
  }
  switch (need) {
    case Need::kNothing:
    case Need::kWelcome: return {};
    case Need::kRead: return scoped(principal.scopes.read, "read");
    case Need::kSubmit: return scoped(principal.scopes.submit, "submit");
    case Need::kUser:
      if (principal.service.empty()) return {};
      return fail(ErrorCode::kForbidden, "this is for " + principal.user +
                                             " alone, and not for a service that acts for them");
    case Need::kAdmin: break;
  }
  if (principal.admin) return {};
  RECORTE_TRY(scoped(principal.scopes.admin, "admin"));
  return fail(ErrorCode::kForbidden, "this is for admins, and " + principal.user +
                                         " is none: an admin has the grant 'user " +
                                         principal.user + " may admin on service'");
}

}  // namespace recorte::identity
