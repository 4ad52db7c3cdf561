/// What a probe and its child say to each other: one order before the library is loaded, one
/// verdict after it. Each is one line.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace recorte::plugin {

struct ProbeOrder {
  std::string nonce;
  std::uint64_t memory = 0;      ///< RLIMIT_DATA, bytes
  std::int64_t cpu_seconds = 0;  ///< RLIMIT_CPU
};

std::string write_order(const ProbeOrder& order);
std::optional<ProbeOrder> read_order(std::string_view line);

/// `refusal` is empty where the library is good.
std::string write_verdict(std::string_view nonce, std::string_view refusal);
/// The refusal ("": the library is good); nullopt unless `answer` is one verdict, with this nonce,
/// and nothing else.
std::optional<std::string> read_verdict(std::string_view answer, std::string_view nonce);

}  // namespace recorte::plugin
