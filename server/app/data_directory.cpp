// SPDX-License-Identifier: BSD-3-Clause
#include "server/app/data_directory.hpp"

#include "core/base/id.hpp"
#include "core/base/text.hpp"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>
#include <span>
#include <utility>

namespace recorte::app {

Result<DataDirectory> hold_data_directory(const std::filesystem::path& data) {
  const auto file = data / "server-name";
  Fd held(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!held) return fail(ErrorCode::kUnavailable, os_error("cannot open " + file.string()).message);
  if (::flock(held.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK)
      return fail(ErrorCode::kUnavailable, os_error("cannot lock " + file.string()).message);
    return fail(ErrorCode::kUnavailable,
                "another server runs on the data directory " + data.string() +
                    "; end that one, or give this one a directory of its own (--data, or `data` of "
                    "the configuration)");
  }
  auto text = read_descriptor(held.get());
  if (!text) return fail(std::move(text).error());
  if (const auto name = trim(*text); !name.empty())
    return DataDirectory{std::move(held), std::string(name)};
  // In place: a file renamed over it would have no lock.
  const auto name = random_hex(8);
  const auto line = name + "\n";
  RECORTE_TRY(write_all(held.get(), std::as_bytes(std::span(line.data(), line.size()))));
  return DataDirectory{std::move(held), name};
}

}  // namespace recorte::app
