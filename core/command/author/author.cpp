// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/author/author.hpp"

#include "core/check/check.hpp"
#include "core/command/author/new_plugin.hpp"
#include "core/command/tools/tools.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
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

int run(const check::Options& options) {
  const auto good = check::check(options, stdout);
  if (!good) return complain(good.error());
  return *good ? 0 : error_row(ErrorCode::kPlugin).exit_code;
}

}  // namespace

std::function<std::optional<int>()> add_author_commands(CLI::App& plugin) {
  auto wanted = std::make_shared<New>();
  auto* made = plugin.add_subcommand("new", "Begins a plugin: a folder with a project that builds");
  made->add_option("KIND", wanted->kind, "survey or algorithm")
      ->required()
      ->check(CLI::IsMember({"survey", "algorithm"}));
  made->add_option("NAME", wanted->name, "Its id, and the folder's name")->required();

  auto checked = std::make_shared<check::Options>();
  auto* check = plugin.add_subcommand(
      "check", "Tests whether a plugin keeps the contract; the report is TAP, version 14");
  check->add_option("FILE", checked->file, "The library")->required();
  check->add_option(
      "--survey", checked->survey,
      "A survey's TOML file: of an adapter, one that it serves; of an algorithm, images "
      "to try it on instead of the demo sky");
  check
      ->add_option_function<double>(
          "--timeout", [=](double s) { checked->limits.timeout_ms = std::llround(1000 * s); },
          "Seconds that one check may take")
      ->check(CLI::Range(0.1, 86'400.0))
      ->default_str("20");

  return [=]() -> std::optional<int> {
    if (made->parsed()) return run(*wanted);
    if (check->parsed()) return run(*checked);
    return {};
  };
}

}  // namespace recorte::command
