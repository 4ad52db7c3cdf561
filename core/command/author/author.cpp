// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/author/author.hpp"

#include "core/command/author/new_plugin.hpp"
#include "core/command/tools/tools.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>

namespace recorte::command {
namespace {

struct New {
  std::string kind, name;
};

int run(const New& wanted) {
  const auto made = new_plugin(wanted.kind, wanted.name, "");
  if (!made) return complain(made.error());
  for (const auto& file : *made) std::printf("%s\n", file.c_str());
  std::printf("\n%s/README.md says how to build, test and try it, and what to fill in.\n",
              wanted.name.c_str());
  return 0;
}

}  // namespace

std::function<std::optional<int>()> add_author_commands(CLI::App& plugin) {
  auto wanted = std::make_shared<New>();
  auto* made = plugin.add_subcommand("new", "Begins a plugin: a folder with a project that builds");
  made->add_option("KIND", wanted->kind, "survey or algorithm")
      ->required()
      ->check(CLI::IsMember({"survey", "algorithm"}));
  made->add_option("NAME", wanted->name, "Its id, and the folder's name")->required();
  return [=]() -> std::optional<int> {
    if (made->parsed()) return run(*wanted);
    return {};
  };
}

}  // namespace recorte::command
