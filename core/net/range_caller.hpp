/// Asks web servers for parts of files, one at a time, over connections that it keeps. Follows
/// nothing, and reaches only addresses that it may. One thread.
// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "core/base/time.hpp"
#include "core/net/network.hpp"
#include "core/net/range_answer.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace recorte::net {

class RangeCaller {
 public:
  struct Options {
    Micros connect = 10'000'000;             ///< how long a connection may take to be made
    Micros stall = 10'000'000;               ///< how long nothing may come
    std::filesystem::path ca;                ///< certificates to trust; "": the system's
    std::string region, key, secret, token;  ///< for what is signed
    /// Asked of each address that is about to be reached, whatever name led there.
    std::function<bool(const Address&)> may_reach = is_public;
  };
  explicit RangeCaller(Options options);
  RangeCaller(const RangeCaller&) = delete;
  RangeCaller& operator=(const RangeCaller&) = delete;
  ~RangeCaller();

  /// One attempt, which takes `whole` at most and ends where `stop` says so.
  RangeAnswer get(const RangeAsk& ask, Micros whole, const std::function<bool()>& stop);

 private:
  struct Call;
  const Options options_;
  std::unique_ptr<Call> call_;
};

}  // namespace recorte::net
