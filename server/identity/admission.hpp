/// Whether somebody may come to a route at all: the one rule for what a route needs. What they may
/// do there with a survey or a job is for its handler to say.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/account/principal.hpp"
#include "core/base/error.hpp"
#include "server/http/router.hpp"

namespace recorte::identity {

/// Whether anybody is asked at all; else no credential is looked at, good or bad.
constexpr bool asks(http::Need need) { return need != http::Need::kNothing; }

/// kUnauthenticated where somebody must sign in, kForbidden where that is no help. `anonymous`:
/// whether whoever is not signed in may read.
Status admit(http::Need need, const account::Principal& principal, bool anonymous);

}  // namespace recorte::identity
