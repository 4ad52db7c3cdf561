// SPDX-License-Identifier: BSD-3-Clause
#include "server/vosi/vosi.hpp"

#include "core/base/time.hpp"

#include <pugixml.hpp>

#include <array>
#include <sstream>
#include <string_view>
#include <utility>

namespace recorte::vosi {
namespace {

using pugi::xml_node;

constexpr std::string_view kXml = "text/xml; charset=utf-8";

struct Capability {
  std::string_view standard_id, path, description;
  std::array<std::string_view, 2> queries;  ///< HTTP methods that take parameters; "" for none
  bool described = false;                   ///< it is for everybody, as it only describes
};
constexpr std::array kCapabilities{
    Capability{"ivo://ivoa.net/std/VOSI#capabilities", "/capabilities", "What is served", {}, true},
    Capability{
        "ivo://ivoa.net/std/VOSI#availability", "/availability", "Whether it works now", {}, true},
    Capability{"ivo://ivoa.net/std/SODA#sync-1.0",
               "/sync",
               "Cutouts of images, one in an answer",
               {"GET", "POST"}},
    Capability{"ivo://ivoa.net/std/SODA#async-1.0",
               "/async",
               "Cutouts of images, any number in a job (UWS 1.1); lists of positions by UPLOAD",
               {"POST", ""}},
};

void set(xml_node node, const char* name, std::string_view value) {
  node.append_attribute(name).set_value(std::string(value).c_str());
}

void add(xml_node parent, const char* name, std::string_view text) {
  parent.append_child(name).text().set(std::string(text).c_str());
}

http::Response document(xml_node (*root)(pugi::xml_document&),
                        const std::function<void(xml_node)>& fill) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  fill(root(document));
  std::ostringstream out;
  document.save(out, "  ");
  auto response = http::text_response(200, kXml, out.str());
  response.headers.add("Cache-Control", "no-cache");
  return response;
}

/// The prefix stands at the root alone: the schema wants its children without one.
xml_node capabilities_root(pugi::xml_document& document) {
  auto node = document.append_child("vosi:capabilities");
  set(node, "xmlns:vosi", "http://www.ivoa.net/xml/VOSICapabilities/v1.0");
  set(node, "xmlns:vs", "http://www.ivoa.net/xml/VODataService/v1.1");
  set(node, "xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
  return node;
}

xml_node availability_root(pugi::xml_document& document) {
  auto node = document.append_child("vosi:availability");
  set(node, "xmlns:vosi", "http://www.ivoa.net/xml/VOSIAvailability/v1.0");
  return node;
}

/// Elements securityMethod, an empty one of which says that none is needed.
void add_ways(xml_node interface, const Ways& ways, const std::string& base_url) {
  const auto way = [&](const char* name) {
    set(interface.append_child("securityMethod"), "standardID",
        std::string("ivo://ivoa.net/sso#") + name);
  };
  if (ways.anonymous) interface.append_child("securityMethod");
  way("token");
  if (ways.passwords && base_url.starts_with("https://")) way("BasicAA");
  if (ways.cookies) way("cookie");
}

void add_capability(xml_node parent, const Capability& row, const Ways& ways,
                    const std::string& base_url) {
  auto node = parent.append_child("capability");
  set(node, "standardID", row.standard_id);
  add(node, "description", row.description);
  auto interface = node.append_child("interface");
  set(interface, "xsi:type", "vs:ParamHTTP");
  set(interface, "role", "std");
  set(interface, "version", "1.0");
  auto url = interface.append_child("accessURL");
  set(url, "use", row.queries[0].empty() ? "full" : "base");
  url.text().set((base_url + std::string(row.path)).c_str());
  if (!row.described) add_ways(interface, ways, base_url);
  for (const auto method : row.queries)
    if (!method.empty()) add(interface, "queryType", method);
}

}  // namespace

http::Handler capabilities_handler(Ways ways) {
  return [ways](const std::shared_ptr<const http::Request>& http, const http::Reply& reply) {
    reply(document(capabilities_root, [&](xml_node root) {
      for (const auto& row : kCapabilities) add_capability(root, row, ways, http->base_url);
    }));
  };
}

http::Handler availability_handler(std::function<std::vector<ops::Check>()> checks) {
  return [checks = std::move(checks), since = iso_time(now_micros())](
             const std::shared_ptr<const http::Request>&, const http::Reply& reply) {
    std::vector<std::string> notes;
    bool available = true;
    for (const auto& check : checks()) {
      if (check.trouble.empty()) continue;
      notes.push_back(check.name + ": " + check.trouble);
      available = available && check.available;
    }
    reply(document(availability_root, [&](xml_node root) {
      add(root, "vosi:available", available ? "true" : "false");
      add(root, "vosi:upSince", since);
      for (const auto& note : notes) add(root, "vosi:note", note);
    }));
  };
}

}  // namespace recorte::vosi
