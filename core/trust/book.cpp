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
  for (auto* paths : {&where.plugins.directories, &where.everyones})
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

Pools Book::with(const plugin::InUse& plugins) {
  const std::lock_guard lock(looking_);
  auto where = where_;
  where.plugins = plugins;
  return make_pools(absolute(std::move(where)), now_->surveys,
                    [&](const fs::path& directory, const std::string& survey) {
                      const auto known = followed_.find({directory, survey});
                      return known != followed_.end() ? known->second.links
                                                      : links_below(directory);
                    });
}

void Book::use(plugin::InUse plugins) {
  {
    const std::lock_guard lock(looking_);
    auto where = where_;
    where.plugins = std::move(plugins);
    where_ = absolute(std::move(where));
    // At once, so that no worker starts that is to be replaced when they are known.
    for (const auto& directory : where_.plugins.directories)
      followed_[{directory, ""}].links = links_below(directory);
    told_all_ = false;
  }
  look(true);
}

void Book::look(bool follow) {
  auto lost = look_once();
  if (!follow || lost.empty()) return;
  // Meanwhile others go on by what is known.
  for (auto& [key, followed] : lost) followed.links = links_below(key.first);
  {
    const std::lock_guard lock(looking_);
    for (auto& [key, followed] : lost) followed_[key] = std::move(followed);
    told_all_ = false;
  }
  look_once();
}

/// What is there now, with the links that are known. Returns those that are to be followed.
std::map<Book::Key, Book::Followed> Book::look_once() {
  const std::lock_guard lock(looking_);
  // Stamps first: what changes in the meantime is one more change.
  std::map<std::string, Seen> seen{{"", {FileStamp{}}}};
  for (const auto& directory : where_.plugins.directories) seen[""].push_back(stamp(directory));
  std::map<std::string, SurveyReach, std::less<>> surveys;
  for (const auto& file : survey_files(where_.surveys)) {
    auto reach = reach_now(file);
    auto& stamps = seen[file.stem()];
    stamps = {reach.toml_stamp, reach.index_stamp};
    for (const auto inode : reach.inodes) stamps.push_back({0, 0, inode});
    surveys.emplace(file.stem(), std::move(reach));
  }
  if (!now_ || seen != seen_ || !told_all_) {
    seen_ = std::move(seen);
    lost_.clear();
    publish(make_pools(where_, std::move(surveys),
                       [&](const fs::path& directory, const std::string& survey) {
                         const Key key{directory, survey};
                         const auto& known = followed_[key];
                         if (known.at != seen_[survey]) lost_[key].at = seen_[survey];
                         return known.links;
                       }));
    told_all_ = true;
  }
  return lost_;
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
  if (now_ && *now_->plugins == *pools.plugins) pools.plugins = now_->plugins;
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
