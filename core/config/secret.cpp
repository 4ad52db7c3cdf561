// SPDX-License-Identifier: BSD-3-Clause
#include "core/config/secret.hpp"

#include "core/base/io.hpp"

#include <cstdlib>

namespace recorte::config {
namespace {

constexpr std::size_t kLongest = 64 << 10;

}  // namespace

Result<std::string> read_secret(const Secret& secret) {
  if (!secret.given()) return std::string();
  if (secret.from == Secret::From::kEnvironment) {
    const char* value = std::getenv(secret.name.c_str());
    if (value == nullptr || *value == '\0')
      return fail(ErrorCode::kUsage, "the environment variable " + secret.name +
                                         ", which a secret is to be in, is not set; set it for "
                                         "the server, or write { file = \"PATH\" }");
    return std::string(value);
  }
  auto text = read_file(secret.name, kLongest);
  if (!text)
    return fail(ErrorCode::kUsage, "a secret is to be in a file: " + text.error().message +
                                       "; let the server's user read it");
  if (text->ends_with('\n')) text->pop_back();
  if (text->ends_with('\r')) text->pop_back();
  if (text->empty())
    return fail(ErrorCode::kUsage,
                "the file " + secret.name + ", which a secret is to be in, is empty");
  return text;
}

}  // namespace recorte::config
