/// The file in a job's directory that says who is still to be told that the job ended. It is the
/// truth about that: whoever reads it after a crash goes on.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"
#include "core/base/time.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace recorte::notify {

struct Notice {
  struct To {
    std::string whom;
    std::int64_t attempts = 0;  ///< so far
    Micros next = 0;            ///< not before
  };
  std::string id;      ///< the same however often it is sent
  nlohmann::json job;  ///< summary()
  std::vector<To> to;

  /// Of those that are left, the first.
  Micros next() const;
};

/// kNotFound where there is none, kData where it is none.
Result<Notice> read_notice(const std::filesystem::path& path);
/// It is there whole, and stays, whatever happens to the machine from here on.
Status write_notice(const std::filesystem::path& path, const Notice& notice);

/// Nobody else, in any process, has the same directory while the descriptor is open; nullopt where
/// somebody has it. kNotFound where there is none.
Result<std::optional<Fd>> hold_directory(const std::filesystem::path& directory);

}  // namespace recorte::notify
