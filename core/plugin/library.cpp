// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/library.hpp"

#include "core/plugin/known.hpp"

#include <boost/dll/shared_library.hpp>

#include <memory>
#include <mutex>
#include <vector>

namespace recorte::plugin {
namespace {

/// Keeps a library mapped until the process ends, when nothing is unmapped either.
void keep(std::unique_ptr<boost::dll::shared_library> library) {
  static std::mutex mutex;
  static auto* const kept = new std::vector<boost::dll::shared_library*>;
  const std::lock_guard lock(mutex);
  kept->push_back(library.release());
}

/// What dlerror said, out of Boost's sentence around it.
std::string dlerror_in(std::string_view what) {
  constexpr std::string_view kBefore = "(dlerror system message: ";
  const auto begin = what.find(kBefore);
  const auto end = what.rfind("): ");
  if (begin == what.npos || end == what.npos || end < begin) return std::string(what);
  return std::string(what.substr(begin + kBefore.size(), end - begin - kBefore.size()));
}

std::string abi_text(int major, int minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

bool complete(const recorte_survey& t) { return t.open && t.close && t.describe && t.find; }
bool complete(const recorte_algorithm& t) { return t.open && t.close && t.outline && t.run; }

/// The table of an interface that the manifest claims; none where it claims none.
template <class Table>
Status fetch(const recorte_plugin& plugin, const Manifest& manifest, const char* id,
             std::optional<Table>& out) {
  if (!manifest.provides(id)) return {};
  const auto wrong = [&](const std::string& why) {
    return fail(ErrorCode::kPlugin,
                std::string("its manifest claims ") + id + ", but the table " + why);
  };
  const auto* table = static_cast<const Table*>(plugin.get_interface(id));
  if (table == nullptr) return wrong("is not there");
  auto taken = known(table);
  if (!taken) return wrong("is too short: " + taken.error().message);
  if (!complete(*taken)) return wrong("lacks a function");
  out = *taken;
  return {};
}

Status check(const recorte_plugin& plugin) {
  if (plugin.abi_major != RECORTE_ABI_MAJOR || plugin.abi_minor > RECORTE_ABI_MINOR)
    return fail(ErrorCode::kPlugin,
                "its manifest claims the ABI of this host, but its entry speaks ABI " +
                    abi_text(plugin.abi_major, plugin.abi_minor) + ": let both say the same");
  if (!plugin.get_interface) return fail(ErrorCode::kPlugin, "its get_interface is null");
  return {};
}

}  // namespace

Result<Library> Library::load(const std::filesystem::path& file, const Host& host) {
  auto manifest = read_manifest(file);
  if (!manifest) return fail(std::move(manifest).error());
  const auto refuse = [&](const std::string& why) {
    return fail(ErrorCode::kPlugin, file.string() + ": " + why);
  };
  auto shared = std::make_unique<boost::dll::shared_library>();
  recorte_plugin_entry entry = nullptr;
  try {
    using boost::dll::load_mode::type;
    // The form that throws: the one with an error_code loses what dlerror said.
    shared->load(std::filesystem::absolute(file), type::rtld_local | type::rtld_now);
    if (!shared->has(RECORTE_ENTRY_SYMBOL))
      return keep(std::move(shared)),
             refuse("it exports no " RECORTE_ENTRY_SYMBOL ": end it with RECORTE_PLUGIN(…)");
    entry = &shared->get<std::remove_pointer_t<recorte_plugin_entry>>(RECORTE_ENTRY_SYMBOL);
  } catch (const std::exception& e) {
    return refuse("it cannot be loaded: " + dlerror_in(e.what()));
  }
  keep(std::move(shared));

  Library out;
  Status taken;
  const auto take = [&](const recorte_plugin* theirs) -> Status {
    auto plugin = known(theirs);
    if (!plugin) return fail(ErrorCode::kPlugin, "its " + plugin.error().message);
    RECORTE_TRY(check(*plugin));
    RECORTE_TRY(fetch(*plugin, *manifest, RECORTE_SURVEY_V1, out.survey_));
    return fetch(*plugin, *manifest, RECORTE_ALGORITHM_V1, out.algorithm_);
  };
  const auto called =
      call_plugin(file.string() + ": its entry", [&](recorte_error* error) -> recorte_status {
        const auto* plugin = entry(host.table(), error);
        if (plugin == nullptr) return error->code == RECORTE_OK ? RECORTE_INTERNAL : error->code;
        taken = take(plugin);
        return RECORTE_OK;
      });
  if (!called) return fail(ErrorCode::kPlugin, called.error().message);
  if (!taken) return refuse(taken.error().message);
  out.manifest_ = *std::move(manifest);
  return out;
}

}  // namespace recorte::plugin
