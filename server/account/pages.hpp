/// What these pages show, as HTML. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/account/account.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>

namespace recorte::account_face {

/// A page that no cache keeps, no other page frames, and no script is in.
http::Response page(const http::Request& request, int status, std::string_view html,
                    nlohmann::json data);

/// A sentence and a link: the path, within the service.
http::Response message_page(const http::Request& request, int status, const std::string& title,
                            const std::string& text, const std::string& link = "/",
                            const std::string& link_text = "To the surveys");
/// The same of an error at signing in.
http::Response error_page(const http::Request& request, const Error& error);

/// "2026-11-29 03:15 UTC".
std::string minute_text(Micros time);

}  // namespace recorte::account_face
