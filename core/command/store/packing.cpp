// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte plugin bundle` and `key`: what authors do.
#include "core/bundle/write_bundle.hpp"
#include "core/command/store/commands.hpp"
#include "core/command/tools/tools.hpp"

#include <cstdio>
#include <optional>

namespace recorte::command {

int make_bundle(const BundleOptions& options) {
  auto contents = bundle::gather(options.source);
  if (!contents) return complain(contents.error());
  std::optional<bundle::SigningKey> key;
  if (!options.key.empty()) {
    auto read = bundle::SigningKey::read(options.key);
    if (!read) return complain(read.error());
    key = *std::move(read);
  }
  const auto& manifest = contents->manifest;
  const auto file = options.output.empty()
                        ? std::filesystem::path(manifest.id + "-" + manifest.version + ".recorte")
                        : options.output;
  if (auto written = bundle::write_bundle(file, *contents, key ? &*key : nullptr); !written)
    return complain(written.error());
  std::printf("%s: %s %s, %zu files, %s\n", file.c_str(), manifest.id.c_str(),
              manifest.version.c_str(), contents->members.size(),
              key ? ("signed with " + key->public_text()).c_str() : "not signed");
  for (const auto& lacking : contents->lacks)
    std::printf("it holds no %s; others would be glad of one\n", lacking.c_str());
  return 0;
}

int make_key(const std::string& name, std::filesystem::path file) {
  const auto key = bundle::SigningKey::make(name);
  if (!key) return complain(key.error());
  if (file.empty()) file = name + ".key";
  if (auto saved = key->save(file); !saved) return complain(saved.error());
  std::printf("%s\n", key->public_text().c_str());
  std::fprintf(stderr,
               "the secret half is in %s: keep it to yourself, and sign with recorte plugin bundle "
               "--sign; the line above is for [plugins] keys of those who trust you\n",
               file.c_str());
  return 0;
}

}  // namespace recorte::command
