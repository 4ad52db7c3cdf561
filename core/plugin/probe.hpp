/// The first load of a plugin, in a child that is thrown away: a corrupt, incompatible, crashing or
/// hanging library is refused with a sentence and costs nothing. The child must deliver a verdict
/// that carries the nonce it was started with; an exit status proves nothing.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/plugin/manifest.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace recorte::plugin {

struct ProbeOptions {
  std::filesystem::path program;  ///< recorte-worker
  std::int64_t timeout_ms = 5000;
  std::uint64_t memory = 1ULL << 30;  ///< RLIMIT_DATA of the child, bytes
};

/// Runs `program probe-child FILE` with a pipe and the nonce in it. kPlugin: crashed (signal by
/// name), exited, hung, ate memory, was refused (why).
Result<Manifest> probe(const std::filesystem::path& file, const ProbeOptions& options);
/// What the child does: loads, fetches every interface the manifest claims, checks the tables
/// (struct_size, no null functions), writes the verdict to the descriptor. Returns the exit status.
int probe_child(const std::filesystem::path& file, int descriptor);

}  // namespace recorte::plugin
