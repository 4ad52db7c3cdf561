/// A plugin's library, loaded into the test.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "host.hpp"
#include "services.hpp"

#include <dlfcn.h>

namespace recorte::testkit {

class Plugin {
 public:
  /// Gives `host` the kit's services, where it has none of that id, and loads the library, which is
  /// never unmapped. Throws recorte::Error with what dlerror or the plugin says.
  Plugin(Host& host, const std::string& file) : host_(&host) {
    offer_services(host);
    // A name without a slash would be looked for where the system keeps its libraries.
    const auto path = file.find('/') == file.npos ? "./" + file : file;
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) throw Error(RECORTE_UNSUPPORTED, ::dlerror());
    const auto entry =
        reinterpret_cast<recorte_plugin_entry>(::dlsym(library, RECORTE_ENTRY_SYMBOL));
    if (!entry) throw Error(RECORTE_UNSUPPORTED, file + " exports no " RECORTE_ENTRY_SYMBOL);
    recorte_error error{sizeof error, 0, ""};
    plugin_ = entry(host.table(), &error);
    if (!plugin_) throw Error(error.code, error.message);
  }

  Host& host() const { return *host_; }
  /// plugin.json.
  std::string_view manifest() const { return plugin_->manifest; }
  /// The table of an interface; throws where the plugin does not provide it.
  template <class Table>
  const Table& interface(const char* id) const {
    if (const auto* table = static_cast<const Table*>(plugin_->get_interface(id))) return *table;
    throw Error(RECORTE_UNSUPPORTED, std::string("the plugin does not provide ") + id);
  }

 private:
  Host* host_;
  const recorte_plugin* plugin_;
};

namespace detail {

/// An open instance of an interface.
template <class Table>
class Open {
 public:
  Open(const Plugin& plugin, const char* id, std::string_view settings)
      : host_(&plugin.host()), table_(&plugin.interface<Table>(id)), settings_(settings) {
    recorte::detail::check(
        [&](recorte_error* e) { return table_->open(host_->table(), settings_.raw(), &self_, e); });
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;
  ~Open() { table_->close(self_); }

  Host* host_;
  const Table* table_;
  Settings settings_;
  void* self_ = nullptr;
};

}  // namespace detail
}  // namespace recorte::testkit
