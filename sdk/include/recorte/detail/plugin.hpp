/// The trampolines between the C tables and the C++ classes, and the entry point: the only code
/// that knows both worlds.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "algorithm.hpp"
#include "indexed_survey.hpp"

#include <type_traits>

namespace recorte {
namespace detail {

/// Whether the host is new enough for the plugin.
inline bool speaks(const recorte_host& host, const recorte_plugin& plugin,
                   recorte_error* err) noexcept {
  if (host.abi_major == plugin.abi_major && host.abi_minor >= plugin.abi_minor) return true;
  char why[128];
  std::snprintf(why, sizeof why, "it needs ABI %d.%d, and this host speaks %d.%d: upgrade the host",
                plugin.abi_major, plugin.abi_minor, host.abi_major, host.abi_minor);
  fail(err, RECORTE_UNSUPPORTED, why);
  return false;
}

template <class T>
struct Instance {
  const recorte_host* host;
  std::unique_ptr<T> object;

  static recorte_status open(const recorte_host* host, const recorte_config* config, void** self,
                             recorte_error* err) noexcept {
    return guard(err, [&] {
      auto made = std::make_unique<T>(Config(Host(host), config));
      *self = new Instance{host, std::move(made)};
    });
  }
  static void close(void* self) noexcept { delete static_cast<Instance*>(self); }
  static T& of(void* self) { return *static_cast<Instance*>(self)->object; }
  static Job job(void* self, const recorte_job* job) {
    return {static_cast<Instance*>(self)->host, job};
  }
};

template <class T>
inline constexpr recorte_survey survey_table = {
    sizeof(recorte_survey),
    0,
    &Instance<T>::open,
    &Instance<T>::close,
    [](void* self, const recorte_text_sink* out, recorte_error* err) noexcept -> recorte_status {
      return guard(err, [&] { out->write(out, str(Instance<T>::of(self).describe().json())); });
    },
    [](void* self, const recorte_call* call, const recorte_query* query,
       const recorte_source_sink* out, recorte_error* err) noexcept -> recorte_status {
      return guard(err, [&] {
        Call(call).checkpoint();
        Instance<T>::of(self).find(Query(query), Sources(out), Call(call));
      });
    }};

template <class T>
inline constexpr recorte_algorithm algorithm_table = {
    sizeof(recorte_algorithm),
    0,
    &Instance<T>::open,
    &Instance<T>::close,
    [](void* self, const recorte_job* job, recorte_error* err) noexcept -> recorte_status {
      return guard(err, [&] { Instance<T>::of(self).outline(Instance<T>::job(self, job)); });
    },
    [](void* self, const recorte_job* job, recorte_error* err) noexcept -> recorte_status {
      return guard(err, [&] { Instance<T>::of(self).run(Instance<T>::job(self, job)); });
    }};

}  // namespace detail

/// Maps an interface id to the table for T, or nullptr.
template <class T>
const void* provides(const char* id) noexcept {
  if (std::strcmp(id, T::interface) != 0) return nullptr;
  if constexpr (std::is_base_of_v<Survey, T>)
    return &detail::survey_table<T>;
  else
    return &detail::algorithm_table<T>;
}

template <auto... Provides>
const void* first_of(const char* id) noexcept {
  const void* found = nullptr;
  ((found = found ? found : Provides(id)), ...);
  return found;
}

}  // namespace recorte

/// Once a plugin, at namespace scope. RECORTE_MANIFEST_JSON is the text of plugin.json, supplied by
/// recorte_add_plugin().
#define RECORTE_PLUGIN(...)                                                             \
  RECORTE_EMBED_MANIFEST(RECORTE_MANIFEST_JSON);                                        \
  RECORTE_EXPORT const recorte_plugin* recorte_plugin_v1(const recorte_host* host,      \
                                                         recorte_error* err) noexcept { \
    static constexpr recorte_plugin plugin = {sizeof(recorte_plugin),                   \
                                              RECORTE_ABI_MAJOR,                        \
                                              RECORTE_TARGET_MINOR,                     \
                                              recorte_manifest_text,                    \
                                              &recorte::first_of<__VA_ARGS__>,          \
                                              nullptr};                                 \
    return recorte::detail::speaks(*host, plugin, err) ? &plugin : nullptr;             \
  }
