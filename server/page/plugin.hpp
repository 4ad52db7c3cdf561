/// The page of a plugin: its README, as HTML.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "server/http/handler.hpp"

#include <string>
#include <string_view>

namespace recorte::page {

/// The body of a page, from Markdown with tables (CommonMark and GitHub's tables and bare links).
/// HTML in it is shown as text; links lead to http, https, mailto, or within the page.
std::string html_of_markdown(std::string_view text);

/// The page of a plugin, of that name and README.
http::Response plugin_page(const http::Request& request, const std::string& name,
                           std::string_view readme);

}  // namespace recorte::page
