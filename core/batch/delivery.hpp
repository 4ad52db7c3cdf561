/// Puts the products of a job that is done as plain files into a directory of their owner's, where
/// a shared file system has one: `/data/{user}/cutouts/{job}`. Never through a symbolic link, which
/// its owner could lay to anywhere.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/batch/results.hpp"
#include "core/job/job.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace recorte::batch {

struct Delivery {
  std::string pattern;        ///< absolute, with {job}, and {user} where users have their own
  std::string group;          ///< of what is made; "": the server's
  std::uint32_t mode = 0750;  ///< of directories; files are without its execute bits
};

/// What is wrong with a delivery, for the admin: its pattern, its group, or a server that is root.
Status check(const Delivery& delivery);

/// Makes the directories that are missing, then all files and manifest.csv in a directory of
/// another name, has them written to the disk, and renames that: whoever sees it sees all of it.
/// One that is there already, of an earlier try, is replaced. kUsage for an owner whose name is no
/// name of a directory; kForbidden where a part of the path is a link; kUnavailable names what
/// cannot be written; kCancelled soon after `stop` is set, with nothing in the job's place.
Status deliver(const Delivery& delivery, const job::Job& job,
               std::shared_ptr<const Results> results, const std::atomic<bool>& stop);

}  // namespace recorte::batch
