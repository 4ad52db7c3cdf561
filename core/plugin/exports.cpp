// SPDX-License-Identifier: BSD-3-Clause
#include "core/plugin/exports.hpp"

#include <boost/dll/library_info.hpp>

namespace recorte::plugin {

Result<std::vector<std::string>> exported_symbols(const std::filesystem::path& file) {
  try {
    return boost::dll::library_info(file).symbols();
  } catch (const std::exception& e) {
    return fail(ErrorCode::kPlugin, file.string() + ": its symbols cannot be read: " + e.what());
  }
}

}  // namespace recorte::plugin
