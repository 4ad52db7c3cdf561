// SPDX-License-Identifier: BSD-3-Clause
#include "core/store/shards.hpp"

#include "core/base/io.hpp"
#include "core/base/version.hpp"

#include <dlfcn.h>

namespace recorte::store {

Result<std::unique_ptr<ShardWriter>> open_shards(const ShardOptions& options) {
  constexpr auto kFile = "recorte-hdf5.so";
  std::string tried;
  for (const auto* directory : {"../modules", "../lib/recorte"}) {
    const auto path = program_directory() / directory / kFile;
    std::error_code error;
    if (!std::filesystem::exists(path, error)) {
      tried += (tried.empty() ? "" : " and ") + path.lexically_normal().string();
      continue;
    }
    // Never unloaded: libhdf5 registers what it does at exit.
    void* library = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) return fail(ErrorCode::kUnsupported, std::string("no HDF5: ") + ::dlerror());
    const auto* module = static_cast<const ShardModule*>(::dlsym(library, "recorte_hdf5"));
    if (!module || version() != module->version)
      return fail(ErrorCode::kUnsupported, "no HDF5: " + path.string() +
                                               " is not of this version of Recorte (" +
                                               std::string(version()) + "); install both together");
    return module->open(options);
  }
  return fail(ErrorCode::kUnsupported, "no HDF5: there is no " + tried);
}

}  // namespace recorte::store
