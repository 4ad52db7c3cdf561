/// Who asks for what: the caller by the socket, a small JSON object as the body, and the line in
/// the log that every act leaves.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "server/http/handler.hpp"
#include "server/service/cutouts.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::admin {

/// The operator: "unix:1000", by the kernel's word.
service::Asker admin_of(const http::Request& request, const http::Reply& reply);

/// The members of the body, which may be empty; kUsage for one that is not `known`, or is neither
/// a text nor a whole number nor null, which is as if it were not there.
struct Body {
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, std::int64_t, std::less<>> numbers;
  std::optional<std::string> text(std::string_view name) const;
  std::optional<std::int64_t> number(std::string_view name) const;
};
Result<Body> read_body(const http::Request& request, const std::vector<std::string>& known);
/// "message" of the body, on one line, at most 500 bytes; "" where there is none.
Result<std::string> read_message(const http::Request& request);

/// "an admin did: `what`", with who, and the job, survey or server it was done to.
void log_act(const http::Request& request, std::string_view what, std::string_view to);

}  // namespace recorte::admin
