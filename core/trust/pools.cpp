// SPDX-License-Identifier: BSD-3-Clause
#include "core/trust/pools.hpp"

#include "core/survey/access_file.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

namespace recorte::trust {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

const std::string kPublic(account::kPublic);
/// The adapter where a survey names none.
const std::string kIndexedTiles = "tiles";

std::string text_of(const json& section, const char* key) {
  const auto found = section.find(key);
  return found != section.end() && found->is_string() ? found->get<std::string>() : "";
}

/// A survey of the pool that holds more than its own.
std::string overlap(const std::string& survey, const fs::path& reads, const std::string& other,
                    const fs::path& held) {
  return "the survey " + survey + " reads " + reads.string() + ", which holds " + held.string() +
         " of the survey " + other +
         ", that is not for everyone: plugins of the one can read the other; keep them in "
         "directories of their own, or name one pool for both (trust)";
}

bool is_uri(std::string_view text) { return text.find("://") != text.npos; }

/// What all files of a template of URIs begin with, up to a directory; "" where it is one of paths.
std::string beginning_of(const std::string& names) {
  const auto text = names.substr(0, names.find('{'));
  return is_uri(text) ? text.substr(0, text.rfind('/') + 1) : "";
}

fs::path real(const fs::path& path) {
  if (is_uri(path.native())) return path;
  std::error_code error;
  return fs::weakly_canonical(path, error);
}

/// What is closed to all pools, or to all but one.
struct Closed {
  fs::path at;
  std::string but, what;
};

std::vector<Closed> closed_places(const Paths& own, const Pools& pools) {
  std::vector<Closed> out;
  for (const auto& path : own) out.push_back({real(path), "", "this server's own"});
  for (const auto& [id, survey] : pools.surveys)
    if (survey.pool != kPublic)
      for (const auto& path : survey.paths)
        if (!is_uri(path.native())) out.push_back({real(path), survey.pool, "of the survey " + id});
  return out;
}

/// That the place is, lies in, or holds; nullptr where there is none.
const Closed* closed_to(const std::string& pool, const fs::path& place,
                        const std::vector<Closed>& closed) {
  const auto found = std::ranges::find_if(closed, [&](const Closed& one) {
    return one.but != pool && (is_within(place, one.at) || is_within(one.at, place));
  });
  return found == closed.end() ? nullptr : &*found;
}

void warn_of_own(const std::string& pool, const Paths& readable, const std::vector<Closed>& closed,
                 std::vector<std::string>& warnings) {
  for (const auto& path : readable) {
    if (is_uri(path.native())) continue;
    const auto reads = real(path);
    const auto held = std::ranges::find_if(
        closed, [&](const Closed& one) { return one.but.empty() && is_within(one.at, reads); });
    if (held != closed.end())
      warnings.push_back("workers of the pool " + pool + " read " + path.string() +
                         ", which holds " + held->at.string() +
                         ", this server's own: plugins can tell what is in it; keep it in a "
                         "directory of its own");
  }
}

/// What each may read of the others', whom it does not trust.
void warn_of_overlaps(Pools& pools) {
  std::map<std::string, Paths> known;
  for (const auto& [id, survey] : pools.surveys)
    for (const auto& path : survey.paths) known[id].push_back(real(path));
  for (const auto& [id, survey] : pools.surveys) {
    if (survey.pool == kPublic) continue;
    for (const auto& [other, reads] : pools.surveys) {
      if (reads.pool == survey.pool) continue;
      for (const auto& path : known[other]) {
        const auto held =
            std::ranges::find_if(known[id], [&](const auto& own) { return is_within(own, path); });
        if (held == known[id].end()) continue;
        pools.warnings.push_back(overlap(other, path, id, *held));
        break;
      }
    }
  }
}

void take(const config::Document& document, const fs::path& directory, SurveyReach& out) {
  const auto access = survey::survey_access_of(document);
  if (!access) return;
  out.pool = account::trust_pool(*access);
  const auto section = document.value->value("survey", json::object());
  const auto named = [&](const std::string& path) { return (directory / path).lexically_normal(); };
  const auto index = text_of(section, "index");
  out.index = named(index.empty() ? out.toml.stem().string() + ".index" : index);
  out.paths.insert(out.paths.end(), {out.index, fs::path(out.index.native() + ".seek")});
  // An adapter that names no root finds its images elsewhere: it needs no directory of all surveys.
  const auto root = text_of(section, "root");
  out.plugin = section.contains("plugin") ? text_of(section, "plugin") : kIndexedTiles;
  if (!root.empty() || out.plugin == kIndexedTiles)
    out.paths.push_back(named(root.empty() ? "." : root));
  for (const auto& path : access->also_read) out.paths.push_back(named(path));
  for (const auto& beginning : access->remote) out.paths.emplace_back(beginning);
  // A table of tiles says itself where they are.
  if (const auto beginning = beginning_of(text_of(section, "path")); !beginning.empty())
    out.paths.emplace_back(beginning);
}

}  // namespace

const std::string& Pools::pool_of(std::string_view survey) const {
  const auto found = surveys.find(survey);
  return found == surveys.end() ? kPublic : found->second.pool;
}

SurveyReach reach_of(const fs::path& toml) {
  const auto id = toml.stem().string();
  const auto directory = fs::absolute(toml).parent_path();
  SurveyReach out;
  out.toml = directory / toml.filename();
  out.toml_stamp = file_stamp(out.toml).value_or(FileStamp{});
  out.pool = std::string(account::kGrantOnSurvey) + id;
  out.paths = {out.toml};
  if (const auto document = config::read_toml(toml)) take(*document, directory, out);
  look_again(out);
  return out;
}

void look_again(SurveyReach& reach) {
  reach.index_stamp = file_stamp(reach.index).value_or(FileStamp{});
  reach.inodes.clear();
  for (const auto& path : reach.paths)
    reach.inodes.push_back(file_stamp(path).value_or(FileStamp{}).inode);
}

Pools make_pools(const Where& where, std::map<std::string, SurveyReach, std::less<>> surveys,
                 const LinksOf& links_of) {
  Pools out;
  out.surveys = std::move(surveys);
  out.plugins = std::make_shared<const plugin::InUse>(where.plugins);
  std::map<std::string, Paths> readable{{kPublic, {}}};
  std::set<fs::path> incomplete;
  const auto closed = closed_places(where.own, out);
  const auto add = [&](const std::string& pool, const fs::path& path, const std::string& survey) {
    auto& to = readable[pool];
    to.push_back(path);
    std::error_code error;
    if (!fs::is_directory(path, error)) return;
    auto links = links_of(path, survey);
    if (!links.complete) incomplete.insert(path);
    for (auto& target : links.targets) {
      if (const auto* place = closed_to(pool, target, closed))
        out.warnings.push_back("a link below " + path.string() + " leads to " + target.string() +
                               ", and is not followed: " + place->at.string() + " is " +
                               place->what);
      else
        to.push_back(std::move(target));
    }
  };
  for (const auto& [id, survey] : out.surveys) {
    auto& pool = out.pools[survey.pool];
    pool.surveys.push_back(id);
    for (const auto& path : survey.paths) add(survey.pool, path, id);
    pool.inodes.insert(pool.inodes.end(), survey.inodes.begin(), survey.inodes.end());
  }
  for (auto& [name, paths] : readable) {
    for (const auto* more : {&where.plugins.directories, &where.everyones})
      for (const auto& path : *more) add(name, path, "");
    warn_of_own(name, paths, closed, out.warnings);
    std::ranges::sort(paths);
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    out.pools[name].readable = std::make_shared<const Paths>(std::move(paths));
  }
  for (const auto& directory : incomplete)
    out.warnings.push_back("the links below " + directory.string() +
                           " are too many to be followed, and workers cannot open what the others "
                           "lead to; name those directories in the survey's file (also_read)");
  warn_of_overlaps(out);
  return out;
}

}  // namespace recorte::trust
