// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/settings.hpp"
#include "core/config/settings_table.hpp"

#include <string>

namespace recorte::config {
namespace {

constexpr std::string_view kHead = R"(# Configuration: recorte.toml

Generated from the table in `core/config/settings_table.cpp`; the test
`config/Settings.ReferencePageIsCurrent` keeps it so.

Every key has a default, so that no file is needed. The file is TOML 1.0. A key or section that is not listed
here is refused with file, line and the nearest known one, as is a value of the wrong kind or out of its bounds,
with what may be written instead.

| kind | written as |
|---|---|
| size | `"64KiB"`, `"512MiB"`, `"2GiB"`, or a whole number of bytes |
| duration | `"4h30m20s"`, `"90s"`, `"0.5s"`, `"365d"` |
| path | a text; a relative one begins where the file stands, and so does the default |
| secret | where it is, as it never stands in the file itself: `{ env = "NAME" }`, a variable of the server's environment, or `{ file = "PATH" }`, a file that the server's user may read, without its last line end |

)";

constexpr std::string_view kProxy = R"(
## Behind a reverse proxy

Recorte speaks plain HTTP; TLS is the reverse proxy's. Three things make it right behind one:

- The proxy's address is in `trusted_proxies`. What it says in `X-Forwarded-For`, `X-Forwarded-Proto`,
  `X-Forwarded-Host`, `X-Forwarded-Prefix` or `Forwarded` (RFC 7239) then counts: the client's address, for
  limits and records, and the URL that the client used. What anyone else says there does not.
- `base_url` is the URL that clients use: scheme, host and, where the service is not at the root of the host, a
  path prefix. Every absolute URL in an answer begins with it. A slash at its end is dropped; a query is
  refused. Without it, a URL begins with what the trusted proxy says, else with the request's own `Host`.
- The prefix may stay on the path that the proxy passes on or be taken off: with
  `base_url = "https://cutouts.example.org/recorte"`, a request for `/recorte/api` and one for `/api` are the
  same.
)";

constexpr std::string_view kQuotas = R"(
## Whose limits count

`[quota.users.NAME]` and `[quota.groups.NAME]` may stand there for any number of names; one with other characters than
letters, digits, `-` and `_` is written between quotes: `[quota.users."ann@example.org"]`. `[quota.anonymous]` is for all
who are not signed in, together; `[quota.everyone]` for each user of whom nothing else is said. Of several groups the most
generous limit counts, of that and the user's own the strictest. [Quotas](quota.md) has the rules.
)";

constexpr std::string_view kWithoutAFile = R"(
Without a file, `data` begins in the current directory, and `surveys` is `surveys.d` in `data`.
)";

std::string default_text(const Key& key) {
  const auto text = value_toml(key, Settings{});
  const bool empty = text == "\"\"" || text == "[]";
  return empty && !key.unset.empty() ? std::string(key.unset) : "`" + text + "`";
}

/// Whatever a cell of a table holds, it is one.
std::string cell(std::string text) {
  for (auto at = text.find('|'); at != text.npos; at = text.find('|', at + 2))
    text.insert(at, "\\");
  return text;
}

void add_table(std::string& out, std::string_view section) {
  out += "| key | value | default | meaning |\n|---|---|---|---|\n";
  for (const auto& key : keys())
    if (key.section == section)
      out += "| `" + std::string(key.name) + "` | " + kind_text(key) + " | " +
             cell(default_text(key)) + " | " + std::string(key.help) + " |\n";
}

/// Every key, with its meaning and default above it.
std::string example_file() {
  std::string out;
  std::string_view section;
  for (const auto& key : keys()) {
    if (!out.empty()) out += '\n';
    if (key.section != section) out += "[" + std::string(section = key.section) + "]\n";
    std::string comment = std::string(key.help) + " Default: " + default_text(key) + ".";
    std::erase(comment, '`');
    out += "# " + comment + "\n" + std::string(key.name) + " = " + std::string(key.example) + "\n";
  }
  return out;
}

}  // namespace

std::string settings_markdown() {
  std::string out(kHead);
  out += "## At the top\n\n";
  add_table(out, "");
  out += kWithoutAFile;
  for (const auto section : sections()) {
    out += "\n## [" + std::string(section) + "]\n\n";
    add_table(out, section);
  }
  out += kQuotas;
  out += kProxy;
  return out + "\n## A complete file\n\n```toml\n" + example_file() + "```\n";
}

}  // namespace recorte::config
