/// Writes a bundle: a tar (ustar) packed by gzip, whose first member lists the checksums of the
/// others, and whose second is its signature, where there is one. The same contents give the same
/// bytes.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/bundle/contents.hpp"
#include "core/bundle/key.hpp"

namespace recorte::bundle {

/// Beside `file`, then renamed over it. `key`: nullptr leaves it unsigned.
Status write_bundle(const std::filesystem::path& file, const Contents& contents,
                    const SigningKey* key);

}  // namespace recorte::bundle
