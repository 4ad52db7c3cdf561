/// Names and passwords of a directory, as HTTP Basic brings them (IVOA's tls-with-password).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/chain/authenticator.hpp"
#include "auth/ldap/person.hpp"
#include "core/config/settings_ldap.hpp"

#include <functional>
#include <memory>

namespace recorte::auth::ldap {

/// Who it is; nullopt for no; an error where nobody can say.
using Judge = std::function<Result<std::optional<Person>>(const std::string& user,
                                                          const std::string& password)>;

/// A password that was right is not asked about again for `cache`. Names and passwords that cannot
/// be any are refused before anybody is asked, the empty password among them. The identity's name
/// is the directory's spelling; kForbidden where that can be no account's name. A name is printable
/// ASCII without blanks at the ends.
std::unique_ptr<Authenticator> authenticator(Judge judge, Micros cache);
/// Of the directory that is configured, which is first asked when somebody comes. kUsage where the
/// secret cannot be read.
Result<std::unique_ptr<Authenticator>> authenticator(const config::LdapSettings& settings);

/// Whether every server of the directory answers and lets the searching account search.
Status check(const config::LdapSettings& settings);

}  // namespace recorte::auth::ldap
