// SPDX-License-Identifier: BSD-3-Clause
//
// Bundles from anybody: a tar, packed or not, of members that its first lists. Nothing is written
// but what is listed, and no name leads out.
#include "core/base/sha256.hpp"
#include "core/bundle/open_bundle.hpp"
#include "core/bundle/scratch.hpp"
#include "memory_file.hpp"

#include <unistd.h>

#include <filesystem>

namespace recorte::fuzz {
namespace {

namespace fs = std::filesystem;

const bundle::Rules kRules{
    {*bundle::parse_public_key("team:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")}, true};

}  // namespace

void attempt(std::string_view input) {
  if (const auto sums = bundle::parse_sums(input)) {
    const auto again = bundle::parse_sums(bundle::sums_text(*sums));
    require(again && *again == *sums, "checksums read back");
  }
  static const auto outer =
      fs::temp_directory_path() / ("recorte-fuzz-" + std::to_string(::getpid()));
  const bundle::Scratch scratch(outer);
  fs::create_directories(outer / "in");
  const MemoryFile file(input);
  const auto opened = bundle::unpack(file.path(), outer / "in", kRules);
  for (const auto& entry : fs::directory_iterator(outer))
    require(entry.path().filename() == "in", "no member leads out");
  if (!opened) return;
  require(opened->signer.empty(), "nobody signs by chance");
  for (const auto& entry : fs::recursive_directory_iterator(outer / "in")) {
    if (entry.is_directory()) continue;
    require(entry.is_regular_file() && !entry.is_symlink(), "members are files");
    const auto name = fs::relative(entry.path(), outer / "in").string();
    const auto listed = opened->sums.find(name);
    require(name == bundle::kSums || listed != opened->sums.end(), "what is there is listed");
    if (listed != opened->sums.end())
      require(*sha256_of(entry.path()) == listed->second, "members are what is listed");
  }
}

}  // namespace recorte::fuzz
