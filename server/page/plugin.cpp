// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/plugin.hpp"

#include "server/page/files.hpp"
#include "server/page/fill.hpp"
#include "server/page/prefix.hpp"

#include <md4c-html.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace recorte::page {
namespace {

/// Nothing but our own style: pictures and scripts of a README are not loaded.
constexpr std::string_view kContentPolicy =
    "default-src 'none'; img-src 'self'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'";
constexpr std::string_view kBody = "<!-- readme -->";

bool leads_somewhere(std::string_view link) {
  constexpr std::array<std::string_view, 4> kGood{"https://", "http://", "mailto:", "#"};
  return std::ranges::any_of(kGood, [&](auto begin) { return link.starts_with(begin); });
}

/// Links into the plugin's project, which is not here, become text. Quotes of the README's own text
/// are escaped, so that each href=" is one of a link.
std::string without_dead_links(std::string_view html) {
  constexpr std::string_view kHref = " href=\"";
  std::string out;
  for (auto at = html.find(kHref); at != html.npos; at = html.find(kHref)) {
    const auto end = html.find('"', at + kHref.size());
    const auto link = html.substr(at + kHref.size(), end - at - kHref.size());
    out += html.substr(0, leads_somewhere(link) ? end + 1 : at);
    html.remove_prefix(end + 1);
  }
  return out += html;
}

}  // namespace

std::string html_of_markdown(std::string_view text) {
  std::string out;
  const auto take = [](const char* piece, MD_SIZE size, void* to) {
    static_cast<std::string*>(to)->append(piece, size);
  };
  md_html(text.data(), static_cast<MD_SIZE>(text.size()), take, &out,
          MD_FLAG_TABLES | MD_FLAG_PERMISSIVEURLAUTOLINKS | MD_FLAG_NOHTML, 0);
  return without_dead_links(out);
}

http::Response plugin_page(const http::Request& request, const std::string& name,
                           std::string_view readme) {
  auto html =
      fill(kPluginHtml, nlohmann::json{{"prefix", prefix_of(request.base_url)}, {"name", name}});
  html.replace(html.find(kBody), kBody.size(), html_of_markdown(readme));
  auto response = http::text_response(200, "text/html; charset=utf-8", std::move(html));
  response.headers.set("Content-Security-Policy", std::string(kContentPolicy));
  response.headers.set("Cache-Control", "no-cache");
  return response;
}

}  // namespace recorte::page
