// SPDX-License-Identifier: BSD-3-Clause
#include "core/account/link.hpp"

#include "core/base/bytes.hpp"

namespace recorte::account {
namespace {

/// No two links have the same: each text stands behind its length.
std::string signed_text(const Link& link) {
  ByteWriter out;
  out.add("read");
  out.add(link.job);
  out.add(link.what);
  out.add(link.expires);
  out.add(link.version);
  return out.take();
}

}  // namespace

std::string sign(const Key& key, const Link& link) { return key.hash_of(signed_text(link)); }

bool is_signed(const Key& key, const Link& link, std::string_view signature) {
  return key.verify(signed_text(link), signature);
}

}  // namespace recorte::account
