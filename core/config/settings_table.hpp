/// The one table of keys: reading, checking and the reference page are served from it. Private to
/// this folder.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/error.hpp"
#include "core/config/settings.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace recorte::config {

/// kSecret: { env = "NAME" } or { file = "PATH" }, which say where it is; kTextOrSecret: or the
/// text itself, where no secret is in it. kLimit, kSizeLimit: or "unlimited".
enum class Kind {
  kInteger,
  kSize,
  kDuration,
  kNumber,
  kBool,
  kText,
  kTextOrSecret,
  kTexts,
  kPath,
  kPaths,
  kSecret,
  kLimit,
  kSizeLimit
};

/// What ends the name of a section that there may be many of: "quota.users.NAME".
inline constexpr std::string_view kFreeName = ".NAME";

/// Where in the struct the value of a key stands; of a section with a free name, by that name.
template <class T>
using FieldOf = T& (*)(Settings&, const std::string& name);
using Field =
    std::variant<FieldOf<std::int64_t>, FieldOf<double>, FieldOf<bool>, FieldOf<std::string>,
                 FieldOf<std::vector<std::string>>, FieldOf<std::filesystem::path>,
                 FieldOf<std::vector<std::filesystem::path>>, FieldOf<Secret>,
                 FieldOf<std::optional<std::int64_t>>>;

struct Key {
  std::string_view section;  ///< "server.limits"; "" at the top
  std::string_view name;
  Kind kind;
  Field field;
  std::int64_t low = 0, high = 0;  ///< of numbers, both allowed
  /// Of one text: what is kept of it, or what is wrong with it. Of a secret that the file itself
  /// holds: whether it may.
  Result<std::string> (*check)(std::string_view) = nullptr;
  std::string_view syntax;  ///< of a text, for people
  std::string_view unset;   ///< what the default means where it is no text of its own
  std::string_view example;
  std::string_view help;

  template <class T>
  T& in(Settings& settings, const std::string& free_name = {}) const {
    return std::get<FieldOf<T>>(field)(settings, free_name);
  }
};

std::span<const Key> keys();
/// Those of [quota] and the sections in it, which are among them.
std::span<const Key> quota_keys();
/// The same of [scheduling].
std::span<const Key> scheduling_keys();
/// The same of [auth] and the sections in it.
std::span<const Key> auth_keys();
std::span<const Key> ldap_keys();
std::span<const Key> oidc_keys();
/// Those of [remote] and [remote.s3].
std::span<const Key> remote_keys();
/// "server.limits", "quota.users.NAME" and so on, without the top, in order.
std::vector<std::string_view> sections();
/// A number of that kind as it is written in the file: 400, "64KiB", "1m30s".
std::string number_toml(Kind kind, double value);
/// The key's value in `settings` as it is written in the file.
std::string value_toml(const Key& key, const Settings& settings);
/// What may be written, for people: "size, 1KiB to 1GiB".
std::string kind_text(const Key& key);

}  // namespace recorte::config
