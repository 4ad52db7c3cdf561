/// The handlers behind the routes of this folder, and what they share. Private to it.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/account/account.hpp"

#include <functional>
#include <string>

namespace recorte::account_face {

http::Handler login_page_handler(const Parts& parts);
http::Handler password_handler(const Parts& parts);
http::Handler start_handler(const Parts& parts);
http::Handler callback_handler(const Parts& parts);
http::Handler logout_handler(const Parts& parts);

http::Handler own_page_handler(const Parts& parts);
http::Handler page_make_handler(const Parts& parts);
http::Handler page_revoke_handler(const Parts& parts);
http::Handler page_end_handler(const Parts& parts);

http::Handler me_handler(const Parts& parts);
http::Handler list_handler(const Parts& parts);
http::Handler make_handler(const Parts& parts);
http::Handler revoke_handler(const Parts& parts);
http::Handler device_handler(const Parts& parts);
http::Handler device_token_handler(const Parts& parts);

using Work = std::function<http::Response(const http::Request&)>;
/// How a face says an error.
using Say = http::Response (*)(const http::Request&, const Error&);
/// Does it on the threads for those who wait; 503 where too many wait for these.
http::Handler waiting(const Parts& parts, Say say, Work work);
/// Does it where it is called: the route is slow.
http::Handler plain(Work work);

/// Notes in the trail who signed in, or was not let in.
void note_login(const Parts& parts, const http::Request& request, const account::Event& event);
/// The first value of a parameter, "" where there is none.
std::string given(const http::Request& request, std::string_view name);

}  // namespace recorte::account_face
