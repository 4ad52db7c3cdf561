/// What secrets are made of and compared by: random bytes, keyed hashes, keys for one purpose each,
/// comparison in constant time.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace recorte {

using SecretKey = std::array<unsigned char, 32>;

/// `bytes` random bytes in base64url (RFC 4648, 5), without padding.
std::string random_base64url(std::size_t bytes);
/// BLAKE2b-256 of a text with a key, as 64 hexadecimal digits.
std::string keyed_hash(const SecretKey& key, std::string_view text);
/// A key of any secret, however long, for one purpose: nothing can be told of one from another.
SecretKey derive_key(std::string_view secret, std::string_view purpose);
/// Whether they are equal, in a time that tells their lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);
/// Zeros that no compiler leaves out, before the memory is given back.
void wipe(std::string& secret);

}  // namespace recorte
