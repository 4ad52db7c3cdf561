/// Proof Key for Code Exchange (RFC 7636): what a provider is told of a secret beforehand.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>
#include <string_view>

namespace recorte::net {

/// Section 4.2, S256: BASE64URL(SHA256(verifier)), 43 characters.
std::string code_challenge(std::string_view verifier);

}  // namespace recorte::net
