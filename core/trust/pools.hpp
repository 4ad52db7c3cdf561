/// Which surveys share their workers, and what those may read. The plugins of a pool can look into
/// the files of all of its surveys, and into no other's: the public surveys are one pool, those of
/// a group another.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/stamp.hpp"
#include "core/plugin/in_use.hpp"
#include "core/trust/links.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace recorte::trust {

using Paths = std::vector<std::filesystem::path>;

/// What is read of a survey, whether or not it is there.
struct SurveyReach {
  std::string pool;
  std::string plugin;  ///< its adapter's id; "" where its file cannot be understood
  std::filesystem::path toml, index;
  FileStamp toml_stamp, index_stamp;
  /// Its TOML, index, seek files, root and others that its file names; beginnings of URIs, as they
  /// stand there.
  Paths paths;
  std::vector<std::uint64_t> inodes;  ///< of these, 0 where there is none
};

struct Pool {
  std::vector<std::string> surveys;
  /// Files and directories, absolute, and beginnings of URIs. Another object whenever those who run
  /// had better be begun anew: with other paths, or with other files behind them.
  std::shared_ptr<const Paths> readable;
  std::vector<std::uint64_t> inodes;  ///< behind the paths of its surveys
};

struct Pools {
  std::uint64_t version = 0;                                ///< grows with each change
  std::map<std::string, SurveyReach, std::less<>> surveys;  ///< by id
  std::map<std::string, Pool, std::less<>> pools;           ///< by name; "public" is always there
  plugin::SharedInUse plugins;  ///< of all; another object where they are others
  std::vector<std::string> warnings;

  /// That of the public surveys where the survey is not known.
  const std::string& pool_of(std::string_view survey) const;
};

struct Where {
  std::filesystem::path surveys;  ///< one TOML file a survey
  plugin::InUse plugins;
  Paths everyones;  ///< what every worker may read besides
  Paths own{};      ///< the server's own, that no worker is to read: secrets, database, results
};

/// Of the file of a survey, which may be broken: then the survey is alone in its pool, with nothing
/// to read but its file.
SurveyReach reach_of(const std::filesystem::path& toml);
/// The same where its TOML is as it was: what there is now behind its paths.
void look_again(SurveyReach& reach);

/// What links below a directory of a survey's lead to (links.hpp), found now or known from before;
/// the survey is "" for those that are everyone's.
using LinksOf =
    std::function<Links(const std::filesystem::path& directory, const std::string& survey)>;
/// From the reach of each survey, by id. What the admin names may hold anything, and is warned of.
/// Links are whoever's who may write there: one that leads to what is the server's own, or to the
/// files of a survey of another pool that is not everyone's, gives nobody anything to read.
Pools make_pools(const Where& where, std::map<std::string, SurveyReach, std::less<>> surveys,
                 const LinksOf& links_of);

}  // namespace recorte::trust
