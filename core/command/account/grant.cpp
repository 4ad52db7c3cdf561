// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/grant.hpp"

#include "core/command/account/account.hpp"
#include "core/command/account/place.hpp"

#include <cstdio>
#include <string>

namespace recorte::command {
namespace {

Status change(Place& place, const std::string& sentence, bool add) {
  const auto grant = account::parse_grant(sentence);
  if (!grant) return fail(grant.error());
  const auto text = account::grant_text(*grant);
  if (add)
    RECORTE_TRY(place.accounts->add(*grant));
  else
    RECORTE_TRY(place.accounts->remove(*grant));
  place.note("grant", text, add ? "granted" : "taken back");
  std::printf("%s: %s\n", add ? "granted" : "taken back", text.c_str());
  return {};
}

Status list(Place& place) {
  const auto grants = place.accounts->grants();
  if (!grants) return fail(grants.error());
  for (const auto& grant : *grants) std::printf("%s\n", account::grant_text(grant).c_str());
  return {};
}

}  // namespace

int grant(int argc, char** argv) {
  CLI::App app("Looks after rights: '<subject> may <action> on <resource>'.", "recorte grant");
  std::string sentence;
  Commands commands;
  const auto with_sentence = [&](CLI::App& sub) {
    sub.add_option("SENTENCE", sentence, "'group des may read on survey des_y6'")->required();
  };
  with_sentence(commands.add(app, "add", "Grants a right",
                             [&](Place& place) { return change(place, sentence, true); }));
  with_sentence(commands.add(app, "remove", "Takes it back",
                             [&](Place& place) { return change(place, sentence, false); }));
  commands.add(app, "list", "Says which there are, besides those of the configuration", list);
  return commands.run(app, argc, argv);
}

}  // namespace recorte::command
