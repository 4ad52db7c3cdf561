// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/settings.hpp"

#include "core/base/io.hpp"
#include "core/config/document.hpp"
#include "core/config/settings_table.hpp"
#include "tests/unit/tree.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <set>

namespace recorte::config {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr const char* kFile = "/etc/recorte/recorte.toml";

Result<Settings> read(std::string_view text) {
  const auto document = parse_toml(text, kFile);
  if (!document) return fail(document.error());
  return settings_of(*document);
}

/// What an empty file gives: the defaults, with the paths of the file.
Settings defaults() {
  Settings settings;
  settings.data = "/etc/recorte/recorte-data";
  settings.surveys = "/etc/recorte/surveys.d";
  return settings;
}

void expect_same(const Result<Settings>& a, const Settings& b) {
  ASSERT_TRUE(a) << a.error().message;
  for (const auto& key : keys()) {
    if (key.unset == "needed") continue;
    EXPECT_EQ(value_toml(key, *a), value_toml(key, b)) << key.name;
  }
}

TEST(Settings, AnEmptyFileGivesTheDefaults) {
  expect_same(read(""), defaults());
  expect_same(read("[server]\n[server.limits]\n[workers]\n[log]\n[records]\n"), defaults());
}

TEST(Settings, EveryKeyIsRead) {
  const auto r = read(R"(
data = "/var/lib/recorte"
surveys = "../surveys"
[plugins]
directories = ["/opt/plugins", "more"]
store = "/srv/plugins"
keys = ["team:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="]
unsigned = false
[server]
listen = "[::]:0"
base_url = "https://a.org/x/"
trusted_proxies = ["10.0.0.0/8"]
cors_origins = []
grace = "1m30s"
reactors = 4
[server.limits]
head = "8KiB"
body = 1000
bodies = "1GiB"
parameters = 5
connections = 6
connections_per_address = 7
requests_per_second = 8
burst = 9
header_timeout = "10s"
body_timeout = "11s"
idle_timeout = "12s"
write_timeout = "0.5s"
slowest = 0
handlers = 14
waiting = 15
[workers]
count = 16
memory = "1.5GiB"
timeout = "18s"
max_pixels = 19
waiting = 20
product_in_memory = 21
[cache]
open_files = 17
unpacked = "3GiB"
decoded_tiles = "5MiB"
seek_points = 0

[database]
url = "postgresql://ann@db/sky"
[log]
level = "debug"
format = "json"
[records]
keep = "365d"
waiting = 22
)");
  ASSERT_TRUE(r) << r.error().message;
  constexpr Micros kSecond = 1'000'000;
  EXPECT_EQ(r->data, "/var/lib/recorte");
  EXPECT_EQ(r->surveys, "/etc/surveys");
  EXPECT_EQ(r->plugins.store, "/srv/plugins");
  EXPECT_THAT(r->plugins.keys, ElementsAre("team:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="));
  EXPECT_FALSE(r->plugins.accept_unsigned);
  EXPECT_THAT(r->plugins.directories, ElementsAre("/opt/plugins", "/etc/recorte/more"));
  EXPECT_EQ(r->server.listen, "[::]:0");
  EXPECT_EQ(r->server.base_url, "https://a.org/x");
  EXPECT_THAT(r->server.trusted_proxies, ElementsAre("10.0.0.0/8"));
  EXPECT_THAT(r->server.cors_origins, IsEmpty());
  EXPECT_EQ(r->database.url, "postgresql://ann@db/sky");
  EXPECT_EQ(r->server.grace, 90 * kSecond);
  EXPECT_EQ(r->server.reactors, 4);
  const auto& limits = r->limits;
  EXPECT_EQ(limits.head, 8192);
  EXPECT_EQ(limits.body, 1000);
  EXPECT_EQ(limits.bodies, 1 << 30);
  EXPECT_EQ(limits.parameters, 5);
  EXPECT_EQ(limits.connections, 6);
  EXPECT_EQ(limits.connections_per_address, 7);
  EXPECT_EQ(limits.requests_per_second, 8);
  EXPECT_EQ(limits.burst, 9);
  EXPECT_EQ(limits.header_timeout, 10 * kSecond);
  EXPECT_EQ(limits.body_timeout, 11 * kSecond);
  EXPECT_EQ(limits.idle_timeout, 12 * kSecond);
  EXPECT_EQ(limits.write_timeout, kSecond / 2);
  EXPECT_EQ(limits.slowest, 0);
  EXPECT_EQ(limits.handlers, 14);
  EXPECT_EQ(limits.waiting, 15);
  EXPECT_EQ(r->cache.open_files, 17);
  EXPECT_EQ(r->cache.unpacked, 3LL << 30);
  EXPECT_EQ(r->cache.decoded_tiles, 5 << 20);
  EXPECT_EQ(r->cache.seek_points, 0);
  EXPECT_EQ(r->workers.count, 16);
  EXPECT_EQ(r->workers.memory, 3LL << 29);
  EXPECT_EQ(r->workers.timeout, 18 * kSecond);
  EXPECT_EQ(r->workers.max_pixels, 19);
  EXPECT_EQ(r->workers.waiting, 20);
  EXPECT_EQ(r->workers.product_in_memory, 21);
  EXPECT_EQ(r->log.level, "debug");
  EXPECT_EQ(r->log.format, "json");
  EXPECT_EQ(r->records.keep, 365 * 86'400 * kSecond);
  EXPECT_EQ(r->records.waiting, 22);
}

TEST(Settings, QuotasAreByNames) {
  const auto r = read(R"(
[quota]
block = 7
[quota.everyone]
cutouts_per_day = 0
bytes = "10GiB"
[quota.anonymous]
jobs = 1
[quota.users.ann]
cutouts_per_month = "unlimited"
running_jobs = 3
[quota.users."o.hara@example.org"]
positions_per_job = 4
[quota.groups.des]
worker_seconds_per_day = 5
bytes = "unlimited"
)");
  ASSERT_TRUE(r) << r.error().message;
  const auto& quota = r->quota;
  EXPECT_EQ(quota.block, 7);
  EXPECT_EQ(quota.everyone.cutouts_per_day, 0);
  EXPECT_EQ(quota.everyone.bytes, 10LL << 30);
  EXPECT_EQ(quota.everyone.jobs, std::nullopt);
  EXPECT_EQ(quota.anonymous.jobs, 1);
  ASSERT_EQ(quota.users.size(), 2U);
  EXPECT_EQ(quota.users.at("ann").cutouts_per_month, Settings::kUnlimited);
  EXPECT_EQ(quota.users.at("ann").running_jobs, 3);
  EXPECT_EQ(quota.users.at("ann").positions_per_job, std::nullopt);
  EXPECT_EQ(quota.users.at("o.hara@example.org").positions_per_job, 4);
  ASSERT_EQ(quota.groups.size(), 1U);
  EXPECT_EQ(quota.groups.at("des").worker_seconds_per_day, 5);
  EXPECT_EQ(quota.groups.at("des").bytes, Settings::kUnlimited);
  EXPECT_TRUE(defaults().quota.users.empty());
}

TEST(Settings, PathsAreTheFilesOwn) {
  const auto relative = parse_toml("data = \"d\"\n", "conf/recorte.toml");
  ASSERT_TRUE(relative);
  const auto r = settings_of(*relative);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->data, fs::current_path() / "conf/d");
  EXPECT_EQ(r->surveys, fs::current_path() / "conf/surveys.d");
}

TEST(Settings, SurveysAreInDataWithoutAFile) {
  Settings settings;
  EXPECT_EQ(surveys_directory(settings), "recorte-data/surveys.d");
  settings.data = "/var/lib/recorte";
  EXPECT_EQ(surveys_directory(settings), "/var/lib/recorte/surveys.d");
  settings.surveys = "/etc/recorte/surveys.d";
  EXPECT_EQ(surveys_directory(settings), "/etc/recorte/surveys.d");
}

TEST(Settings, AreReadFromAFile) {
  const auto path = fs::path(testing::TempDir()) / "settings_test.toml";
  ASSERT_TRUE(write_file(path, "[log]\nlevel = \"warn\"\n"));
  const auto r = read_settings(path);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->log.level, "warn");
  fs::remove(path);
  const auto missing = read_settings(path);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::kNotFound);
  EXPECT_THAT(missing.error().message, HasSubstr(path.string()));
}

#define AS "aaaaaaaaaaa"

struct Complaint {
  const char* text;
  int line;
  const char* sentence;
};

TEST(Settings, EveryComplaintNamesLineValueAndRemedy) {
  const Complaint cases[] = {
      // Not TOML.
      {"[server]\nlisten = 127.0.0.1:8080\n", 2, "this is not TOML: "},
      {"[log]\nlevel = \"info\"\nlevel = \"warn\"\n", 3, "this is not TOML: "},
      // Unknown names.
      {"[server]\nlisen = \"a:1\"\n", 2, "unknown key 'lisen' in [server]; did you mean listen?"},
      {"[server.limits]\n\nHead = 1\n", 3,
       "unknown key 'Head' in [server.limits]; did you mean head?"},
      {"[log]\nxyzzyxyzzy = 1\n", 2, "unknown key 'xyzzyxyzzy' in [log]; known are level, format"},
      {"[server]\nbody = \"1MiB\"\n", 2,
       "unknown key 'body' in [server]; it belongs in [server.limits]"},
      {"[server]\ndata = \"x\"\n", 2,
       "unknown key 'data' in [server]; it belongs at the top of the file, before any section"},
      {"waiting = 3\n", 1,
       "unknown key 'waiting' at the top of the file, before any section; it belongs in "
       "[server.limits] or in [workers] or in [records]"},
      {"survey = \"x\"\n", 1,
       "unknown key 'survey' at the top of the file, before any section; did you mean surveys?"},
      {"\n[sever]\nlisten = \"a:1\"\n", 2, "unknown section [sever]; did you mean [server]?"},
      {"[server.limit]\nhead = 1\n", 1,
       "unknown section [server.limit]; did you mean [server.limits]?"},
      {"[observatory]\n", 1,
       "unknown section [observatory]; known are [plugins], [server], [server.limits], [workers], "
       "[sync], [cache], "},
      {"[[sever]]\n", 1, "unknown section [sever]; did you mean [server]?"},
      // Sections that are none.
      {"log = \"debug\"\n", 1, "'log' is a section, not \"debug\"; write [log]"},
      {"[server]\nlimits = 3\n", 2, "'server.limits' is a section, not 3; write [server.limits]"},
      {"[[workers]]\ncount = 1\n", 1,
       "'workers' is a section, not [{\"count\":1}]; write [workers]"},
      // Wrong kinds.
      {"[workers]\ncount = \"8\"\n", 2,
       "count: this is a whole number, not \"8\"; write count = 8"},
      {"[workers]\ncount = 8.0\n", 2, "count: this is a whole number, not 8; write count = 8"},
      {"[workers]\nmemory = 1.5\n", 2,
       "memory: this is a size, between quotes, or a whole number "
       "of bytes, not 1.5; write memory = \"4GiB\""},
      {"[server]\ngrace = 30\n", 2,
       "grace: this is a duration, between quotes, not 30; write grace = \"1m\""},
      {"[server.limits]\nrequests_per_second = true\n", 2,
       "requests_per_second: this is a number, not true; write requests_per_second = 50.0"},
      {"[server]\nlisten = 8080\n", 2,
       "listen: this is text, not 8080; write listen = \"127.0.0.1:8080\""},
      {"data = 1\n", 1,
       "data: this is a path, between quotes, not 1; write data = \"/var/lib/recorte\""},
      {"[data]\nx = 1\n", 1, "data: this is a path, between quotes, not {\"x\":1}; write data = "},
      {"[plugins]\ndirectories = \"/opt\"\n", 2,
       "directories: this is a list of paths, not \"/opt\"; write directories = ["},
      {"[plugins]\ndirectories = [\"/opt\", 1]\n", 2,
       "directories: this is a list of paths, not [\"/opt\",1]; write directories = ["},
      {"[plugins]\nkeys = [\"team\"]\n", 2,
       "keys: 'team' is no public key; write it as recorte plugin key printed it"},
      {"[server]\ncors_origins = \"*\"\n", 2,
       "cors_origins: this is a list of texts, not \"*\"; write cors_origins = ["},
      // A long value is cut short, between two characters.
      {"[server]\ncors_origins = [1, \"" AS AS AS AS AS "\xC3\xA4\xC3\xA4\"]\n", 2,
       "not [1,\"" AS AS AS AS AS "…; write cors_origins = ["},
      // Values that cannot be read.
      {"[workers]\nmemory = \"2GB\"\n", 2, "memory: '2GB' is not a size; write it as 64KiB"},
      {"[server]\ngrace = \"30\"\n", 2, "grace: '30' is not a duration; write it as"},
      {"[server]\nlisten = \"localhost\"\n", 2, "listen: 'localhost' has no port; write HOST:PORT"},
      {"[server]\nbase_url = \"a.org\"\n", 2, "base_url: 'a.org' is not an absolute http or https"},
      {"[server]\nbase_url = \"https://a.org/?x\"\n", 2, "'https://a.org/?x' has a query"},
      {"[server]\ntrusted_proxies = [\n \"10.0.0.0/8\",\n \"proxy\"]\n", 4,
       "trusted_proxies: 'proxy' is not an address or a network; write it as"},
      {"[server]\ncors_origins = [\"https://a.org/x\"]\n", 2,
       "cors_origins: 'https://a.org/x' is not an origin; write"},
      {"[log]\nlevel = \"warning\"\n", 2,
       "level: 'warning' is not one of trace, debug, info, warn, error; did you mean warn?"},
      {"[log]\nformat = \"xml-pretty\"\n", 2,
       "format: 'xml-pretty' is not one of auto, text, json"},
      {"data = \"\"\n", 1, "data: there is nothing in \"\"; write data = \"/var/lib/recorte\""},
      {"[plugins]\ndirectories = [\" \"]\n", 2,
       "directories: there is nothing in \" \"; write directories = ["},
      {"[server]\nlisten = \"\"\n", 2, "listen: there is nothing in \"\"; write listen = "},
      {"data = \"a\\u0000b\"\n", 1,
       "data: there is a control character in \"a\\u0000b\"; write data = "},
      // Out of bounds.
      {"[workers]\ncount = 1025\n", 2, "count: 1025 is out of bounds; write 0 to 1024"},
      {"[workers]\ncount = -1\n", 2, "count: -1 is out of bounds; write 0 to 1024"},
      {"[workers]\nmemory = \"1MiB\"\n", 2,
       "memory: \"1MiB\" is out of bounds; write \"64MiB\" to \"1TiB\""},
      {"[workers]\nmemory = 1000\n", 2, "memory: 1000 is out of bounds; write \"64MiB\""},
      {"[server]\ngrace = \"2h\"\n", 2, "grace: \"2h\" is out of bounds; write \"0s\" to \"1h\""},
      {"[server.limits]\nrequests_per_second = -0.5\n", 2,
       "requests_per_second: -0.5 is out of bounds; write 0 to"},
      {"[server.limits]\nrequests_per_second = nan\n", 2,
       "requests_per_second: nan is out of bounds"},
      {"[server.limits]\nrequests_per_second = inf\n", 2,
       "requests_per_second: inf is out of bounds"},
      // In sections with free names.
      {"[quota.users.ann]\ncutout_per_day = 1\n", 2,
       "unknown key 'cutout_per_day' in [quota.users.ann]; did you mean cutouts_per_day?"},
      {"[quota.users]\nann = 1\n", 2,
       "'quota.users.ann' is a section, not 1; write [quota.users.ann] on a line"},
      {"[quota]\nusers = 1\n", 2, "'quota.users' is a section, not 1"},
      {"[quota.user.ann]\njobs = 1\n", 1, "unknown section [quota.user]"},
      {"[quota.users.ann.jobs]\nx = 1\n", 1, "jobs: this is a whole number, or \"unlimited\", not"},
      {"[quota.users.ann.more]\nx = 1\n", 1, "unknown section [quota.users.ann.more]"},
      {"[quota.groups.des]\njobs = \"any\"\n", 2,
       "jobs: this is a whole number, or \"unlimited\", not \"any\"; write jobs = 20"},
      {"[quota.groups.des]\nbytes = \"2GB\"\n", 2, "bytes: '2GB' is not a size"},
      {"[quota.everyone]\njobs = -1\n", 2, "jobs: -1 is out of bounds; write 0 to"},
      // Values that do not go together.
      {"[server.limits]\nbodies = \"1GiB\"\nbody = \"2GiB\"\n", 3,
       "one body may have \"2GiB\", and all at once only \"1GiB\"; make 'bodies' at least"},
      {"[server.limits]\nbodies = \"1MiB\"\n", 2, "one body may have \"32MiB\", and all at once"},
  };
  for (const auto& c : cases) {
    const auto r = read(c.text);
    ASSERT_FALSE(r) << c.text;
    EXPECT_EQ(r.error().code, ErrorCode::kUsage) << c.text;
    EXPECT_THAT(r.error().message,
                StartsWith(std::string(kFile) + ":" + std::to_string(c.line) + ": "))
        << c.text;
    EXPECT_THAT(r.error().message, HasSubstr(c.sentence));
    EXPECT_THAT(r.error().message, testing::Not(HasSubstr("\n")));
  }
}

TEST(Settings, TheFirstComplaintInTheFileIsTheOneMade) {
  const auto r = read("surveys = 1\ndata = 2\n[workers]\ncount = \"x\"\n[log]\nlevel = 3\n");
  ASSERT_FALSE(r);
  EXPECT_THAT(r.error().message, HasSubstr(":1: surveys: "));
}

/// The file that says of every key what `value` does.
template <class Value>
std::string file_of(Value value) {
  std::string out;
  std::string_view section;
  for (const auto& key : keys()) {
    if (key.section != section) out += "[" + std::string(section = key.section) + "]\n";
    const std::string given(value(key));
    const auto text = given.empty() && key.unset == "needed" ? std::string(key.example) : given;
    if (!text.empty()) out += std::string(key.name) + " = " + text + "\n";
  }
  return out;
}

TEST(Settings, TheDefaultsMayBeWritten) {
  const auto r = read(file_of([](const Key& key) {
    const auto text = value_toml(key, Settings{});
    return key.unset.empty() ? text : std::string();
  }));
  expect_same(r, defaults());
}

TEST(Settings, BothBoundsMayBeWrittenAndNothingPastThem) {
  for (const auto& key : keys()) {
    if (key.low == key.high) continue;  // not a number
    const auto only = [&](double value) {
      return read(file_of([&](const Key& other) {
        if (&other == &key) return number_toml(key.kind, value);
        // So that any size of a body goes with it.
        return std::string(key.name == "body" && other.name == "bodies"   ? "\"1TiB\""
                           : key.name == "bodies" && other.name == "body" ? "1"
                                                                          : "");
      }));
    };
    const auto low = static_cast<double>(key.low);
    const auto high = static_cast<double>(key.high);
    EXPECT_TRUE(only(low)) << key.name << only(low).error().message;
    EXPECT_TRUE(only(high)) << key.name << only(high).error().message;
    EXPECT_FALSE(only(high + 1)) << key.name;
    if (key.low > 0) {
      EXPECT_FALSE(only(low - 1)) << key.name;
    }
  }
}

TEST(Settings, NamesAreFoundOnlyOnceInTheirSection) {
  std::set<std::pair<std::string_view, std::string_view>> seen;
  for (const auto& key : keys()) {
    EXPECT_TRUE(seen.emplace(key.section, key.name).second) << key.name;
    EXPECT_THAT(std::string(key.help), testing::EndsWith(".")) << key.name;
  }
  EXPECT_THAT(sections(),
              ElementsAre("plugins", "server", "server.limits", "workers", "sync", "cache",
                          "database", "jobs", "results", "anonymous", "mail", "webhook", "alert",
                          "notify", "admin", "log", "records", "auth", "auth.session", "auth.ldap",
                          "auth.oidc.NAME", "remote", "remote.s3", "quota", "quota.everyone",
                          "quota.anonymous", "quota.users.NAME", "quota.groups.NAME", "scheduling",
                          "scheduling.system", "scheduling.internal", "scheduling.priority",
                          "scheduling.normal", "scheduling.background", "scheduling.users.NAME"));
}

TEST(Settings, TheCompleteFileOfThePageIsRead) {
  const auto page = settings_markdown();
  const std::string open = "```toml\n";
  const auto begin = page.find(open) + open.size();
  ASSERT_GT(begin, open.size());
  const auto text = page.substr(begin, page.find("```", begin) - begin);
  const auto r = read(text);
  ASSERT_TRUE(r) << r.error().message;
  EXPECT_EQ(r->server.base_url, "https://cutouts.example.org/recorte");
  const auto document = parse_toml(text, kFile);
  for (const auto& key : keys()) {
    auto pointer = "/" + std::string(key.section) + (key.section.empty() ? "" : "/");
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    EXPECT_TRUE(document->lines.contains(pointer + std::string(key.name))) << pointer << key.name;
  }
}

TEST(Settings, SecretsStandElsewhere) {
  ::setenv("RECORTE_TEST_URL", "postgresql://ann:s3cret@db/sky", 1);
  EXPECT_EQ(read("database.url = { env = \"RECORTE_TEST_URL\" }")->database.url,
            "postgresql://ann:s3cret@db/sky");
  const auto file = testing::TempDir() + "recorte-url";
  ASSERT_TRUE(write_file(file, " postgresql://ann:s3cret@db/sea\n"));
  EXPECT_EQ(read("database.url = { file = \"" + file + "\" }")->database.url,
            "postgresql://ann:s3cret@db/sea");
  EXPECT_EQ(read("database.url = \"sqlite:x.db\"")->database.url, "sqlite:/etc/recorte/x.db");
  EXPECT_EQ(read("database.url = \"sqlite:/x.db\"")->database.url, "sqlite:/x.db");
}

TEST(Settings, SecretsAreNeverShown) {
  ::setenv("RECORTE_TEST_EMPTY", " ", 1);
  const struct {
    const char* value;
    const char* sentence;
  } cases[] = {
      {"\"postgresql://ann:s3cret@db/sky\"", "there is a password in it; put the URL into"},
      {"\"postgresql://db/sky?password=s3cret\"", "there is a password in it"},
      {"\"s3cret\"", "begins with neither"},
      {"\"\"", "begins with neither"},
      {"{ env = \"RECORTE_TEST_NONE\" }", "no environment variable RECORTE_TEST_NONE"},
      {"{ env = \"RECORTE_TEST_EMPTY\" }", "there is nothing in what it names"},
      {"{ file = \"/nowhere/url\" }", "/nowhere/url"},
      {"{ s3cret = \"x\" }", "neither a text nor { env ="},
      {"{ env = \"A\", file = \"B\" }", "neither a text nor { env ="},
      {"7", "neither a text nor { env ="},
  };
  for (const auto& c : cases) {
    const auto r = read(std::string("database.url = ") + c.value);
    ASSERT_FALSE(r) << c.value;
    EXPECT_EQ(r.error().code, ErrorCode::kUsage);
    EXPECT_THAT(r.error().message, HasSubstr(c.sentence));
    EXPECT_THAT(r.error().message, testing::Not(HasSubstr("s3cret"))) << c.value;
  }
}

TEST(Settings, ReferencePageIsCurrent) {
  const auto path = recorte::test::source_tree() / "docs/reference/configuration.md";
  const auto page = read_file(path);
  const auto current = settings_markdown();
  if (page == current) return;
  const auto fresh = testing::TempDir() + "configuration.md";
  ASSERT_TRUE(write_file(fresh, current));
  FAIL() << path << " is not what the table says: cp " << fresh << " " << path;
}

}  // namespace
}  // namespace recorte::config
