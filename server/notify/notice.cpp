// SPDX-License-Identifier: BSD-3-Clause
#include "server/notify/notice.hpp"

#include "core/base/id.hpp"
#include "server/notify/summary.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <limits>

namespace recorte::notify {
namespace {

using nlohmann::json;

constexpr std::size_t kLongest = 1 << 20;

}  // namespace

Micros Notice::next() const {
  auto first = std::numeric_limits<Micros>::max();
  for (const auto& each : to) first = std::min(first, each.next);
  return first;
}

Result<Notice> read_notice(const std::filesystem::path& path) {
  auto text = read_file(path, kLongest);
  if (!text) return fail(std::move(text).error());
  try {
    const auto value = json::parse(*text);
    Notice out;
    out.id = value.at("id").get<std::string>();
    out.job = value.at("job");
    for (const auto& each : value.at("to"))
      out.to.push_back({each.at("whom").get<std::string>(), each.at("attempts").get<std::int64_t>(),
                        each.at("next").get<Micros>()});
    return out;
  } catch (const json::exception& e) {
    return fail(ErrorCode::kData, path.string() + " is no notice: " + e.what());
  }
}

Status write_notice(const std::filesystem::path& path, const Notice& notice) {
  json to = json::array();
  for (const auto& each : notice.to)
    to.push_back({{"whom", each.whom}, {"attempts", each.attempts}, {"next", each.next}});
  const auto text = json_text({{"id", notice.id}, {"job", notice.job}, {"to", to}});
  auto beside = path;
  beside += ".tmp" + random_hex(4);
  const auto give_up = [&](Error why) {
    ::unlink(beside.c_str());
    return fail(std::move(why));
  };
  const Fd fd(::open(beside.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd) return fail(os_error("cannot write " + path.string()));
  if (auto written = write_all(fd.get(), std::as_bytes(std::span(text.data(), text.size())));
      !written)
    return give_up(std::move(written).error());
  if (::fsync(fd.get()) != 0 || ::rename(beside.c_str(), path.c_str()) != 0)
    return give_up(os_error("cannot write " + path.string()));
  const Fd directory(::open(path.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!directory || ::fsync(directory.get()) != 0)
    return fail(os_error("cannot keep " + path.string()));
  return {};
}

Result<std::optional<Fd>> hold_directory(const std::filesystem::path& directory) {
  Fd fd(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return fail(os_error("cannot open " + directory.string()));
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return std::optional(std::move(fd));
  if (errno == EWOULDBLOCK) return std::optional<Fd>();
  return fail(os_error("cannot lock " + directory.string()));
}

}  // namespace recorte::notify
