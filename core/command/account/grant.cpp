// SPDX-License-Identifier: BSD-3-Clause
//
// `recorte grant`.
#include "core/account/grant.hpp"

#include "core/base/text.hpp"
#include "core/command/account/account.hpp"
#include "core/command/account/desk.hpp"
#include "core/command/tools/columns.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>
#include <string>
#include <vector>

namespace recorte::command {
namespace {

struct Options {
  std::vector<std::string> words;
  bool json = false;
};

Result<account::Grant> grant_of(const Options& o) {
  return account::parse_grant(join(o.words, " "));
}

Status add(Desk& desk, const Options& o) {
  const auto grant = grant_of(o);
  if (!grant) return fail(grant.error());
  RECORTE_TRY(desk.accounts().add(*grant));
  const auto sentence = account::grant_text(*grant);
  RECORTE_TRY(desk.note("admin", sentence, "granted"));
  std::printf("granted: %s\n", sentence.c_str());
  return {};
}

Status remove(Desk& desk, const Options& o) {
  const auto grant = grant_of(o);
  if (!grant) return fail(grant.error());
  RECORTE_TRY(desk.accounts().remove(*grant));
  const auto sentence = account::grant_text(*grant);
  RECORTE_TRY(desk.note("admin", sentence, "no longer granted"));
  std::printf("no longer granted: %s\n", sentence.c_str());
  return {};
}

Status list(Desk& desk, const Options& o) {
  const auto grants = desk.accounts().grants();
  if (!grants) return fail(grants.error());
  auto json = nlohmann::ordered_json::array();
  Table table({"grant", "by"});
  const auto tell = [&](const std::string& sentence, const char* by) {
    json.push_back({{"grant", sentence}, {"by", by}});
    table.add({printable(sentence), by});
  };
  for (const auto& grant : *grants) tell(account::grant_text(grant), "command");
  for (const auto& sentence : desk.settings().auth.grants) tell(sentence, "configuration");
  if (o.json)
    std::printf("%s\n",
                json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
  else
    table.print();
  return {};
}

}  // namespace

int grant(int argc, char** argv) {
  CLI::App app("Looks after rights: 'group des may read on survey des_y6'.", "recorte grant");
  Options o;
  DeskCommands commands(app);
  const auto with_sentence = [&](CLI::App* sub) {
    sub->add_option("SENTENCE", o.words, "<subject> may <action> on <resource>")->required();
  };
  with_sentence(commands.add("add", "Grants it", [&o](Desk& desk) { return add(desk, o); }));
  with_sentence(
      commands.add("remove", "Takes it back", [&o](Desk& desk) { return remove(desk, o); }));
  commands
      .add("list", "What is granted, here and by [auth] grants",
           [&o](Desk& desk) { return list(desk, o); })
      ->add_flag("--json", o.json, "As JSON");
  return commands.run(argc, argv);
}

}  // namespace recorte::command
