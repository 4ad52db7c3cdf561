// SPDX-License-Identifier: BSD-3-Clause
#include "core/command/author/author.hpp"

#include "core/check/check.hpp"
#include "core/check/trial.hpp"
#include "core/command/author/new_plugin.hpp"
#include "core/command/tools/tools.hpp"
#include "core/cutout/parameters.hpp"

#include <CLI/CLI.hpp>

#include <cmath>
#include <cstdio>

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

int run(const check::Trial& trial) {
  const auto report = check::try_plugin(trial);
  if (!report) return complain(report.error());
  std::fputs(report->c_str(), stdout);
  return 0;
}

void add_survey(CLI::App* command, std::filesystem::path& survey) {
  command->add_option("--survey", survey,
                      "A survey's TOML file: of an adapter, one that it serves; of an algorithm, "
                      "images, else the demo sky");
}

void add_timeout(CLI::App* command, check::Limits& limits, const char* what) {
  command
      ->add_option_function<double>(
          "--timeout", [&limits](double s) { limits.timeout_ms = std::llround(1000 * s); }, what)
      ->check(CLI::Range(0.1, 86'400.0))
      ->default_str(std::to_string(limits.timeout_ms / 1000));
}

/// Parameters of a request, as in `recorte cut`.
void add_parameters(CLI::App* command, check::Trial& trial) {
  for (const std::string name : {"ra", "dec", "size", "bands", "planes", "param", "format"}) {
    const auto* row = cutout::find_parameter(name);
    command
        ->add_option_function<std::vector<std::string>>(
            "--" + name,
            [&trial, name](const std::vector<std::string>& values) {
              for (const auto& value : values) trial.parameters.emplace_back(name, value);
            },
            std::string(row->help))
        ->type_name(std::string(row->syntax))
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }
  command->get_option("--ra")->required();
  command->get_option("--dec")->required();
}

}  // namespace

std::function<std::optional<int>()> add_author_commands(CLI::App& plugin) {
  struct All {
    New made;
    check::Options checked;
    check::Trial tried;
  };
  const auto all = std::make_shared<All>();
  auto* made = plugin.add_subcommand("new", "Begins a plugin: a folder with a project that builds");
  made->add_option("KIND", all->made.kind, "survey or algorithm")
      ->required()
      ->check(CLI::IsMember({"survey", "algorithm"}));
  made->add_option("NAME", all->made.name, "Its id, and the folder's name")->required();

  auto* checked = plugin.add_subcommand(
      "check", "Tests whether a plugin keeps the contract; the report is TAP, version 14");
  checked->add_option("FILE", all->checked.file, "The library")->required();
  add_survey(checked, all->checked.survey);
  add_timeout(checked, all->checked.limits, "Seconds that one test may take");
  checked->add_option("--memory", all->checked.limits.memory, "Memory that one may take: 512MiB")
      ->transform(CLI::AsSizeValue(false))
      ->default_str("2GiB");

  auto* tried = plugin.add_subcommand(
      "try", "Runs a plugin at one place of the sky, and says what came of it");
  tried->add_option("FILE", all->tried.file, "The library")->required();
  add_survey(tried, all->tried.survey);
  add_parameters(tried, all->tried);
  tried->add_option("-o,--output", all->tried.output, "The file that the product is written to");
  add_timeout(tried, all->tried.limits, "Seconds that it may take");

  return [=]() -> std::optional<int> {
    if (made->parsed()) return run(all->made);
    if (checked->parsed()) return run(all->checked);
    if (tried->parsed()) return run(all->tried);
    return {};
  };
}

}  // namespace recorte::command
