/// Unpacks a bundle from anybody. Every member is one that the first lists, with the bytes that it
/// lists; nothing is written outside of the directory, nor more than a bundle may hold.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/bundle/key.hpp"
#include "core/bundle/sums.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace recorte::bundle {

/// Whose bundles are taken.
struct Rules {
  std::vector<PublicKey> keys;
  bool accept_unsigned = true;
};

struct Unpacked {
  Sums sums;           ///< of what was unpacked
  std::string signer;  ///< the name of the key; "": nobody signed it
};

/// Into an empty directory that nobody else writes to; what is there after an error is rubbish. The
/// files are on the disk. The signature is checked before anything else is unpacked. kData says
/// what is wrong with the bundle, kForbidden whose it is not, kTooLarge that it holds too much.
Result<Unpacked> unpack(const std::filesystem::path& bundle, const std::filesystem::path& directory,
                        const Rules& rules);

}  // namespace recorte::bundle
