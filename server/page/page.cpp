// SPDX-License-Identifier: BSD-3-Clause
#include "server/page/page.hpp"

#include "core/base/io.hpp"
#include "core/coverage/places.hpp"
#include "core/plugin/readme.hpp"
#include "core/plugin/registry.hpp"
#include "server/page/docs.hpp"
#include "server/page/files.hpp"
#include "server/page/home.hpp"
#include "server/page/plugin.hpp"
#include "server/service/product_response.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace recorte::page {
namespace {

constexpr std::size_t kLongestReadme = 1U << 20;

/// A file of the program's: asked for again, it costs a 304 until another program serves another.
http::Handler file_handler(std::string_view type, std::string_view content) {
  return [=](const auto&, const http::Reply& reply) {
    auto response = http::text_response(200, type, std::string(content));
    response.headers.set("ETag",
                         "\"" + std::to_string(std::hash<std::string_view>{}(content)) + "\"");
    response.headers.set("Cache-Control", "no-cache");
    reply(std::move(response));
  };
}

}  // namespace

http::Handler home_handler(service::SurveyBook& surveys, const service::Switchboard& switchboard,
                           const std::filesystem::path& directory, bool can_sign_in) {
  return
      [&, directory, can_sign_in](std::shared_ptr<const http::Request> request, http::Reply reply) {
        const auto asker = service::asker_of(*request, reply);
        surveys.ask([=, switched = switchboard.now()](const auto& all) {
          auto seen = visible_surveys(*all, asker.principal);
          for (auto& survey : seen) survey.coverage = coverage::is_kept(directory, survey.id);
          reply(home(*request, seen, *switched, can_sign_in));
        });
      };
}

http::Handler plugin_handler(std::vector<std::filesystem::path> directories) {
  return [directories = std::move(directories)](const auto& request, const http::Reply& reply) {
    const auto& id = request->capture("id");
    const auto registry = plugin::Registry::scan(directories);
    for (const auto& entry : registry.plugins()) {
      if (entry.manifest.id != id) continue;
      const auto readme = read_file(plugin::readme_of(entry.file), kLongestReadme);
      if (readme) return reply(plugin_page(*request, entry.manifest.name, *readme));
    }
    reply(http::text_response(404, "text/plain; charset=utf-8",
                              "no plugin here is called '" + id + "' and has a page\n"));
  };
}

http::Handler docs_handler() {
  return [](const std::shared_ptr<const http::Request>& request, const http::Reply& reply) {
    reply(docs(*request));
  };
}

http::Handler script_handler() { return file_handler("text/javascript; charset=utf-8", kDocsJs); }
http::Handler style_handler() { return file_handler("text/css; charset=utf-8", kStyleCss); }
http::Handler icon_handler() { return file_handler("image/svg+xml", kFaviconSvg); }

}  // namespace recorte::page
