/// What a worker may reach of its machine: the files of its own pool, to read, and nothing else.
/// Put up before any code of a plugin runs, and never taken down. Files and other processes' memory
/// are Landlock's, of the kernel (5.13 and later); the network and signals are a filter's of system
/// calls (seccomp).
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/base/io.hpp"

#include <filesystem>
#include <memory>
#include <vector>

namespace recorte::worker {

/// Files, and directories with all that is below them, besides those that every program needs. What
/// is not there is left out. Beginnings of URIs stand among them for whoever fetches (PoolOptions);
/// a fence has no hole for them.
using Readable = std::vector<std::filesystem::path>;
using SharedReadable = std::shared_ptr<const Readable>;

/// The version of Landlock that the kernel has; 0: none, so that a worker reads whatever its user
/// may.
int landlock_version();

/// For a worker that is started: the list in a file in memory.
Result<Fd> pack_readable(const Readable& readable);
/// The reverse.
Result<Readable> unpack_readable(int descriptor);

/// From now on this process, which has one thread, has no right that its user would not have, but
/// for root's to open whatever the fence leaves; nor will a program that it runs.
Status give_up_rights();
/// From now on this process, which has one thread, opens nothing else, and looks into no other
/// process. Well where the kernel has no Landlock, which does nothing then. After
/// give_up_rights(), as fence_calls().
Status fence_files(const Readable& readable);
/// From now on this process makes no socket nor anything else that others would find by its name,
/// signals nobody but itself, debugs nobody, changes no other process's limits, has no other view
/// of the machine, types into no terminal and uses no keys of its user's.
Status fence_calls();

}  // namespace recorte::worker
