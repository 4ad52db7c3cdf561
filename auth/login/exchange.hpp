/// What is asked of a provider's endpoints with our own client's name, and who its tokens say
/// somebody is. Its tokens are not kept.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "auth/login/provider.hpp"

#include <optional>
#include <string>

namespace recorte::auth {

/// A POST to one of its endpoints, as our client.
Result<net::JsonAnswer> ask_as_client(const Provider& provider,
                                      const net::OpenidProvider& endpoints, const std::string& url,
                                      net::Form form);

/// Who a good answer of the token endpoint is about, by its ID token and the userinfo endpoint.
Result<account::Identity> identity_of(const Provider& provider,
                                      const net::OpenidProvider& endpoints,
                                      const nlohmann::json& answer,
                                      const std::optional<std::string>& nonce, Micros now);

/// The provider's own `error` and `error_description` (RFC 6749, 5.2), fit to be shown.
std::string error_words(const nlohmann::json& answer);
/// The member where it is a text, else "".
std::string text_member(const nlohmann::json& object, const char* name);
/// Somebody else's words: shortened, and without what is no character.
std::string shown(std::string_view words);

}  // namespace recorte::auth
