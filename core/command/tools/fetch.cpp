// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte-tools fetch`: fetches remote files for one reader, outside of a server.
#include "core/command/tools/tools.hpp"
#include "core/config/settings_at.hpp"
#include "core/remote/settings.hpp"
#include "core/remote/start.hpp"

#include <cstdlib>
#include <filesystem>

namespace recorte::command {
namespace {

Result<std::unique_ptr<remote::Service>> service() {
  const char* named = std::getenv("RECORTE_CONFIG");
  const std::filesystem::path file = named ? named : "";
  const auto settings = config::settings_at(file, "");
  if (!settings) return fail(settings.error());
  auto out = remote::service_of(*settings);
  if (out && !*out)
    return fail(
        ErrorCode::kUnavailable,
        "remote files are fetched from hosts that [remote] of the configuration lists, and " +
            (file.empty() ? "there is no configuration: name it in RECORTE_CONFIG"
                          : file.string() + " lists none"));
  return out;
}

}  // namespace

int fetch() {
  const auto ready = service();
  if (ready) {
    (*ready)->serve(remote::kLinkDescriptor, {});
    return 0;
  }
  while (const auto question = remote::receive_question(remote::kLinkDescriptor)) {
    remote::Answer answer;
    answer.id = question->id;
    answer.status = fail(ready.error());
    if (!question->uri.empty() && !remote::send(remote::kLinkDescriptor, answer)) break;
  }
  return 0;
}

}  // namespace recorte::command
