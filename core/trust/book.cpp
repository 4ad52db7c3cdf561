// SPDX-License-Identifier: BSD-3-Clause
#include "core/trust/book.hpp"

#include "core/base/log.hpp"

#include <algorithm>
#include <utility>

namespace recorte::trust {
namespace {

namespace fs = std::filesystem;

Where absolute(Where where) {
  where.surveys = fs::absolute(where.surveys);
  for (auto* paths : {&where.plugins, &where.everyones})
    for (auto& path : *paths) path = fs::absolute(path).lexically_normal();
  return where;
}

std::vector<fs::path> survey_files(const fs::path& directory) {
  std::vector<fs::path> out;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error))
    if (entry.path().extension() == ".toml") out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

FileStamp stamp(const fs::path& path) { return file_stamp(path).value_or(FileStamp{}); }

}  // namespace

Book::Book(Where where) : where_(absolute(std::move(where))) { look(true); }

std::shared_ptr<const Pools> Book::now() const {
  const std::lock_guard lock(mutex_);
  return now_;
}

std::shared_ptr<const Pools> Book::of(std::string_view survey) {
  auto pools = now();
  const auto known = pools->surveys.find(survey);
  if (known != pools->surveys.end() && stamp(known->second.toml) == known->second.toml_stamp &&
      stamp(known->second.index) == known->second.index_stamp)
    return pools;
  look(false);
  return now();
}

std::shared_ptr<const Pools> Book::look() {
  look(true);
  return now();
}

void Book::look(bool follow) {
  const std::lock_guard lock(looking_);
  // Stamps first: what changes in the meantime is one more change.
  std::map<std::string, Seen> seen;
  for (const auto& directory : where_.plugins) seen[""].push_back(stamp(directory));
  std::map<std::string, SurveyReach, std::less<>> surveys;
  for (const auto& file : survey_files(where_.surveys)) {
    auto reach = reach_now(file);
    auto& stamps = seen[file.stem()];
    stamps = {reach.toml_stamp, reach.index_stamp};
    for (const auto inode : reach.inodes) stamps.push_back({0, 0, inode});
    surveys.emplace(file.stem(), std::move(reach));
  }
  const bool same = now_ && seen == seen_;
  if (same && (followed_all_ || !follow)) return;
  seen_ = std::move(seen);
  followed_all_ = follow;
  publish(make_pools(where_, std::move(surveys),
                     [&](const fs::path& directory, const std::string& survey) {
                       auto& known = followed_[{directory, survey}];
                       if (follow && known.at != seen_[survey])
                         known = {links_below(directory), seen_[survey]};
                       return known.links;
                     }));
}

/// A file is read again only where it is another one. `looking_` is held, so that nobody publishes.
SurveyReach Book::reach_now(const fs::path& file) const {
  if (now_) {
    const auto known = now_->surveys.find(file.stem().string());
    if (known != now_->surveys.end() && known->second.toml_stamp == stamp(file)) {
      auto reach = known->second;
      look_again(reach);
      return reach;
    }
  }
  return reach_of(file);
}

/// What did not change stays the same object.
void Book::publish(Pools pools) {
  pools.version = now_ ? now_->version + 1 : 1;
  for (auto& [name, pool] : pools.pools) {
    if (!now_) break;
    const auto before = now_->pools.find(name);
    if (before != now_->pools.end() && *before->second.readable == *pool.readable &&
        before->second.inodes == pool.inodes)
      pool.readable = before->second.readable;
  }
  for (const auto& warning : pools.warnings)
    if (told_.insert(warning).second) log::write(log::Level::kWarn, warning);
  const std::lock_guard lock(mutex_);
  now_ = std::make_shared<const Pools>(std::move(pools));
}

}  // namespace recorte::trust
