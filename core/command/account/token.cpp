// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/token.hpp"

#include "core/base/id.hpp"
#include "core/base/text.hpp"
#include "core/base/time.hpp"
#include "core/command/account/account.hpp"
#include "core/command/account/place.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace recorte::command {
namespace {

constexpr std::size_t kIdBytes = 6;

struct Options {
  std::string user, name, scopes, expires = "90d", id;
};

Status create(Place& place, const Options& options) {
  const auto user = place.accounts->find(options.user);
  if (!user) return fail(user.error());
  account::Token token;
  token.id = random_hex(kIdBytes);
  token.user = user->name;
  token.name = options.name;
  token.created = now_micros();
  if (!options.scopes.empty()) {
    auto scopes = account::parse_scopes(words_of(options.scopes));
    if (!scopes) return fail(std::move(scopes).error());
    token.scopes = std::move(*scopes);
  }
  if (options.expires != "never") {
    const auto age = parse_duration(options.expires);
    if (!age) return fail(age.error());
    if (*age <= 0)
      return fail(ErrorCode::kUsage,
                  "'" + options.expires + "' is no time to live; give one such as 90d, or 'never'");
    token.expires = token.created + *age;
  }
  const auto text = account::new_token();
  RECORTE_TRY(place.tokens->add(token, place.keys.key("token").hash_of(text)));
  place.note("token", token.id,
             "made for " + token.user + ", for " + join(account::scope_words(token.scopes), ", "));
  std::printf("token %s of %s, until %s; it is shown this once:\n%s\n", token.id.c_str(),
              token.user.c_str(), token.expires == 0 ? "revoked" : time_text(token.expires).c_str(),
              text.c_str());
  return {};
}

Status list(Place& place, const Options& options) {
  const auto tokens = place.tokens->list(options.user);
  if (!tokens) return fail(tokens.error());
  std::vector<std::vector<std::string>> rows{
      {"token", "user", "name", "for", "made", "until", "last used", "state"}};
  for (const auto& token : *tokens)
    rows.push_back({token.id, token.user, token.name.empty() ? "-" : token.name,
                    join(account::scope_words(token.scopes), ","), time_text(token.created),
                    time_text(token.expires), time_text(token.used),
                    token.revoked != 0 ? "revoked" : "good"});
  print_table(rows);
  return {};
}

Status revoke(Place& place, const Options& options) {
  RECORTE_TRY(place.tokens->revoke(options.id, ""));
  place.note("token", options.id, "revoked");
  std::printf("revoked %s\n", options.id.c_str());
  return {};
}

}  // namespace

int token(int argc, char** argv) {
  CLI::App app("Looks after the tokens of users.", "recorte token");
  Options options;
  Commands commands;
  auto& made = commands.add(app, "create", "Makes a token, and prints it as the last word",
                            [&](Place& place) { return create(place, options); });
  made.add_option("--user", options.user, "Whose it is")->required();
  made.add_option("--name", options.name, "What it is called in lists");
  made.add_option("--scopes", options.scopes,
                  "What it is for: read, submit, admin, survey:NAME; all where left out");
  made.add_option("--expires", options.expires, "After which it is no good: 90d, 12h, never")
      ->capture_default_str();
  commands
      .add(app, "list", "Says which there are", [&](Place& place) { return list(place, options); })
      .add_option("--user", options.user, "Of this user alone");
  commands
      .add(app, "revoke", "Ends a token at once",
           [&](Place& place) { return revoke(place, options); })
      .add_option("TOKEN", options.id, "Its id, as in the list")
      ->required();
  return commands.run(app, argc, argv);
}

}  // namespace recorte::command
