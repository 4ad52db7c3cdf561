/// What the commands of this folder do, once their options are read. Each returns an exit status,
/// and has said what went wrong. Private to this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/command/store/place.hpp"

#include <filesystem>
#include <string>

namespace recorte::command {

struct BundleOptions {
  std::filesystem::path source, output, key;
};
int make_bundle(const BundleOptions& options);
int make_key(const std::string& name, std::filesystem::path file);

struct ChangeOptions {
  Place place;
  std::filesystem::path bundle;
  std::string name;  ///< "des@1.2.0"
  bool enable = false, only = false, force = false;
};
int install(const ChangeOptions& options);
int enable(const ChangeOptions& options);
int disable(const ChangeOptions& options);
int remove(const ChangeOptions& options);

int list_plugins(const Place& place);
int show_plugin(const Place& place, const std::string& name);

}  // namespace recorte::command
