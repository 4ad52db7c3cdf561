/// How to sign in, as HTTP and the IVOA say it: the fields WWW-Authenticate of a 401, and of a 200
/// where signing in is a choice.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/response.hpp"

#include <string>
#include <vector>

namespace recorte::identity {

struct Challenges {
  bool basic = false;                ///< user names with passwords are taken
  std::vector<std::string> issuers;  ///< of the OpenID providers whose tokens are taken
};

/// `wrong`: a credential was sent that is no good. `base_url`: of the service, which says there
/// (RFC 9728) what clients can find out by themselves.
void add_challenges(const Challenges& challenges, const std::string& base_url, bool wrong,
                    http::Headers& headers);

}  // namespace recorte::identity
