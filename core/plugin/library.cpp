// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/library.hpp"

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

std::string complaint(const recorte_survey& table) {
  if (table.struct_size < sizeof table) return "is too short for it";
  return table.open && table.close && table.describe && table.find ? "" : "lacks a function";
}

std::string complaint(const recorte_algorithm& table) {
  if (table.struct_size < sizeof table) return "is too short for it";
  return table.open && table.close && table.outline && table.run ? "" : "lacks a function";
}

/// The table of an interface that the manifest claims; what is wrong with it goes to `problem`.
template <class Table>
const Table* fetch(const recorte_plugin& plugin, const Manifest& manifest, const char* id,
                   std::string& problem) {
  if (!manifest.provides(id) || !problem.empty()) return nullptr;
  const auto* table = static_cast<const Table*>(plugin.get_interface(id));
  const auto wrong = table == nullptr ? "is not there" : complaint(*table);
  if (!wrong.empty())
    problem = std::string("its manifest claims ") + id + ", but the table " + wrong;
  return table;
}

std::string complaint(const recorte_plugin& plugin) {
  if (plugin.struct_size < offsetof(recorte_plugin, shutdown))
    return "its recorte_plugin has " + std::to_string(plugin.struct_size) +
           " bytes, too few for ABI " + abi_text(RECORTE_ABI_MAJOR, RECORTE_ABI_MINOR);
  if (plugin.abi_major != RECORTE_ABI_MAJOR || plugin.abi_minor > RECORTE_ABI_MINOR)
    return "its manifest claims the ABI of this host, but its entry speaks ABI " +
           abi_text(plugin.abi_major, plugin.abi_minor) + ": rebuild it with the SDK of this host";
  return plugin.get_interface ? "" : "its get_interface is null";
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
  std::string problem;
  const auto called =
      call_plugin(file.string() + ": its entry", [&](recorte_error* error) -> recorte_status {
        const auto* plugin = entry(host.table(), error);
        if (plugin == nullptr) return error->code == RECORTE_OK ? RECORTE_INTERNAL : error->code;
        problem = complaint(*plugin);
        if (!problem.empty()) return RECORTE_OK;
        out.survey_ = fetch<recorte_survey>(*plugin, *manifest, RECORTE_SURVEY_V1, problem);
        out.algorithm_ =
            fetch<recorte_algorithm>(*plugin, *manifest, RECORTE_ALGORITHM_V1, problem);
        return RECORTE_OK;
      });
  if (!called) return fail(ErrorCode::kPlugin, called.error().message);
  if (!problem.empty()) return refuse(problem);
  out.manifest_ = *std::move(manifest);
  return out;
}

}  // namespace recorte::plugin
