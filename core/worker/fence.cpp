// SPDX-License-Identifier: BSD-3-Clause
#include "core/worker/fence.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <span>
#include <string>

namespace recorte::worker {
namespace {

namespace fs = std::filesystem;

// As linux/landlock.h of newer kernels has them.
constexpr std::uint64_t kExecute = 1 << 0, kWriteFile = 1 << 1, kReadFile = 1 << 2,
                        kReadDirectory = 1 << 3;
constexpr std::uint64_t kScopeAbstractSockets = 1 << 0, kScopeSignals = 1 << 1;
constexpr std::uint64_t kRead = kExecute | kReadFile | kReadDirectory;
constexpr std::uint64_t kOfFiles = kExecute | kWriteFile | kReadFile;

struct RulesetAttributes {
  std::uint64_t files, network, scoped;
};

/// All there is to do with files, by the version: opening, making, removing (1), moving (2),
/// cutting short (3), asking devices (5).
std::uint64_t all_accesses(int version) {
  const int bits = version >= 5 ? 16 : version >= 3 ? 15 : version >= 2 ? 14 : 13;
  return (std::uint64_t{1} << bits) - 1;
}

struct Rule {
  const char* path;
  std::uint64_t accesses;
};
/// What the C library, the loader, the sanitizers and common libraries read.
constexpr std::array kEveryones{
    Rule{"/usr", kRead},
    Rule{"/lib", kRead},
    Rule{"/lib64", kRead},
    Rule{"/etc/ld.so.cache", kRead},
    Rule{"/etc/localtime", kRead},
    Rule{"/dev/null", kReadFile | kWriteFile},
    Rule{"/dev/zero", kReadFile},
    Rule{"/dev/random", kReadFile},
    Rule{"/dev/urandom", kReadFile},
    Rule{"/proc/self", kRead},
    Rule{"/proc/cpuinfo", kRead},
    Rule{"/proc/meminfo", kRead},
    Rule{"/sys/devices/system/cpu", kRead},
};

Status add_rule(int ruleset, const fs::path& path, std::uint64_t accesses) {
  const Fd place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  struct stat about {};
  if (!place || ::fstat(place.get(), &about) != 0) return {};
  landlock_path_beneath_attr rule{};
  rule.allowed_access = S_ISDIR(about.st_mode) ? accesses : accesses & kOfFiles;
  rule.parent_fd = place.get();
  if (::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    return fail(os_error("a worker cannot be allowed " + path.string()));
  return {};
}

}  // namespace

int landlock_version() {
  const auto version =
      ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  return version > 0 ? static_cast<int>(version) : 0;
}

Result<Fd> pack_readable(const Readable& readable) {
  auto out = make_memfd("recorte-fence");
  if (!out) return out;
  std::string text;
  for (const auto& path : readable) text.append(path.native()).push_back('\0');
  RECORTE_TRY(write_all(out->get(), std::as_bytes(std::span(text))));
  return out;
}

Result<Readable> unpack_readable(int descriptor) {
  const auto text = read_descriptor(descriptor);
  if (!text) return fail(text.error());
  Readable out;
  for (std::size_t at = 0; at < text->size();) {
    const auto end = std::min(text->find('\0', at), text->size());
    out.emplace_back(text->substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Status fence_files(const Readable& readable) {
  const auto version = landlock_version();
  if (version == 0) return {};
  const RulesetAttributes attributes{all_accesses(version), 0,
                                     kScopeAbstractSockets | kScopeSignals};
  // Older kernels know the first members only.
  const auto size = version >= 6 ? sizeof attributes : sizeof attributes.files;
  const Fd ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &attributes, size, 0)));
  if (!ruleset) return fail(os_error("a worker cannot be fenced in"));
  for (const auto& rule : kEveryones)
    RECORTE_TRY(add_rule(ruleset.get(), rule.path, rule.accesses));
  for (const auto& path : readable) RECORTE_TRY(add_rule(ruleset.get(), path, kRead));
  if (::syscall(SYS_landlock_restrict_self, ruleset.get(), 0) != 0)
    return fail(os_error("a worker cannot be fenced in"));
  return {};
}

}  // namespace recorte::worker
